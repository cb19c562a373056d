// SPDX-License-Identifier: Apache-2.0

import Domain

extension RuleParser {
    private static let variantKeys = [
        "id", "outcome", "kind", "body", "subject", "frame", "direction", "deny", "sentence",
        "fields", "labels", "labels_run_together",
    ]

    func variant(_ node: RuleNode, neverSends: Set<Field>) -> Variant? {
        guard let entries = node.mapping(Self.variantKeys, of: "a variant") else { return nil }
        for key in ["id", "outcome"] where entries[key] == nil {
            node.complain("the key \(key) is missing; every variant has one", offending: key)
        }
        guard let id = entries["id"].flatMap(identifierOfVariant),
            let outcome = entries["outcome"]?.word("outcome", as: Variant.Outcome.self)
        else { return nil }
        let subjectNode = entries["subject"]
        let direction = entries["direction"]?.mapping(["in", "out"], of: "direction")
        let variant = Variant(
            id: id, outcome: outcome, kind: kind(entries["kind"], outcome, node),
            body: entries["body"]?.word("body", as: Variant.Body.self) ?? .any,
            subject: condition(subjectNode, of: "subject", also: ["sentence"]),
            frame: condition(entries["frame"], of: "frame"),
            directionIn: tests(direction?["in"]), directionOut: tests(direction?["out"]),
            deny: tests(entries["deny"]),
            subjectSentences: sentences(
                subjectNode?.pairs().first { $0.key == "sentence" }?.value),
            sentences: sentences(entries["sentence"]), fields: fields(entries["fields"]),
            labels: (entries["labels"]?.oneOrMore() ?? []).compactMap(label),
            labelsRunTogether: entries["labels_run_together"]?.flag("labels_run_together") ?? false)
        check(variant, node, neverSends)
        return variant
    }

    private func kind(_ node: RuleNode?, _ outcome: Variant.Outcome, _ variant: RuleNode) -> String?
    {
        guard let node else {
            if outcome == .notAPayment {
                variant.complain(
                    "not_a_payment needs a kind:, such as outgoing, card, fee, campaign")
            }
            return nil
        }
        guard outcome == .notAPayment else {
            node.complain("kind belongs to not_a_payment only; drop it")
            return nil
        }
        guard let text = node.text("kind") else { return nil }
        guard text.utf8.allSatisfy({ (97...122).contains($0) || $0 == 95 }) else {
            node.complain("kind has small letters a–z and _ only", offending: text)
            return nil
        }
        return text
    }

    /// What a whole variant must be, beyond its single keys.
    private func check(_ variant: Variant, _ node: RuleNode, _ neverSends: Set<Field>) {
        // Said once: what is wrong in the parts is more telling than what follows from it.
        guard complaints.problems.isEmpty else { return }
        let bySentence = (variant.subjectSentences + variant.sentences).reduce(into: Set<Field>()) {
            $0.formUnion($1.fields)
        }
        for rule in variant.fields where rule.labels.isEmpty && !bySentence.contains(rule.field) {
            node.complain(
                "nothing fills \(rule.field.rawValue); give it a label: or a group "
                    + "(?<\(rule.field.rawValue)>…) in a sentence", offending: rule.field.rawValue)
        }
        let filled = bySentence.union(variant.fields.map(\.field))
        for field in filled.intersection(neverSends).sorted(by: { $0.rawValue < $1.rawValue }) {
            node.complain(
                "\(field.rawValue) is read here, but never_sends names it; drop one of the two",
                offending: field.rawValue)
        }
        if filled.contains(.occurredAt), variant.rule(of: .occurredAt)?.dates.isEmpty ?? true {
            node.complain(
                "occurred_at needs dates:, such as dates: [dd.MM.yyyy HH:mm]",
                offending: "occurred_at")
        }
        guard variant.outcome == .payment else {
            if variant.frame.isEmpty, variant.subject.isEmpty {
                node.complain("a variant without subject and frame fits every mail; add a frame:")
            }
            return
        }
        if !filled.contains(.amount) {
            node.complain("a payment needs an amount; add it to fields or to a sentence")
        }
        let long = variant.frame.all.contains {
            if case .literal(let bytes) = $0 { return bytes.count >= LiteralIndex.windowBytes }
            return false
        }
        if !long {
            node.complain(
                "the frame of a payment needs a text of 8 letters or more that every such mail holds"
            )
        }
    }

    // MARK: - Fields

    private func fields(_ node: RuleNode?) -> [FieldRule] {
        guard let node else { return [] }
        guard node.mapping(Field.allCases.map(\.rawValue), of: "fields") != nil else { return [] }
        return node.pairs().compactMap { pair in
            Field(rawValue: pair.key).flatMap { field(pair.value, $0) }
        }
    }

    private static let fieldKeys = [
        "label", "place", "occurrence", "style", "currency", "dates", "empty", "required",
        "payer_controlled",
    ]

    private func field(_ node: RuleNode, _ field: Field) -> FieldRule? {
        guard let entries = node.mapping(Self.fieldKeys, of: "the field \(field.rawValue)") else {
            return nil
        }
        for key in ["style", "currency"] where field != .amount {
            entries[key]?.complain("\(key) belongs to amount only; drop it", offending: key)
        }
        if field != .occurredAt {
            entries["dates"]?.complain(
                "dates belongs to occurred_at only; drop it", offending: "dates")
        }
        let controlled = entries["payer_controlled"]?.flag("payer_controlled")
        if field == .description, controlled == false {
            entries["payer_controlled"]?.complain(
                "description is always what the payer wrote; drop this")
        }
        if field == .amount, controlled == true {
            entries["payer_controlled"]?.complain(
                "an amount that the payer writes proves nothing; drop this")
        }
        let currency = entries["currency"]?.text("currency")
        if let currency, Currency(currency) == nil {
            entries["currency"]?.complain(
                "a currency has three letters, such as TRY", offending: currency)
        }
        let places = (entries["place"]?.oneOrMore() ?? []).compactMap {
            $0.word("place", as: FieldRule.Place.self)
        }
        return FieldRule(
            field: field, labels: (entries["label"]?.oneOrMore() ?? []).compactMap(label),
            places: places.isEmpty ? [.sameLine] : places,
            occurrence: entries["occurrence"]?.word("occurrence", as: FieldRule.Occurrence.self),
            style: entries["style"]?.word("style", as: NumberStyle.self),
            currency: currency.flatMap { Currency($0) }, dates: dates(entries["dates"]),
            empty: Set(
                (entries["empty"]?.oneOrMore() ?? []).compactMap {
                    $0.text("empty")?.turkishFolded()
                }),
            isRequired: entries["required"]?.flag("required") ?? false,
            isPayerControlled: field == .description || controlled == true)
    }

    private func dates(_ node: RuleNode?) -> [DatePattern] {
        (node?.oneOrMore() ?? []).compactMap { entry in
            guard let text = entry.text("a date") else { return nil }
            if let date = DatePattern(text) { return date }
            entry.complain(
                "\(text) is no date; write it with dd MM yyyy HH mm ss, such as dd.MM.yyyy HH:mm",
                offending: text)
            return nil
        }
    }

    private func label(_ node: RuleNode) -> [UInt8]? {
        guard var text = node.text("label")?.turkishFolded() else { return nil }
        while text.hasSuffix(":") || text.hasSuffix(" ") { text.removeLast() }
        guard !text.isEmpty else {
            node.complain("a label has at least one letter before its colon")
            return nil
        }
        return Array(text.utf8)
    }
}
