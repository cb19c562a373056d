// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// Reads one text of a mail with the variants of one rule file.
struct BodyReader {
    /// A variant that fits, and what it says.
    struct Fit {
        let variant: Variant
        var movements: [Movement]
    }

    /// A variant that came near, and what is wrong or missing, in words without personal data.
    struct Miss {
        let variant: Variant
        let why: String
        /// The same for mails of one form: texts of the rule, never of the mail.
        var missing: [String] = []
        /// It holds what the variant or the file denies: it is meant to be left to others.
        var isDenied = false
    }

    enum Result {
        case fits(Fit)
        /// The frame of a payment fits, and something it needs is not there.
        case incomplete(Miss)
        /// The variant fits and cannot be read in one way only.
        case unclear(Miss)
        case nothing
    }

    let file: RuleFile
    /// Whole address, small letters; nil where nobody is surely the sender.
    let sender: String?
    let subject: FoldedText
    let part: MailPart
    let arrival: Date
    let work: SearchWork
    let tracer: Tracer?
    /// An attachment is read whatever its name is.
    var takesAnyName = false

    var body: FoldedText { part.text }

    /// A variant that may fit, and what of the text its payer wrote.
    fileprivate struct Candidate {
        let variant: Variant
        let reader: FieldReader
        let table: TableReader.Result?
        let payerLabels: [Range<Int>]
        let payerOthers: [Range<Int>]
    }

    /// What of the text the variants may take, found before any of them is tried.
    struct Survey {
        fileprivate let candidates: [Candidate]
        fileprivate let payerLabels: [Range<Int>]
        /// The text without what those wrote who paid.
        fileprivate let visible: VisibleText

        var isEmpty: Bool { candidates.isEmpty }

        /// Some variant that reads money may take it.
        var mayTellOfMoney: Bool { candidates.contains { $0.variant.outcome.isMoneyIn } }
    }

    func survey() -> Survey {
        let subjectText = VisibleText(subject, work)
        let whole = VisibleText(body, work)
        let candidates = file.variants.compactMap { variant in
            variant.reads(part, anyName: takesAnyName) && comesFromOne(of: variant.senders)
                ? candidate(variant, whole, subjectText) : nil
        }
        let labels = candidates.flatMap(\.payerLabels)
        let hidden = labels + candidates.flatMap(\.payerOthers)
        return Survey(
            candidates: candidates, payerLabels: labels,
            visible: hidden.isEmpty ? whole : VisibleText(body, work, hiding: hidden))
    }

    /// What the bank wrote, for all texts of the mail: a variant that reads other texts only still
    /// knows where in this one the payer's words stand.
    func bankWords(_ survey: Survey) -> VisibleText {
        let others = file.variants.filter {
            !$0.reads(part) && $0.outcome.isMoneyIn && comesFromOne(of: $0.senders)
        }
        guard !others.isEmpty else { return survey.visible }
        let subjectText = VisibleText(subject, work)
        let untraced = BodyReader(
            file: file, sender: sender, subject: subject, part: part, arrival: arrival, work: work,
            tracer: nil)
        let found =
            survey.candidates
            + others.compactMap { untraced.candidate($0, VisibleText(body, work), subjectText) }
        let hidden = found.flatMap { $0.payerLabels + $0.payerOthers }
        return hidden.isEmpty ? survey.visible : VisibleText(body, work, hiding: hidden)
    }

    /// What an attachment or an inner mail that no variant looks for may be after all: a body, or
    /// a receipt under another name. Untraced: nobody asked for it.
    var stray: [BodyReader] {
        var source = MailPart.Source.plain
        if case .attachment(let name, let type) = part.source,
            AttachmentTest.Kind.html.holds(name: name.lowercased(), type: type.lowercased())
        {
            source = .html
        }
        func reader(_ part: MailPart) -> BodyReader {
            BodyReader(
                file: file, sender: sender, subject: subject, part: part, arrival: arrival,
                work: work, tracer: nil, takesAnyName: true)
        }
        let body = MailPart(source: source, text: part.text, written: part.written)
        return part.isAttachment ? [reader(body), reader(part)] : [reader(body)]
    }

