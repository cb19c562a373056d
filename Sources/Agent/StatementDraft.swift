// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Ledger
internal import Matching
internal import Statements

/// A line of a statement, as it would be written.
struct StatementDraft: Sendable {
    /// 1 for the first line of the file, all its statements counted through.
    let number: Int
    let format: Statement.Format
    let line: StatementLine
    let notice: PaymentNotice
    let identity: [UInt8]
    let place: MailPlace
    /// The same file says that this money went back, or, of a line with money that went out, that
    /// it takes back what came in.
    private(set) var isTakenBack = false

    /// The lines of a file on these days. The identity of a line is what it says, and the
    /// how-manieth it is that says this.
    ///
    /// - Returns: without the refunds that the books know of.
    static func all(
        _ statements: [Statement], sha256: [UInt8], days: ClosedRange<BankDay>?,
        in books: LedgerTransaction
    ) throws -> [StatementDraft] {
        var drafts: [StatementDraft] = []
        var seen: [String: Int] = [:]
        let folder = StatementDesk.name(of: sha256)
        for statement in statements {
            for line in statement.lines {
                let number = drafts.count + 1
                let text = [
                    statement.account, line.booked.description,
                    line.clockSeconds.map(String.init), String(line.amount.minorUnits),
                    line.amount.currency.code, line.reference, line.counterparty, line.description,
                ].map { $0 ?? "" }.joined(separator: "\u{1F}")
                seen[text, default: 0] += 1
                drafts.append(
                    StatementDraft(
                        number: number, format: statement.format, line: line,
                        notice: line.notice(account: statement.account),
                        identity: books.identity(
                            ofStatementLine: "\(text)\u{1F}\(seen[text] ?? 1)"),
                        place: MailPlace(
                            account: StatementDesk.account, folder: folder, uidvalidity: 1,
                            uid: UInt32(clamping: number))))
            }
        }
        var refunds = try KnownRefunds(in: books)
        drafts = try drafts.filter { try !refunds.take($0, in: books) }
        let turned = TurnedMoney(drafts)
        for index in drafts.indices {
            drafts[index].isTakenBack = turned.numbers.contains(drafts[index].number)
        }
        return drafts.filter { days?.contains($0.line.booked) != false }
    }
}

extension StatementLine {
    /// Money that had come in and that the bank took back.
    var isTakenBack: Bool { amount.minorUnits < 0 && isReversal }

    /// Money that had gone out and that the bank gave back.
    var isReturned: Bool { amount.minorUnits > 0 && isReversal }

    var isOutgoing: Bool { amount.minorUnits < 0 }

    /// The bank marks it, or its words say, that something is taken back.
    var saysTakenBack: Bool {
        isReversal || words.contains { word in Self.backWords.contains { word.hasPrefix($0) } }
    }

    /// Folded beginnings: `iadesi`, `iptali`, `ters kayıt`.
    private static let backWords = ["iade", "iptal", "ters", "reversal", "refund", "return"]

    /// Names and the bank's words, folded.
    var words: Set<String> { Self.words(of: [counterparty, description]) }

    static func words(of texts: [String?]) -> Set<String> {
        let text = texts.compactMap(\.self).joined(separator: " ")
        return Set(text.turkishFolded().split { !$0.isLetter }.map(String.init))
    }
}
