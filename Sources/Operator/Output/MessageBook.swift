// SPDX-License-Identifier: Apache-2.0

internal import Ledger
internal import Mailbox
internal import OAuth
internal import Rules
internal import Statements

/// The Turkish of what goes wrong around the agent: settings, saved mail, keys, signing in, the
/// ledger, and files of statements, registrations and refunds.
///
/// Errors are thrown and logged in English; whoever shows one to a person asks here.
enum MessageBook {
    static let phrases =
        ofSettings + ofSections + ofMeanings + ofFiles + ofSignIn + ofSystem + ofStatements
        + ofLists + ofLedger

    static let table = PhraseTable(phrases)

    /// The same message in Turkish. What is not known stays as it is.
    static func turkish(_ message: String) -> String { turkish(message[...]) }

    private static func turkish(_ text: Substring) -> String {
        if let known = table.turkish(text, gap: turkish) { return known }
        // A hint stands behind what happened.
        guard let end = text.firstRange(of: ". ") else { return String(text) }
        return turkish(text[..<end.lowerBound]) + ". " + turkish(text[end.upperBound...])
    }
}

extension Language {
    /// A message about settings, files or signing in, as this reader understands it.
    func message(_ english: String) -> String {
        self == .turkish ? MessageBook.turkish(english) : english
    }

    func text(of error: ConfigurationError) -> String {
        ConfigurationError(
            path: message(error.path), line: error.line, column: error.column,
            message: message(error.message)
        ).description
    }

    func text(of error: MailboxError) -> String {
        guard self == .turkish else { return "\(error)" }
        let hint = error.hint.map { ". " + message($0) } ?? ""
        return "posta kutusu: \(error.subject) \(message(error.operation)): "
            + message(error.cause) + hint
    }

    func text(of error: OAuthError) -> String {
        guard self == .turkish else { return "\(error)" }
        return "oauth: \(message(error.operation)): \(message(error.cause)). "
            + message(error.hint)
    }

    func text(of error: StatementError) -> String {
        guard self == .turkish else { return "\(error)" }
        let column = error.column == 0 ? "" : ", sütun \(error.column)"
        let place = error.line == 0 ? "" : "satır \(error.line)\(column): "
        return "\(place)\(message(error.cause)); \(message(error.hint))"
    }

    func text(of error: LedgerError) -> String {
        guard self == .turkish else { return "\(error)" }
        return "defter: \(error.operation): \(error.subject): \(message(error.detail)) "
            + "(\(message(error.hint)))"
    }

    func text(of failure: Failure) -> String {
        (failure.place.map { "\($0): " } ?? "") + message(failure.message)
    }
}
