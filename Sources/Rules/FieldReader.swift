// SPDX-License-Identifier: Apache-2.0

import Domain

/// Finds the values of a variant's fields in one text, and what of the text the payer wrote.
///
/// What a payer wrote can never fill another field: a label counts only at the start of a line or
/// cell, outside the payer's own words; where labels run together, the bank's fields are taken from
/// before the payer's words or, when the bank prints them after, from the last place of their
/// label.
struct FieldReader {
    /// A sentence that stands more often than this is no notice of one movement.
    private static let sentenceMatchesMax = 8
    /// A sentence of a bank has 300 letters, with the payer's words 500; finding the groups in a
    /// longer match would cost more than the whole mail may.
    private static let sentenceBytesMax = 4096
    /// Labels of a notice with a table of many rows; more are not looked at.
    private static let hitsMax = 400
    /// Dots fill a line of 80 signs at most, each in three bytes.
    private static let leaderBytesMax = 240
    /// Banks cut what payers write at 140 signs; their own values are shorter.
    private static let valueBytesMax = 4096

    /// A value as it was found. An empty text says that the bank left it empty.
    struct Found: Equatable {
        let field: Field
        let text: String
        /// Where it stands in the folded text; nil for what was put together.
        var range: Range<Int>?
        /// It stands only where the payer may have written it.
        var isDoubtful = false
        var isInSubject = false
        /// An hour without its day, which stands elsewhere.
        var isClockOnly = false
    }

    let text: FoldedText
    let variant: Variant
    let work: SearchWork
    /// Where no label counts: the rows of a table, which hold what payers wrote.
    var excluded: Range<Int>?

    // MARK: - Labels

    struct Hit {
        let start: Int
        /// Of the label alone.
        let length: Int
        /// Behind the label and its colon.
        let end: Int
        /// Index in `variant.fields`; nil for a label that fills nothing.
        let field: Int?
    }

    /// The range of every value that a label leads to, with the field it fills.
    private func labelled() -> [(rule: FieldRule, ranges: [Range<Int>])] {
        guard variant.fields.contains(where: { !$0.labels.isEmpty }) else { return [] }
        let hits = self.hits()
        guard !hits.isEmpty else { return [] }
        return variant.labelsRunTogether ? runTogether(hits) : lineBound(hits)
    }

    private func lineBound(_ all: [Hit]) -> [(rule: FieldRule, ranges: [Range<Int>])] {
        var found: [(rule: FieldRule, ranges: [Range<Int>])] = []
        var hits = all
        // The payer's own words first: no label inside them counts.
        for controlled in [true, false] {
            for (index, rule) in variant.fields.enumerated()
            where rule.isPayerControlled == controlled {
                var ranges: [Range<Int>] = []
                for hit in chosen(hits.filter { $0.field == index }, rule) {
                    // A label inside the payer's own words is one of them.
                    if controlled, let last = ranges.last, hit.start < last.upperBound { continue }
                    ranges.append(value(at: hit, rule, hits: hits))
                }
                found.append((rule, ranges))
                if controlled {
                    hits.removeAll { hit in ranges.contains { $0.contains(hit.start) } }
                }
            }
        }
        return found
    }

    /// The first field of the payer's own words that a label leads to.
    private var payersField: Int? {
        variant.fields.firstIndex { $0.isPayerControlled && !$0.labels.isEmpty }
    }

    /// What the bank prints next behind the payer's words.
    private var fieldBehindPayer: Int? {
        guard let payers = payersField else { return nil }
        return variant.fields.indices.first {
            $0 > payers && !variant.fields[$0].labels.isEmpty
        }
    }

