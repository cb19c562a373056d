// SPDX-License-Identifier: Apache-2.0

import Domain

/// Why a sample that must be read is not: what the variant that came nearest stumbled over, and
/// where it stands.
struct SampleDiagnosis {
    let source: RuleSource
    let book: RuleBook

    /// - Parameter outcome: what the sample expects.
    func reason(_ sample: Sample, _ reading: Reading, expecting outcome: String) -> Wording {
        let files = book.explain(sample.message, receivedAt: sample.receivedAt)
        let tried = files.filter(\.isForSender).flatMap(\.variants).compactMap { attempt in
            book.variant(attempt.rule).map { (attempt, $0) }
        }
        let meant = tried.filter { $0.1.outcome.mail.rawValue == outcome && !$0.0.hurdles.isEmpty }
        guard let (attempt, variant) = meant.min(by: { $0.0.distance < $1.0.distance }) else {
            return reading.wording
        }
        let hurdles = attempt.hurdles.map { told($0, attempt, variant) }
        let place = place(attempt, variant)
        return Wording(
            "\(attempt.rule)\(place.english): " + hurdles.map(\.english).joined(separator: "; "),
            "\(attempt.rule)\(place.turkish): " + hurdles.map(\.turkish).joined(separator: "; "))
    }

    /// The line of the variant, or of the field whose value is no value; nothing for a variant of
    /// another file.
    private func place(_ attempt: VariantExplanation, _ variant: Variant) -> Wording {
        guard variant.path == source.path else { return Wording("", "") }
        let field = attempt.hurdles.compactMap { unreadable($0) }.first
        let line = (field.flatMap(variant.rule)?.place ?? variant.place).line
        return Wording(", line \(line)", ", \(line). satır")
    }

    private func unreadable(_ hurdle: VariantExplanation.Hurdle) -> Field? {
        guard case .content(let why) = hurdle else { return nil }
        return Field.allCases.first { why.hasPrefix("field \($0.rawValue) is ") }
    }

    /// A hurdle; where a value was found and cannot be read, with that value.
    private func told(
        _ hurdle: VariantExplanation.Hurdle, _ attempt: VariantExplanation, _ variant: Variant
    ) -> Wording {
        switch unreadable(hurdle) {
        case .amount: amount(attempt, variant.rule(of: .amount)) ?? hurdle.wording
        case .occurredAt: time(attempt, variant.rule(of: .occurredAt)) ?? hurdle.wording
        default: hurdle.wording
        }
    }

    private func amount(_ attempt: VariantExplanation, _ rule: FieldRule?) -> Wording? {
        func isMoney(_ text: String, _ style: NumberStyle?) -> Bool {
            if case .money = AmountText.read(text, style: style, currency: rule?.currency) {
                return true
            }
            return false
        }
        guard let style = rule?.style,
            let text = value(of: .amount, attempt, where: { !isMoney($0, style) })
        else { return nil }
        let other = NumberStyle.allCases.first { isMoney(text, $0) }?.rawValue
        return Wording(
            "“\(text)” cannot be read with style: \(style.rawValue)"
                + (other.map { ", did you mean \($0)?" } ?? ""),
            "“\(text)”, style: \(style.rawValue) ile okunamaz"
                + (other.map { ", şunu mu demek istediniz: \($0)?" } ?? ""))
    }

    private func time(_ attempt: VariantExplanation, _ rule: FieldRule?) -> Wording? {
        guard let rule, let text = value(of: .occurredAt, attempt, where: { _ in true }) else {
            return nil
        }
        let dates = rule.dates.map(\.written).joined(separator: ", ")
        return Wording(
            "“\(text)” fits none of dates: \(dates)",
            "“\(text)”, dates: kalıplarından hiçbirine uymuyor: \(dates)")
    }

    /// Letters of a value in a message; a label that takes too much would print a whole mail.
    private static let shownMax = 40

    private func value(
        of field: Field, _ attempt: VariantExplanation, where isMeant: (String) -> Bool
    ) -> String? {
        let value = attempt.captures.first { $0.field == field && isMeant($0.value) }?.value
        return value.map { $0.count > Self.shownMax ? $0.prefix(Self.shownMax) + "…" : $0 }
    }
}
