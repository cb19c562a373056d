// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Ledger
internal import Matching
internal import Statements

/// A line with money that came in, as it would be written.
struct StatementDraft: Sendable {
    /// 1 for the first line of the file, all its statements counted through.
    let number: Int
    let format: Statement.Format
    let line: StatementLine
    let notice: PaymentNotice
    let identity: [UInt8]
    let place: MailPlace
    /// The same file says that this money went back.
    let isTakenBack: Bool

    /// The incoming lines of a file. The identity of a line is what it says, and the how-manieth
    /// it is that says this.
    static func all(
        _ statements: [Statement], sha256: [UInt8], days: ClosedRange<BankDay>?,
        in books: LedgerTransaction
    ) -> [StatementDraft] {
        var drafts: [StatementDraft] = []
        var seen: [String: Int] = [:]
        var number = 0
        let folder = StatementDesk.name(of: sha256)
        let takenBack = takenBack(in: statements)
        for statement in statements {
            for line in statement.lines {
                number += 1
                let text = [
                    statement.account, line.booked.description,
                    line.clockSeconds.map(String.init), String(line.amount.minorUnits),
                    line.amount.currency.code, line.reference, line.counterparty, line.description,
                ].map { $0 ?? "" }.joined(separator: "\u{1F}")
                seen[text, default: 0] += 1
                guard line.isIncoming, days?.contains(line.booked) != false else { continue }
                drafts.append(
                    StatementDraft(
                        number: number, format: statement.format, line: line,
                        notice: line.notice(account: statement.account),
                        identity: books.identity(
                            ofStatementLine: "\(text)\u{1F}\(seen[text] ?? 1)"),
                        place: MailPlace(
                            account: StatementDesk.account, folder: folder, uidvalidity: 1,
                            uid: UInt32(clamping: number)),
                        isTakenBack: takenBack.contains(number)))
            }
        }
        return drafts
    }

    /// The numbers of the lines whose money went back by the same file. Of a line that names none
    /// of them for sure, all of its sum may be meant whose words are the most like its own: rather
    /// some questions than a place for money that is gone.
    private static func takenBack(in statements: [Statement]) -> Set<Int> {
        let lines = statements.flatMap(\.lines).enumerated().map { ($0.offset + 1, $0.element) }
        let gone = lines.map(\.1).filter(\.isTakenBack)
        guard !gone.isEmpty else { return [] }
        let incoming = Dictionary(grouping: lines.filter(\.1.isIncoming), by: \.1.amount)
        var found: Set<Int> = []
        for line in gone {
            let sum = Money(minorUnits: -line.amount.minorUnits, currency: line.amount.currency)
            let meant = (incoming[sum] ?? []).filter { $0.1.booked <= line.booked }
            let sure = meant.filter { $0.1.isTakenBack(by: line) }
            guard sure.isEmpty else {
                found.formUnion(sure.map(\.0))
                continue
            }
            let words = line.words
            let likeness = meant.map { number, other in
                (number, other.differs(from: line) ? -1 : other.words.intersection(words).count)
            }
            let most = max(0, likeness.map(\.1).max() ?? 0)
            found.formUnion(likeness.filter { $0.1 == most }.map(\.0))
        }
        return found
    }
}

extension StatementLine {
    /// Money that had come in and that the bank took back.
    var isTakenBack: Bool { amount.minorUnits < 0 && isReversal }

    /// Money that had gone out and that the bank gave back.
    var isReturned: Bool { amount.minorUnits > 0 && isReversal }

    /// Whether a line of the same sum says of this one that its money went back: by the bank's
    /// number, the code or the whole name.
    fileprivate func isTakenBack(by other: StatementLine) -> Bool {
        if let reference, reference == other.reference { return true }
        let (mine, its) = (
            StatementWord(notice(account: nil)), StatementWord(other.notice(account: nil))
        )
        guard mine.codes.isEmpty || its.codes.isEmpty else {
            return !mine.codes.isDisjoint(with: its.codes)
        }
        return mine.wholeName != nil && mine.wholeName == its.wholeName
    }

    /// Both have codes, and none in common.
    fileprivate func differs(from other: StatementLine) -> Bool {
        let mine = StatementWord(notice(account: nil)).codes
        let its = StatementWord(other.notice(account: nil)).codes
        return !mine.isEmpty && !its.isEmpty && mine.isDisjoint(with: its)
    }

    /// Names and the bank's words, folded.
    var words: Set<String> { Self.words(of: [counterparty, description]) }

    static func words(of texts: [String?]) -> Set<String> {
        let text = texts.compactMap(\.self).joined(separator: " ")
        return Set(text.turkishFolded().split { !$0.isLetter }.map(String.init))
    }
}
