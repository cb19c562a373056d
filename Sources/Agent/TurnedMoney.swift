// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Matching
internal import Statements

/// Finds the lines of a file whose money went out again by the same file, all of it or a part: by
/// the bank's number, the code, or the whole name with the same sum.
///
/// Where a bank marks no reversals, as in every CSV, a line with money that went out says it by the
/// same number and sum, by the code, or by a word such as `iade`. Rather some questions than a
/// place for money that is gone.
struct TurnedMoney {
    /// The lines that came in and are taken back, and those by which they are.
    private(set) var numbers: Set<Int> = []

    /// What two lines may have in common.
    private enum Key: Hashable {
        case number(String)
        case numberAndSum(String, Int64)
        case code(ReferenceCode)
        /// Codes count more than names: `isCodeless` is for lines of which one has none.
        case name([String], Int64, isCodeless: Bool)
    }

    /// What all lines under one key span, so that none is compared with each.
    private struct Span {
        var sums: ClosedRange<Int64>
        var days: ClosedRange<BankDay>

        mutating func add(_ sum: Int64, _ day: BankDay) {
            sums = min(sums.lowerBound, sum)...max(sums.upperBound, sum)
            days = min(days.lowerBound, day)...max(days.upperBound, day)
        }
    }

    init(_ drafts: [StatementDraft]) {
        let gone = drafts.filter(\.line.isOutgoing).map { ($0, Self.keys(ofGone: $0)) }
        guard !gone.isEmpty else { return }
        let came = drafts.filter(\.line.isIncoming).map { ($0, Self.keys(ofCome: $0)) }
        let (goneSpans, cameSpans) = (Self.spans(gone), Self.spans(came))
        for (draft, keys) in came
        where keys.contains(where: { key in
            goneSpans[key].map {
                $0.sums.lowerBound <= draft.sum && $0.days.upperBound >= draft.line.booked
            } ?? false
        }) {
            numbers.insert(draft.number)
        }
        var unnamed: [StatementDraft] = []
        for (draft, keys) in gone {
            let isMeant = keys.contains { key in
                cameSpans[key].map {
                    $0.sums.upperBound >= draft.sum && $0.days.lowerBound <= draft.line.booked
                } ?? false
            }
            if isMeant {
                numbers.insert(draft.number)
            } else if draft.line.isReversal {
                unnamed.append(draft)
            }
        }
        holdLikest(to: unnamed, among: came.map(\.0))
    }

    /// Of a reversal that names no line for sure, all of its sum may be meant whose words are the
    /// most like its own.
    private mutating func holdLikest(
        to unnamed: [StatementDraft], among came: [StatementDraft]
    ) {
        guard !unnamed.isEmpty else { return }
        let equals = Dictionary(grouping: came, by: \.line.amount.minorUnits)
        for draft in unnamed.prefix(Self.unnamedMax) {
            let word = StatementWord(draft.notice)
            let words = draft.line.words
            let likeness = (equals[draft.sum] ?? []).filter {
                $0.line.booked <= draft.line.booked
            }.map { other in
                (
                    other.number,
                    StatementWord(other.notice).contradicts(word)
                        ? -1 : other.line.words.intersection(words).count
                )
            }
            let most = max(0, likeness.map(\.1).max() ?? 0)
            numbers.formUnion(likeness.filter { $0.1 == most }.map(\.0))
        }
    }

    /// Banks take back some payments of a year; each is compared with all of its sum.
    private static let unnamedMax = 500

    private static func spans(_ drafts: [(StatementDraft, [Key])]) -> [Key: Span] {
        var spans: [Key: Span] = [:]
        for (draft, keys) in drafts {
            let (sum, day) = (draft.sum, draft.line.booked)
            for key in keys {
                spans[key, default: Span(sums: sum...sum, days: day...day)].add(sum, day)
            }
        }
        return spans
    }

    /// A number alone says little of another sum: fees bear that of their transfer.
    private static func keys(ofGone draft: StatementDraft) -> [Key] {
        let word = StatementWord(draft.notice)
        let isSaid = draft.line.saysTakenBack
        var keys = word.codes.map { Key.code($0) }
        if let number = word.number {
            keys.append(isSaid ? .number(number) : .numberAndSum(number, draft.sum))
        }
        guard isSaid else { return keys }
        let names = draft.line.isReversal ? [word.wholeName].compactMap(\.self) : word.plainNames
        return keys + names.map { .name($0, draft.sum, isCodeless: !word.codes.isEmpty) }
    }

    private static func keys(ofCome draft: StatementDraft) -> [Key] {
        let word = StatementWord(draft.notice)
        var keys = word.codes.map { Key.code($0) }
        if let number = word.number {
            keys += [.number(number), .numberAndSum(number, draft.sum)]
        }
        for name in word.plainNames {
            keys.append(.name(name, draft.sum, isCodeless: false))
            if word.codes.isEmpty { keys.append(.name(name, draft.sum, isCodeless: true)) }
        }
        return keys
    }
}

extension StatementDraft {
    /// In minor units, whichever way it went.
    var sum: Int64 { Int64(clamping: line.amount.minorUnits.magnitude) }

    /// The money that went out, as a notice of what was taken back.
    var retraction: PaymentNotice {
        var notice = notice
        notice.amount = Money(minorUnits: sum, currency: line.amount.currency)
        return notice
    }
}
