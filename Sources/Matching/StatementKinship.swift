// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials

/// How well a line of a statement and the notice of a mail fit as two words about one transfer.
///
/// Their sums are equal; the numbers of statement and mail may be of different books, so that two
/// numbers which differ say nothing. Days are those of Istanbul.
package enum StatementKinship: Int, Sendable, Comparable {
    /// They may be one, and something speaks against it: a code differs, the day is off, or the
    /// account looks like another. Days and weeks off only with the same number, code or whole
    /// name.
    case doubtful
    /// Nothing speaks against it, and nothing but sum and day for it, or the words name another
    /// guest as well: somebody else's money may look the same, so that a person decides.
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
    /// So far off a line may still be a mail's: a bayram of nine days, a bank that is late, a mail
    /// that was found late. Who pays every month is not asked about.
    package static let strayDays = 20
    /// Both print a time; more lies between two transfers, seldom between two clocks of a bank.
    private static let clockGapSeconds: TimeInterval = 7_200

    /// - Parameters:
    ///   - line: of the statement.
    ///   - told: of the mail.
    /// - Returns: nil when they cannot be one transfer.
    package static func of(_ line: StatementWord, and told: StatementWord) -> StatementKinship? {
        let later = line.day - told.day
        // A mail that prints its time tells of nothing that was booked before.
        let first = told.clock == nil ? -strayDays : -bookedDaysEarlier
        guard (first...strayDays).contains(later), line.amount == told.amount else { return nil }
        let isNear = (-bookedDaysEarlier...bookedDaysLater).contains(later)
        let names =
            line.names(told)
            ? .equal : NameAgreement(payer: line.name, otherNotice: told.name)
        let home = home(line, told)
        guard home != .another else { return nil }
        if let number = line.number, number == told.number {
            return names == .differs || !isNear || line.contradicts(told) ? .doubtful : .number
        }
        let isCodeSame = !line.codes.isDisjoint(with: told.codes)
        let strangers = line.strangers(to: told)
        // Where nobody else is named it is money of theirs, or for them: not the mail's. But a mail
        // that prints none of the payer's words may leave out just these.
        let isStrangers = !strangers.isEmpty && strangers == line.named && names != .equal
        guard names != .differs, isCodeSame || !isStrangers || !told.isDescribed else { return nil }
        if isCodeSame {
            return isNear && (later == 0 || names >= .agrees) && home != .unlike
                ? .code : .doubtful
        }
        if line.contradicts(told) {
            return isNear && (line.written.isEmpty || told.written.isEmpty) ? .doubtful : nil
        }
        guard isNear || names == .equal else { return nil }
        guard later == 0, home != .unlike, !isStrangers, clocksFit(line, told) else {
            return .doubtful
        }
        return switch names {
        case .equal: strangers.isEmpty ? .name : .possible
        case .agrees: .nearName
        case .masked, .unknown, .differs: .possible
        }
    }

    private static func clocksFit(_ one: StatementWord, _ other: StatementWord) -> Bool {
        guard let left = one.clock, let right = other.clock else { return true }
        return abs(left.timeIntervalSince(right)) <= clockGapSeconds
    }

    /// Whether line and mail tell of one account, or at least of one bank.
    package enum Home: Sendable {
        /// Two accounts, both printed whole, or two banks: never one transfer.
        case another
        /// They look like two accounts; a bank may print short forms of its own.
        case unlike
        case unknown
        case same
    }

    /// Where the money of a line, and that of a mail, came in.
    package static func home(_ line: StatementWord, _ told: StatementWord) -> Home {
        let account = line.account.flatMap { IBAN($0) }
        var looks = Home.unknown
        if let one = line.account, let other = told.account {
            if let account, let told = IBAN(other) { return account == told ? .same : .another }
            // `412-****567` is the end of an IBAN, which begins with the bank.
            let isShort = other.first.map { !$0.isLetter } ?? false
            switch AccountMask.compare(account != nil && isShort ? "*" + other : other, one) {
            case .different: looks = .unlike
            case .same: return .same
            case .perhaps: break
            }
            if let bank = BankCode.shown(by: one), let its = BankCode.shown(by: other) {
                return bank == its ? looks == .unlike ? .unlike : .same : .another
            }
        }
        guard let account, let bank = told.bank,
            let isOfBank = BankCode.isAccount(account, of: bank)
        else { return looks }
        guard isOfBank else { return .another }
        return looks == .unlike ? .unlike : .same
    }
}
