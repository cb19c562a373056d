// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials

/// How well a line of a statement and the notice of a mail fit as two words about one transfer.
///
/// Their sums are equal; the numbers of statement and mail may be of different books, so that two
/// numbers which differ say nothing. Days are those of Istanbul.
package enum StatementKinship: Int, Sendable, Comparable {
    /// They may be one, and something speaks against it: a code differs, or the day is off.
    case doubtful
    /// Nothing speaks against it, and nothing but sum and day for it.
    case possible
    /// The name fits in part, as in `NameAgreement.agrees`.
    case nearName
    /// The same day, and the whole name.
    case name
    /// The same code.
    case code
    /// The same number of the bank.
    case number

    package static func < (left: StatementKinship, right: StatementKinship) -> Bool {
        left.rawValue < right.rawValue
    }

    /// What is sent on a Friday evening is booked on Monday, or on Tuesday after a holiday.
    package static let bookedDaysLater = 4
    /// A mail may arrive after midnight.
    package static let bookedDaysEarlier = 1
    /// Both print a time; more lies between two transfers, seldom between two clocks of a bank.
    private static let clockGapSeconds: TimeInterval = 7_200

    /// - Parameters:
    ///   - line: of the statement.
    ///   - told: of the mail.
    ///   - codes: of the registrations that the mail's money lies with, or which it named.
    /// - Returns: nil when they cannot be one transfer.
    package static func of(
        _ line: PaymentNotice, and told: PaymentNotice, codes: Set<ReferenceCode> = []
    ) -> StatementKinship? {
        let later = day(line) - day(told)
        guard line.amount == told.amount, (-bookedDaysEarlier...bookedDaysLater).contains(later)
        else { return nil }
        let names = NameAgreement(payer: name(line), guest: name(told))
        if let number = line.transactionID, number == told.transactionID {
            return names == .differs ? .doubtful : .number
        }
        guard names != .differs, accountsFit(line, told) else { return nil }
        let (written, mailed) = (Self.codes(line), Self.codes(told).union(codes))
        if !written.isEmpty, !mailed.isEmpty {
            if written.isDisjoint(with: mailed) {
                return Self.codes(told).isEmpty ? .doubtful : nil
            }
            return later == 0 || names >= .agrees ? .code : .doubtful
        }
        guard later == 0, clocksFit(line, told) else { return .doubtful }
        return switch names {
        case .equal: .name
        case .agrees: .nearName
        case .masked, .unknown, .differs: .possible
        }
    }

    private static func day(_ notice: PaymentNotice) -> Int {
        let seconds = notice.occurredAt.timeIntervalSince1970 + Double(Timestamp.istanbul)
        return Int((min(max(seconds, 0), 1e11) / 86_400).rounded(.down))
    }

    private static func name(_ notice: PaymentNotice) -> PersonName? {
        notice.payer.flatMap { PersonName(String($0.prefix(200))) }
    }

    private static func codes(_ notice: PaymentNotice) -> Set<ReferenceCode> {
        guard let words = notice.description else { return [] }
        return Set(
            ReferenceFinder.find(in: words, prefixes: []).compactMap {
                if case .exact(let code) = $0 { code } else { nil }
            })
    }

    private static func clocksFit(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        guard one.timeFrom == .body, other.timeFrom == .body else { return true }
        return abs(one.occurredAt.timeIntervalSince(other.occurredAt)) <= clockGapSeconds
    }

    /// Only whole numbers are compared: a mail masks its account in forms of its own.
    private static func accountsFit(_ one: PaymentNotice, _ other: PaymentNotice) -> Bool {
        guard let left = one.receivingAccount.flatMap({ IBAN($0) }),
            let right = other.receivingAccount.flatMap({ IBAN($0) })
        else { return true }
        return left == right
    }
}
