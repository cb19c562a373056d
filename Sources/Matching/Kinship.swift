// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// Whether two notices tell of one transfer: some banks send a notice and, minutes later, a
/// receipt; some send either twice.
///
/// Two equal payments of one person are two, however near, when their notices are of one kind and
/// bear no number of the bank, or different ones. Only what the bank itself wrote counts.
package enum Kinship: Sendable {
    /// Two transfers.
    case another
    /// One transfer, certainly.
    case same
    /// Nobody can tell from the notices alone.
    case perhaps

    /// Bank and receipt name the same minute, seldom the same second.
    package static let sameTimeSeconds: TimeInterval = 60
    /// A time of arrival is that of a mail; receipts follow within minutes.
    package static let sameArrivalSeconds: TimeInterval = 600

    /// - Parameters:
    ///   - notice: what came now, read by `rule`.
    ///   - earlier: what is known, read by `earlierRule`.
    package static func of(
        _ notice: PaymentNotice, rule: RuleID, and earlier: PaymentNotice, rule earlierRule: RuleID
    ) -> Kinship {
        guard notice.amount == earlier.amount, bank(rule) == bank(earlierRule) else {
            return .another
        }
        let numbers = (notice.transactionID, earlier.transactionID)
        if let one = numbers.0, let other = numbers.1 {
            guard one == other else { return .another }
            return isSameTime(notice, earlier) && payersFit(notice, earlier) ? .same : .perhaps
        }
        guard rule != earlierRule, isSameTime(notice, earlier), codesFit(notice, earlier) else {
            return .another
        }
        let payers = NameAgreement(payer: name(notice), otherNotice: name(earlier))
        switch payers {
        case .differs: return .another
        case .equal where (numbers.0 != nil) != (numbers.1 != nil) && isFromBody(notice, earlier):
            return .same
        case .equal, .agrees, .masked, .unknown: return .perhaps
        }
    }

    /// For how long after a transfer somebody may still send its notice on.
    package static let copyDays = 20

    /// Whether a notice that nobody proved may be a copy of another one, such as one that somebody
    /// forwarded: nothing in it speaks against that. A copy without a time of its own has that of
    /// its arrival, days later perhaps.
    package static func mayBeCopy(
        _ notice: PaymentNotice, rule: RuleID, of other: PaymentNotice, rule otherRule: RuleID
    ) -> Bool {
        guard notice.amount == other.amount, bank(rule) == bank(otherRule) else { return false }
        if let one = notice.transactionID, let another = other.transactionID, rule == otherRule {
            return one == another
        }
        let gap = abs(notice.occurredAt.timeIntervalSince(other.occurredAt))
        return gap <= (isFromBody(notice, other) ? sameTimeSeconds : Double(copyDays) * 86_400)
            && payersFit(notice, other) && codesFit(notice, other)
    }

    /// The bank of a rule, as its name begins. Only notices of one bank may tell of one transfer.
    package static func bank(_ rule: RuleID) -> String {
        String(rule.text.prefix { $0 != "/" })
    }

    private static func isFromBody(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        one.timeFrom == .body && other.timeFrom == .body
    }

    private static func isSameTime(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        let gap = abs(one.occurredAt.timeIntervalSince(other.occurredAt))
        return gap <= (isFromBody(one, other) ? sameTimeSeconds : sameArrivalSeconds)
    }

    private static func payersFit(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        NameAgreement(payer: name(one), otherNotice: name(other)) != .differs
    }

    private static func name(_ notice: PaymentNotice) -> PersonName? {
        notice.payer.flatMap { PersonName(String($0.prefix(200))) }
    }

    /// One code in each, and another one: two payments.
    private static func codesFit(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        let (left, right) = (codes(one), codes(other))
        return left.isEmpty || right.isEmpty || left == right
    }

    private static func codes(_ notice: PaymentNotice) -> [ReferenceFinder.Found] {
        notice.description.map { ReferenceFinder.find(in: $0, prefixes: []) } ?? []
    }
}

extension PaymentNotice {
    /// What both notices of one transfer say together; where they differ this one counts. Of the
    /// payer's words a bank may print less in one than in the other: those of both count.
    package func completed(by other: PaymentNotice) -> PaymentNotice {
        var whole = self
        whole.payer = payer ?? other.payer
        whole.description = Self.words(description, other.description)
        whole.transactionID = transactionID ?? other.transactionID
        whole.senderIBAN = senderIBAN ?? other.senderIBAN
        whole.receivingAccount = receivingAccount ?? other.receivingAccount
        return whole
    }

    private static func words(_ one: String?, _ other: String?) -> String? {
        guard let one, let other else { return one ?? other }
        func signs(_ text: String) -> String {
            text.turkishFolded().filter { !$0.isWhitespace }
        }
        let (left, right) = (signs(one), signs(other))
        if left.contains(right) { return one }
        return right.contains(left) ? other : "\(one) / \(other)"
    }
}
