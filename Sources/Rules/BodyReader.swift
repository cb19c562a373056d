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
        let visibleSubject = VisibleText(subject)
        var labels: [Range<Int>] = []
        var hidden: [Range<Int>] = []
        for variant in file.variants {
            let payer = FieldReader(text: body, variant: variant).payerRanges()
            labels += payer.labels
            hidden += payer.labels + payer.sentences
        }
        let visible = VisibleText(body, hiding: hidden)
        let isDenied = file.deny.contains { $0.holds(in: visible) || $0.holds(in: visibleSubject) }
        var incomplete: Result?
        for variant in file.variants {
            if variant.outcome.isMoneyIn && isDenied { continue }
            guard fits(variant, visible, visibleSubject) else { continue }
            let attempt = fields(variant, labels)
            switch attempt {
            case .fits(let variant, _):
                // A payment that was nearly read is not passed over for something else.
                if let incomplete, !variant.outcome.isMoneyIn { return incomplete }
                return attempt
            case .unclear: return attempt
            case .incomplete: if variant.outcome.isMoneyIn { incomplete = incomplete ?? attempt }
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
        return (variant.body == .any || variant.body == source)
            && variant.frame.holds(in: visible) && variant.subject.holds(in: visibleSubject)
            && (variant.directionIn.isEmpty || variant.directionIn.contains(where: stands))
            && !variant.directionOut.contains(where: stands)
            && !variant.deny.contains(where: stands)
    }

    private func fields(_ variant: Variant, _ hidden: [Range<Int>]) -> Result {
        var found: [FieldReader.Found] = []
        for (text, sentences, outside) in [
            (subject, variant.subjectSentences, []), (body, variant.sentences, hidden),
        ] where !sentences.isEmpty {
            let reader = FieldReader(text: text, variant: variant)
            guard let values = reader.sentenceValues(sentences, outside: outside) else {
                return .incomplete(variant, "the sentence does not fit")
            }
            found += values
        }
        found += FieldReader(text: body, variant: variant).labelledValues()
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