    private func runTogether(_ hits: [Hit]) -> [(rule: FieldRule, ranges: [Range<Int>])] {
        let payers = payersField
        var before = hits[...]
        var after: [Hit] = []
        var found: [(rule: FieldRule, ranges: [Range<Int>])] = []
        if let payers, let own = hits.firstIndex(where: { $0.field == payers }) {
            before = hits[..<own]
            // The bank's first field behind the payer's words: only its last label can be real.
            let next = fieldBehindPayer
            let behind = next.flatMap { next in hits[own...].lastIndex { $0.field == next } }
            let end: Int
            if let behind {
                after = Array(hits[behind...])
                end = hits[behind].start
            } else {
                end = text.lineEnd(from: hits[own].end)
            }
            found.append((variant.fields[payers], [text.trimmed(hits[own].end..<end)]))
        }
        for (index, rule) in variant.fields.enumerated() where index != payers {
            let side = payers.map { index > $0 } ?? false
            let pool = side && !after.isEmpty ? after[...] : before
            let ranges = chosen(pool.filter { $0.field == index }, rule).map { hit in
                let next = hits.first { $0.start >= hit.end }?.start ?? text.bytes.count
                let end = text.lineEnd(from: hit.end, atMost: Self.valueBytesMax)
                return text.trimmed(hit.end..<min(next, end))
            }
            found.append((rule, ranges))
        }
        return found
    }

    private func chosen(_ hits: [Hit], _ rule: FieldRule) -> [Hit] {
        switch rule.occurrence {
        case .first?: Array(hits.prefix(1))
        case .last?: Array(hits.suffix(1))
        case nil: hits
        }
    }

    /// The hits of a field that the bank prints before the payer's words, and that stand only
    /// behind them: a payer whose words were wrapped may have written the label.
    private func isDoubtful(_ rule: FieldRule, _ index: Int, _ hits: [Hit]) -> Bool {
        if standsInPayersCell(rule, index, hits) { return true }
        guard
            let own = variant.fields.firstIndex(where: {
                $0.isPayerControlled && !$0.labels.isEmpty && $0.flows
            }), index < own, let start = hits.first(where: { $0.field == own })?.start
        else { return false }
        let places = hits.filter { $0.field == index }.map(\.start)
        return !places.isEmpty && places.allSatisfy { $0 > start }
    }

    /// The hits of a field that the bank prints behind the payer's words, where each label has a
    /// cell of its own and this one has none: it is a line of the payer's cell.
    private func standsInPayersCell(_ rule: FieldRule, _ index: Int, _ hits: [Hit]) -> Bool {
        guard !variant.labelsRunTogether, !rule.isPayerControlled,
            let own = variant.fields.firstIndex(where: {
                $0.isPayerControlled && !$0.labels.isEmpty
            }), index > own, let words = hits.first(where: { $0.field == own }),
            isWholeCell(words)
        else { return false }
        let places = hits.filter { $0.field == index }
        return !places.isEmpty && places.allSatisfy { $0.start > words.start && !isWholeCell($0) }
    }

    /// The label fills its cell: its value stands in the next one.
    private func isWholeCell(_ hit: Hit) -> Bool {
        let next = text.bytes[hit.end...].first { $0 != 32 }
        return next == 9
    }

    private func value(at hit: Hit, _ rule: FieldRule, hits: [Hit]) -> Range<Int> {
        for place in rule.places {
            let range = text.trimmed(self.range(place, hit, rule, hits))
            if !range.isEmpty { return range }
        }
        return hit.end..<hit.end
    }

    private func range(
        _ place: FieldRule.Place, _ hit: Hit, _ rule: FieldRule, _ hits: [Hit]
    ) -> Range<Int> {
        let bytes = text.bytes
        let none = hit.end..<hit.end
        switch place {
        case .sameLine:
            var start = hit.end
            let limit = rule.isPayerControlled ? Int.max : Self.valueBytesMax
            let end = text.lineEnd(from: start, atMost: limit)
            while start < end, bytes[start] == 9 || bytes[start] == 32 { start += 1 }
            // A colon in a cell of its own belongs to the label.
            if start < end, bytes[start] == 58, start > hit.end { start += 1 }
            guard !rule.isPayerControlled else { return start..<end }
            let next = hits.first { $0.start >= start && $0.start < end }?.start ?? end
            return start..<max(start, next)
        case .nextCell, .thirdCell:
            let cell = cell(place == .nextCell ? 1 : 2, after: hit.end) ?? none
            // An empty value, and the next label in its place.
            return hits.contains { $0.start == cell.lowerBound } ? none : cell
        case .untilLabel:
            let next = hits.first { $0.start >= hit.end }?.start ?? bytes.count
            return hit.end..<min(next, hit.end + min(Self.valueBytesMax, bytes.count - hit.end))
        case .nextLine:
            let end = text.lineEnd(from: hit.end, atMost: Self.valueBytesMax)
            guard end < bytes.count, bytes[end] == 10, text.trimmed(hit.end..<end).isEmpty else {
                return none
            }
            guard !hits.contains(where: { $0.start == end + 1 }) else { return none }
            return (end + 1)..<text.lineEnd(from: end + 1)
        }
    }