    func read(_ survey: Survey, _ words: BankWords) -> Result {
        guard !survey.isEmpty else { return .nothing }
        var incomplete: Result?
        var result: Result?
        var doubtful: Miss?
        for candidate in survey.candidates {
            let attempt = self.attempt(candidate, survey, words)
            tracer?.finish(file.ruleID(candidate.variant), part, Self.verdict(attempt))
            let isMoneyIn = candidate.variant.outcome.isMoneyIn
            if case .incomplete(let miss) = attempt, isMoneyIn, !miss.isDenied {
                doubtful = doubtful ?? miss
            }
            guard result == nil else { continue }
            switch attempt {
            case .fits:
                // A payment that was nearly read is not passed over for something else.
                result = isMoneyIn ? attempt : incomplete ?? attempt
            case .unclear: result = attempt
            case .incomplete: if isMoneyIn { incomplete = incomplete ?? attempt }
            case .nothing: break
            }
        }
        // One sentence of the bank is there and cannot be read, another one can: a payer may have
        // broken the first and written the second.
        if case .fits(let fit) = result, fit.variant.outcome.isMoneyIn, let doubtful {
            return .unclear(doubtful)
        }
        if case .fits(let fit) = result, fit.variant.outcome.isMoneyIn,
            holdsSeveral(survey, fit)
        {
            return .unclear(Miss(variant: fit.variant, why: "several notices in one text"))
        }
        return result ?? incomplete ?? .nothing
    }

    /// Whether more than one notice stands in the text that was read; a table says so itself of
    /// its own lines.
    private func holdsSeveral(_ survey: Survey, _ fit: Fit) -> Bool {
        let variant = fit.variant
        let hidden = survey.payerLabels
        var places: [[Range<Int>]] = []
        for candidate in survey.candidates
        where candidate.variant.outcome.isMoneyIn && candidate.table == nil {
            let reader = candidate.reader
            let amounts = reader.sentenceAmounts(outside: hidden)
            if amounts.contains(where: { $0.count > 1 }) { return true }
            places.append(amounts.flatMap(\.self))
            guard candidate.variant.id == variant.id else { continue }
            if reader.repeatsAmountLabel(outside: hidden) { return true }
            if reader.repeatsFrame(outside: hidden) { return true }
            if reader.hidesSentence(in: hidden) { return true }
        }
        let own = survey.candidates.first { $0.variant.id == variant.id }
        var rows: [Range<Int>] = []
        if case .rows(_, let area, _) = own?.table {
            // The line that ends the table is named by the rule.
            let isEnded = !(variant.rows?.end.isEmpty ?? true) && area.upperBound < body.bytes.count
            let end = isEnded ? body.lineEnd(from: area.upperBound + 1) : area.upperBound
            rows = [area.lowerBound..<end]
        }
        let taken = OtherMoney.Taken(
            amounts: places.flatMap(\.self) + (own?.reader.labelledAmounts ?? []) + rows,
            payer: own.map { $0.payerLabels + $0.payerOthers } ?? [],
            payerTexts: fit.movements.compactMap(\.notice).flatMap {
                [$0.payer, $0.description].compactMap(\.self)
            },
            labels: Set(own?.reader.hits().map(\.start) ?? []))
        if !taken.amounts.isEmpty, tellsOfMore(than: taken, outside: hidden) { return true }
        // Each of two variants reads an amount that the other one does not.
        func goes(_ one: [Range<Int>], beyond other: [Range<Int>]) -> Bool {
            one.contains { place in !other.contains { $0.overlaps(place) } }
        }
        return places.indices.contains { one in
            places[..<one].contains {
                goes(places[one], beyond: $0) && goes($0, beyond: places[one])
            }
        }
    }

    private func comesFromOne(of senders: [String]) -> Bool {
        senders.isEmpty || sender.map(senders.contains) ?? true
    }

    private static func verdict(_ result: Result) -> VariantExplanation.Verdict {
        switch result {
        case .fits: .fits
        case .incomplete: .nearly
        case .unclear: .unclear
        case .nothing: .no
        }
    }

