// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// Reads one body of a mail with the variants of one rule file.
struct BodyReader {
    enum Result {
        /// The variant fits; a payment has its notice.
        case fits(Variant, PaymentNotice?)
        /// The frame of a payment fits, and something it needs is not there.
        case incomplete(Variant, String)
        /// The variant fits and cannot be read in one way only.
        case unclear(Variant, String)
        case nothing
    }

    let file: RuleFile
    let subject: FoldedText
    let body: FoldedText
    let source: Variant.Body
    let arrival: Date

    func read() -> Result {
        let subjectText = VisibleText(subject)
        let whole = VisibleText(body)
        // Hiding words only takes away: a frame that does not stand now cannot stand later.
        let candidates = file.variants.filter {
            ($0.body == .any || $0.body == source) && $0.frame.mayHold(in: whole)
                && $0.subject.holds(in: subjectText)
        }
        guard !candidates.isEmpty else { return .nothing }
        let readers = candidates.map { FieldReader(text: body, variant: $0) }
        let payer = readers.map { $0.payerRanges() }
        let labels = payer.flatMap(\.labels)
        let hidden = labels + payer.flatMap(\.sentences)
        let visible = hidden.isEmpty ? whole : VisibleText(body, hiding: hidden)
        let isDenied = file.deny.contains { $0.holds(in: visible) || $0.holds(in: subjectText) }
        var incomplete: Result?
        for reader in readers {
            let outcome = reader.variant.outcome
            if outcome.isMoneyIn && isDenied { continue }
            guard fits(reader.variant, visible, subjectText) else { continue }
            let attempt = fields(reader, labels)
            switch attempt {
            case .fits:
                // A payment that was nearly read is not passed over for something else.
                if let incomplete, !outcome.isMoneyIn { return incomplete }
                return attempt
            case .unclear: return attempt
            case .incomplete: if outcome.isMoneyIn { incomplete = incomplete ?? attempt }
            case .nothing: break
            }
        }
        return incomplete ?? .nothing
    }

    private func fits(
        _ variant: Variant, _ visible: VisibleText, _ visibleSubject: VisibleText
    ) -> Bool {
        func stands(_ test: TextTest) -> Bool {
            test.holds(in: visible) || test.holds(in: visibleSubject)
        }
        return variant.frame.holds(in: visible)
            && (variant.directionIn.isEmpty || variant.directionIn.contains(where: stands))
            && !variant.directionOut.contains(where: stands)
            && !variant.deny.contains(where: stands)
    }

    private func fields(_ reader: FieldReader, _ hidden: [Range<Int>]) -> Result {
        let variant = reader.variant
        var found: [FieldReader.Found] = []
        if !variant.subjectSentences.isEmpty {
            let inSubject = FieldReader(text: subject, variant: variant)
            guard let values = inSubject.values(of: variant.subjectSentences, outside: []) else {
                return .incomplete(variant, "the sentence of the subject does not fit")
            }
            found += values
        }
        if !variant.sentences.isEmpty {
            guard let values = reader.values(of: variant.sentences, outside: hidden) else {
                return .incomplete(variant, "the sentence does not fit")
            }
            found += values
        }
        found += reader.labelledValues()
        let result = NoticeBuilder(variant: variant, found: found).build(arrival: arrival)
        switch (result, variant.outcome) {
        case (.notice(let notice), .payment), (.notice(let notice), .reversal),
            (.notice(let notice), .paymentWithoutDetails):
            return .fits(variant, notice)
        case (.missing(let why), .payment): return .incomplete(variant, why)
        case (.unclear(let why), .payment): return .unclear(variant, why)
        case (_, .notAPayment), (_, .unclear), (_, .reversal), (_, .paymentWithoutDetails):
            return .fits(variant, nil)
        }
    }
}