    private func cell(_ number: Int, after offset: Int) -> Range<Int>? {
        var start = offset
        var border = text.cellEnd(from: offset)
        for _ in 0..<number {
            guard border < text.bytes.count, text.bytes[border] == 9 else { return nil }
            start = border + 1
            border = text.cellEnd(from: start)
        }
        return start..<border
    }

    func hits() -> [Hit] {
        let bytes = text.bytes
        let labels =
            variant.fields.enumerated().flatMap { index, rule in
                rule.labels.map { (label: $0, field: Int?.some(index)) }
            } + variant.labels.map { (label: $0, field: nil) }
        var first = [Bool](repeating: false, count: 256)
        for (label, _) in labels { first[Int(label[0])] = true }
        var hits: [Hit] = []
        for start in bytes.indices where first[Int(bytes[start])] {
            if start > 0 {
                let before = bytes[start - 1]
                guard before == 10 || before == 9 || (variant.labelsRunTogether && before == 32)
                else { continue }
            }
            guard work.allowsLabels(labels.count) else { break }
            var best: Hit?
            var longest = 0
            for (label, field) in labels where label.count > longest {
                guard let end = labelEnd(label, at: start) else { continue }
                best = Hit(start: start, length: label.count, end: end, field: field)
                longest = label.count
            }
            if let best, !(excluded?.contains(best.start) ?? false) { hits.append(best) }
            if hits.count >= Self.hitsMax { break }
        }
        return hits
    }

    /// Behind the colon when `label` stands at `start` and is a label there, else nil.
    private func labelEnd(_ label: [UInt8], at start: Int) -> Int? {
        let bytes = text.bytes
        var end = start + label.count
        guard end <= bytes.count, bytes[start..<end].elementsEqual(label) else { return nil }
        end = leaderEnd(from: end)
        if end < bytes.count, bytes[end] == 32 { end += 1 }
        if end < bytes.count, bytes[end] == 58 { return end + 1 }
        guard !variant.labelsRunTogether else { return nil }
        return end == bytes.count || bytes[end] == 9 || bytes[end] == 10 ? end : nil
    }

    /// Behind the dots that lead from a label to its colon (`Tutar........:`), or `start`.
    private func leaderEnd(from start: Int) -> Int {
        let bytes = text.bytes
        let limit = min(bytes.count, start + Self.leaderBytesMax)
        var end = start
        var dots = 0
        scan: while end < limit {
            switch bytes[end] {
            case 32: break
            // A dot, an underscore, and the three bytes of the sign for three dots.
            case 46, 95, 0xE2, 0x80, 0xA6: dots += 1
            default: break scan
            }
            end += 1
        }
        return dots > 1 ? end : start
    }

    // MARK: - Sentences

    /// All readings of all sentences: each match, and each match with exchanged repetitions.
    private func matches(
        _ sentences: [Sentence], outside hidden: [Range<Int>]
    ) -> [(Sentence, [Range<Int>?])] {
        var found: [(Sentence, [Range<Int>?])] = []
        for sentence in sentences {
            for (round, pattern) in [sentence.pattern, sentence.exchanged].enumerated() {
                // What has no match has none with exchanged repetitions either.
                if round == 1, found.isEmpty { break }
                found += matches(pattern, outside: hidden).map { (sentence, $0) }
            }
        }
        return found
    }