    /// Nil when the variant surely does not fit. Hiding words only takes away: a frame that is not
    /// there now cannot be there later.
    private func candidate(
        _ variant: Variant, _ whole: VisibleText, _ subjectText: VisibleText
    ) -> Candidate? {
        guard variant.frame.mayHold(in: whole), variant.subject.holds(in: subjectText) else {
            if let tracer {
                let missing = variant.subject.missing(in: subjectText)
                if !missing.isEmpty { tracer.note(.subjectMissing(missing)) }
                let forbidden = variant.subject.forbidden(in: subjectText)
                if !forbidden.isEmpty { tracer.note(.subjectForbidden(forbidden)) }
                let frame = variant.frame.missing(in: whole)
                if !frame.isEmpty { tracer.note(.frameMissing(frame)) }
                tracer.finish(file.ruleID(variant), part, .no)
            }
            return nil
        }
        var reader = FieldReader(text: body, variant: variant, work: work)
        var others: [Range<Int>] = []
        let table = variant.rows.map {
            TableReader(text: body, variant: variant, rule: $0, work: work).read()
        }
        if case .rows(_, let area, let payer) = table {
            reader.excluded = area
            others = payer
        }
        let payer = reader.payerRanges()
        return Candidate(
            variant: variant, reader: reader, table: table, payerLabels: payer.labels,
            payerOthers: others + payer.sentences)
    }

    private func attempt(
        _ candidate: Candidate, _ survey: Survey, _ words: BankWords
    ) -> Result {
        let variant = candidate.variant
        let visible = survey.visible
        guard variant.frame.holds(in: visible) else {
            tracer?.note(.frameMissing(variant.frame.missing(in: visible)))
            tracer?.note(.frameForbidden(variant.frame.forbidden(in: visible)))
            return .nothing
        }
        let isIn =
            variant.directionIn.isEmpty
            || variant.directionIn.contains { $0.holds(in: visible) }
            || words.says(variant, besides: part)
        let stops = words.stops(of: variant)
        guard isIn, stops.isEmpty else {
            if !isIn { tracer?.note(.directionMissing(variant.directionIn.map(\.shown))) }
            if !stops.isEmpty { tracer?.note(.denied(stops.map(\.shown))) }
            guard variant.outcome.isMoneyIn else { return .nothing }
            let missing = isIn ? stops.map { "denied: \($0.shown)" } : ["direction"]
            var why = "a denied word too"
            if let stop = stops.first { why += " (\(stop.shown))" }
            // A footer, or the payer's words on a line of their own: whoever looks is told the sum.
            if case .fits(let fit) = fields(candidate, survey.payerLabels, tracer: nil),
                case let paid = fit.movements.compactMap(\.payment), paid.count == 1
            {
                why += ", the amount is \(paid[0].amount.decimal) \(paid[0].amount.currency)"
            }
            return .incomplete(
                Miss(variant: variant, why: why, missing: missing, isDenied: true))
        }
        let result = fields(candidate, survey.payerLabels, tracer: tracer)
        switch result {
        case .incomplete(let miss), .unclear(let miss): tracer?.note(.content(miss.why))
        case .fits, .nothing: break
        }
        return result
    }

    // MARK: - Fields

    private func fields(
        _ candidate: Candidate, _ hidden: [Range<Int>], tracer: Tracer?
    ) -> Result {
        let variant = candidate.variant
        func miss(_ why: String) -> Result {
            .incomplete(Miss(variant: variant, why: why, missing: [why]))
        }
        var found: [FieldReader.Found] = []
        if !variant.subjectSentences.isEmpty {
            let inSubject = FieldReader(text: subject, variant: variant, work: work)
            guard let values = inSubject.values(of: variant.subjectSentences, outside: []) else {
                return miss("the sentence of the subject does not fit")
            }
            found += values.map { value in
                var value = value
                value.isInSubject = true
                return value
            }
        }
        if !variant.sentences.isEmpty {
            guard let values = candidate.reader.values(of: variant.sentences, outside: hidden)
            else { return miss("the sentence does not fit") }
            found += values
        }
        found += candidate.reader.labelledValues()
        tracer?.note(found, subject: subject, body: body)
        switch candidate.table {
        case nil: return notice(variant, found)
        case .missing(let why): return miss(why)
        case .unclear(let why): return .unclear(Miss(variant: variant, why: why))
        case .rows(let rows, _, _): return movements(variant, rows, found, tracer)
        }
    }

