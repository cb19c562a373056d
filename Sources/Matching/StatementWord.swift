// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials

/// What a line of a statement, or the notice of a mail, says about one transfer, read once so that
/// it can be compared often. Two that are equal fit a third equally well.
package struct StatementWord: Hashable, Sendable {
    package let amount: Money
    /// Days since 1970 on the calendar of Istanbul.
    package let day: Int
    /// The bank's number of the transfer.
    package let number: String?
    let name: PersonName?
    /// In the payer's own words.
    let written: Set<ReferenceCode>
    /// Those, and the codes of the registrations that the money lies with.
    package let codes: Set<ReferenceCode>
    /// Where the money came in, as it is printed: whole, masked or in a short form.
    let account: String?
    /// The bank of the rule that read the mail; nil for a line.
    let bank: String?
    /// Whether the payer's own words are printed.
    let isDescribed: Bool
    /// The folded words of somebody who has no name: the payer's may stand among them.
    private(set) var words: [String] = []
    /// Guests whom the payer's words name, where they were looked for.
    private(set) var named: Set<PersonName> = []
    /// Only a time that the bank printed.
    let clock: Date?

    /// A name of more signs is a sentence.
    private static let nameMax = 200
    /// A description of 140 signs has some twenty words.
    private static let wordsMax = 24
    /// Names of more words are seldom.
    private static let nameWords = 2...4
    /// Guests of another sum who are looked at; more than a family has.
    private static let namedMax = 100

    /// - Parameters:
    ///   - rule: that read the mail; nil for a line.
    ///   - codes: of the registrations that the money lies with, or which it named.
    package init(
        _ notice: PaymentNotice, rule: RuleID? = nil, codes: Set<ReferenceCode> = []
    ) {
        amount = notice.amount
        let seconds = notice.occurredAt.timeIntervalSince1970 + Double(Timestamp.istanbul)
        day = Int((min(max(seconds, 0), 1e11) / 86_400).rounded(.down))
        number = notice.transactionID
        name = notice.payer.flatMap { PersonName(String($0.prefix(Self.nameMax))) }
        written = notice.description.map(Self.codes) ?? []
        self.codes = written.union(codes)
        isDescribed = notice.description?.contains { $0.isLetter } ?? false
        account = notice.receivingAccount
        bank = rule.map(Kinship.bank)
        if name == nil, let description = notice.description {
            words = Array(WrittenNames.words(of: description).prefix(Self.wordsMax))
        }
        clock = notice.timeFrom == .body ? notice.occurredAt : nil
    }

    /// The same, with the guests whom the words of the notice name.
    ///
    /// - Throws: what `lookup` throws.
    package func naming(
        _ notice: PaymentNotice, _ lookup: some RegistrationLookup
    ) throws -> StatementWord {
        guard let description = notice.description else { return self }
        let written = WrittenNames(description)
        var word = self
        word.named = Set(
            try lookup.registrations(named: written.ends(), sum: amount, others: Self.namedMax)
                .compactMap(\.name).filter(written.contains))
        return word
    }

    /// Whose name is printed beside the line or in the mail.
    package var payer: PersonName? { name }

    /// Whether the payer has no name of their own, so that whom the words name counts.
    package var isNameless: Bool { name == nil }

    /// Whether guests are named.
    package var namesGuests: Bool { !named.isEmpty }

    /// The words of a name that can be wholly equal to another; nil for masks and single words.
    package var wholeName: [String]? {
        guard let words = name?.words, words.count > 1, !words.contains(where: { $0.contains("*") })
        else { return nil }
        return words
    }

    /// The whole name, or what may be one among the words of somebody without a name.
    package var nameKeys: [[String]] {
        if name != nil { return wholeName.map { [$0] } ?? [] }
        return Self.nameWords.flatMap { length in
            words.indices.dropLast(length - 1).map { Array(words[$0..<$0 + length]) }
        }
    }

    /// The same without what is surely nobody's name.
    package var plainNames: [[String]] {
        nameKeys.filter { name != nil || !$0.contains(where: PaymentVocabulary.contains) }
    }

    /// Whether somebody of this name is told of: their name agrees, or stands among the words.
    package func tells(of other: PersonName) -> Bool {
        name == nil
            ? nameKeys.contains(other.words) : NameAgreement(payer: name, guest: other) >= .masked
    }

    /// The same without the words of somebody who has no name: thousands differ in nothing else.
    /// Where they name guests they count.
    package var withoutWords: StatementWord {
        guard named.isEmpty else { return self }
        var word = self
        word.words = []
        return word
    }

    /// Whether the whole name of another stands among the words of this one.
    func names(_ other: StatementWord) -> Bool {
        guard !words.isEmpty, let name = other.wholeName else { return false }
        return nameKeys.contains(name)
    }

    /// The guests whom the words of somebody without a name tell of, and who are neither the payer
    /// of `other` nor told of by it.
    func strangers(to other: StatementWord) -> Set<PersonName> {
        guard name == nil, let payer = other.name else { return [] }
        return named.subtracting(other.named).filter {
            NameAgreement(payer: payer, guest: $0) == .differs
        }
    }

    /// Both have codes, and none in common.
    package func contradicts(_ other: StatementWord) -> Bool {
        !codes.isEmpty && !other.codes.isEmpty && codes.isDisjoint(with: other.codes)
    }

    /// What a line and a mail of other weeks must share to be thought of together.
    package var strayKeys: Set<[String]> {
        var keys = Set(codes.map { ["code", $0.text] })
        if let number { keys.insert(["number", number]) }
        if let wholeName { keys.insert(["name"] + wholeName) }
        return keys
    }

    private static func codes(in words: String) -> Set<ReferenceCode> {
        Set(
            ReferenceFinder.find(in: words, prefixes: []).compactMap {
                if case .exact(let code) = $0 { code } else { nil }
            })
    }
}