    /// The groups of each match.
    func matches(_ pattern: Pattern, outside hidden: [Range<Int>]) -> [[Range<Int>?]] {
        var found: [[Range<Int>?]] = []
        var start = 0
        for _ in 0..<Self.sentenceMatchesMax where start <= text.bytes.count {
            guard work.allowsPattern(over: text.bytes.count - start),
                let groups = pattern.firstMatch(
                    in: text.bytes, from: start, atMost: Self.sentenceBytesMax),
                let whole = groups.first ?? nil
            else { break }
            if !hidden.contains(where: { $0.overlaps(whole) }) { found.append(groups) }
            start = max(whole.upperBound, start + 1)
        }
        return found
    }

    // MARK: - Doors

    /// What the payer wrote, by this variant's labels and, apart from these, by its sentences.
    func payerRanges() -> (labels: [Range<Int>], sentences: [Range<Int>]) {
        var labels: [Range<Int>] = []
        if variant.fields.contains(where: { $0.isPayerControlled && !$0.labels.isEmpty }) {
            for (rule, found) in labelled() where rule.isPayerControlled {
                labels += found.map(surelyPayers).filter { !$0.isEmpty }
            }
        }
        let own = variant.sentences.filter { sentence in
            sentence.fields.contains { variant.isPayerControlled($0) }
        }
        guard !own.isEmpty else { return (labels, []) }
        var sentences: [Range<Int>] = []
        for (sentence, groups) in matches(own, outside: labels) {
            for (group, range) in zip(sentence.groups, groups) {
                if let field = group?.field, variant.isPayerControlled(field), let range,
                    !range.isEmpty
                {
                    sentences.append(range)
                }
            }
        }
        return (labels, sentences)
    }

    /// Where labels run together, the payer may have written the bank's next label, or the bank a
    /// second notice: what stands behind the first one is nobody's for sure.
    private func surelyPayers(_ range: Range<Int>) -> Range<Int> {
        guard variant.labelsRunTogether, let next = fieldBehindPayer,
            let end = hits().first(where: { $0.field == next && range.contains($0.start) })
        else { return range }
        return range.lowerBound..<end.start
    }

    /// The values that labels lead to.
    func labelledValues() -> [Found] {
        let hits = self.hits()
        return labelled().flatMap { rule, ranges in
            let index = variant.fields.firstIndex { $0.field == rule.field } ?? 0
            let isDoubtful = isDoubtful(rule, index, hits)
            return ranges.map {
                Found(
                    field: rule.field, text: text.value($0), range: $0, isDoubtful: isDoubtful)
            }
        }
    }

    /// The values of `sentences`; nil when none of them matches.
    func values(of sentences: [Sentence], outside hidden: [Range<Int>]) -> [Found]? {
        let matches = self.matches(sentences, outside: hidden)
        guard !matches.isEmpty else { return nil }
        return matches.flatMap { sentence, groups in
            Self.values(of: sentence, groups, in: text)
        }
    }

    /// What the groups of one match fill.
    static func values(
        of sentence: Sentence, _ groups: [Range<Int>?], in text: FoldedText
    ) -> [Found] {
        var parts: [Sentence.Group: Range<Int>] = [:]
        for (group, range) in zip(sentence.groups, groups) {
            if let group, let range { parts[group] = range }
        }
        var found: [Found] = []
        for field in Field.allCases {
            guard let range = parts[.field(field)] else { continue }
            var value = text.value(range)
            if field == .amount, let unit = parts[.currency] { value += " " + text.value(unit) }
            found.append(Found(field: field, text: value, range: range))
        }
        if let date = parts[.date] {
            let day = text.value(date)
            let value = parts[.time].map { "\(day) \(text.value($0))" } ?? day
            found.append(Found(field: .occurredAt, text: value, range: date))
        } else if let time = parts[.time] {
            found.append(
                Found(
                    field: .occurredAt, text: text.value(time), range: time, isClockOnly: true))
        }
        return found
    }
}