    /// One movement of all values.
    private func notice(_ variant: Variant, _ found: [FieldReader.Found]) -> Result {
        let result = NoticeBuilder(variant: variant, found: found).build(arrival: arrival)
        switch (result, variant.outcome) {
        case (.notice(let notice), .reversal):
            let movement = Movement(
                index: 1, outcome: .reversal, kind: variant.kind, notice: notice)
            return .fits(Fit(variant: variant, movements: [movement]))
        case (.notice(let notice), .payment), (.notice(let notice), .paymentWithoutDetails):
            let movement = movement(1, variant.outcome.mail, notice)
            return .fits(Fit(variant: variant, movements: [movement]))
        case (.missing(let why), .payment):
            return .incomplete(Miss(variant: variant, why: why, missing: [why]))
        case (.unclear(let why), .payment):
            return .unclear(Miss(variant: variant, why: why))
        case (.clue(let clue), .reversal):
            let movement = Movement(
                index: 1, outcome: .reversal, kind: variant.kind, notice: nil, clue: clue)
            return .fits(Fit(variant: variant, movements: [movement]))
        case (_, .notAPayment), (_, .unclear), (_, .reversal), (_, .paymentWithoutDetails),
            (.clue, .payment):
            return .fits(Fit(variant: variant, movements: []))
        }
    }

    private func movement(
        _ index: Int, _ outcome: MailOutcome, _ notice: PaymentNotice
    ) -> Movement {
        guard outcome == .payment, comesFromOwner(notice) else {
            return Movement(index: index, outcome: outcome, notice: notice)
        }
        return Movement(index: index, outcome: .notAPayment, kind: "own_transfer", notice: nil)
    }

    /// The owner of the account moves money between accounts. A word of letters and digits may be
    /// the code of a guest who bears the owner's name: that stays a payment.
    private func comesFromOwner(_ notice: PaymentNotice) -> Bool {
        guard !file.accountOwner.isEmpty, let payer = notice.payer?.turkishFolded(),
            file.accountOwner.contains(payer)
        else { return false }
        let words = notice.description?.split { !$0.isLetter && !$0.isNumber } ?? []
        return !words.contains { $0.contains(where: \.isLetter) && $0.contains(where: \.isNumber) }
    }

    /// A movement per row; one that cannot be read makes the whole table unclear.
    private func movements(
        _ variant: Variant, _ rows: [TableReader.Row], _ shared: [FieldReader.Found],
        _ tracer: Tracer?
    ) -> Result {
        var movements: [Movement] = []
        for row in rows {
            tracer?.note(row.found, subject: subject, body: body)
            // The hour of a row needs the day that stands over the table.
            let own = Set(row.found.lazy.filter { !$0.isClockOnly }.map(\.field))
            let found = row.found + shared.filter { !own.contains($0.field) }
            let index = movements.count + 1
            switch row.status {
            case .nothing, .wentOut:
                let kind = row.status == .wentOut ? "outgoing" : "nothing_moved"
                movements.append(
                    Movement(index: index, outcome: .notAPayment, kind: kind, notice: nil))
            case .cameIn, .reversed:
                switch NoticeBuilder(variant: variant, found: found).build(arrival: arrival) {
                case .notice(let notice):
                    let outcome: MailOutcome = row.status == .cameIn ? .payment : .reversal
                    movements.append(movement(index, outcome, notice))
                case .clue: return .unclear(Miss(variant: variant, why: "a row has no amount"))
                case .missing(let why), .unclear(let why):
                    let why = "row \(index) of the table: \(why)"
                    return .unclear(Miss(variant: variant, why: why))
                }
            }
        }
        return .fits(Fit(variant: variant, movements: movements))
    }
}
