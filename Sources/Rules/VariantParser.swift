// SPDX-License-Identifier: Apache-2.0

import Domain

extension RuleParser {
    func variant(_ node: RuleNode, neverSends: [Field: RuleNode], parts: Fragment) -> Variant? {
        guard let entries = node.mapping(RuleFormat.variant) else { return nil }
        guard let id = entries["id"].flatMap({ identifier($0, "id") }),
            let outcome = entries["outcome"]?.word("outcome", as: Variant.Outcome.self)
        else { return nil }
        let subjectNode = entries["subject"]
        let direction = entries["direction"]?.mapping(RuleFormat.direction)
        let own = (entries["labels"]?.oneOrMore() ?? []).compactMap(label)
        var variant = Variant(
            id: id, outcome: outcome, kind: kind(entries["kind"], outcome, node),
            status: entries["status"]?.word("status", as: RuleFile.Status.self),
            senders: (entries["sent_by"]?.oneOrMore() ?? []).compactMap(address),
            body: entries["body"]?.word("body", as: Variant.Body.self) ?? .any,
            attachment: attachment(entries["attachment"], entries["body"]),
            subject: condition(subjectNode, RuleFormat.subject),
            frame: condition(entries["frame"], RuleFormat.frame),
            directionIn: tests(direction?["in"]), directionOut: tests(direction?["out"]),
            deny: tests(entries["deny"]),
            subjectSentences: sentences(
                subjectNode?.pairs().first { $0.key == "sentence" }?.value),
            sentences: sentences(entries["sentence"]),
            fields: fields(entries["fields"], empty: parts.empty),
            labels: own + parts.labels,
            labelsRunTogether: entries["labels_run_together"]?.flag("labels_run_together")
                ?? false,
            rows: entries["rows"].flatMap(rows))
        variant.path = complaints.path
        variant.place = node.place
        check(variant, node, neverSends)
        return variant.withOrder()
    }

    private func kind(_ node: RuleNode?, _ outcome: Variant.Outcome, _ variant: RuleNode) -> String?
    {
        guard let node else {
            if outcome == .notAPayment {
                variant.complain(
                    "not_a_payment needs a kind:, such as outgoing, card, fee, campaign",
                    "not_a_payment için kind: gerekir, örneğin outgoing, card, fee, campaign")
            }
            return nil
        }
        guard outcome == .notAPayment || outcome == .reversal else {
            node.complain(
                "kind belongs to not_a_payment and reversal only; drop it",
                "kind yalnızca not_a_payment ve reversal için yazılır; silin")
            return nil
        }
        guard let text = node.text("kind") else { return nil }
        guard outcome != .reversal || ["whole", "part"].contains(text) else {
            node.complain(
                "of a reversal kind is whole or part; drop it where the words do not say that",
                "reversal için kind whole ya da part olur; metin söylemiyorsa silin",
                offending: text)
            return nil
        }
        guard Self.isKind(text) else {
            node.complain(
                "kind has small letters a–z and _ only",
                "kind yalnızca a–z küçük harfleri ve _ ile yazılır", offending: text)
            return nil
        }
        return text
    }

    private func attachment(_ node: RuleNode?, _ body: RuleNode?) -> AttachmentTest? {
        guard let node, let entries = node.mapping(RuleFormat.attachment) else { return nil }
        body?.complain(
            "a variant reads a body or an attachment; drop body",
            "bir varyant ya gövdeyi ya eki okur; body satırını silin", offending: "body")
        let names = (entries["name"]?.oneOrMore() ?? []).compactMap {
            $0.text("name").map { Array($0.turkishFolded().utf8) }
        }
        let kind = entries["type"]?.word("type", as: AttachmentTest.Kind.self)
        if names.isEmpty, kind == nil {
            node.complain(
                "any file would do; write a name: or a type:",
                "böyle her dosya olur; name: ya da type: yazın")
        }
        return AttachmentTest(names: names, kind: kind)
    }

    /// What a whole variant must be, beyond its single keys.
    private func check(_ variant: Variant, _ node: RuleNode, _ neverSends: [Field: RuleNode]) {
        // Said once: what is wrong in the parts is more telling than what follows from it.
        guard complaints.problems.isEmpty else { return }
        let bySentence = (variant.subjectSentences + variant.sentences).reduce(
            into: variant.rows?.fields ?? []
        ) { $0.formUnion($1.fields) }
        for rule in variant.fields where rule.labels.isEmpty && !bySentence.contains(rule.field) {
            let name = rule.field.rawValue
            complaints.add(
                rule.place,
                Wording(
                    "nothing fills \(name); give it a label: or a group (?<\(name)>…) in a sentence",
                    "\(name) alanını dolduran bir şey yok; label: yazın ya da bir cümlede "
                        + "(?<\(name)>…) grubu kullanın"), offending: name)
        }
        let filled = bySentence.union(variant.fields.map(\.field))
        for field in filled.sorted(by: { $0.rawValue < $1.rawValue }) {
            neverSends[field]?.complain(
                "never_sends names \(field.rawValue), but the variant \(variant.id) reads it; drop "
                    + "one of the two",
                "never_sends içinde \(field.rawValue) var ama \(variant.id) varyantı onu okuyor; "
                    + "birini silin", offending: field.rawValue)
        }
        if filled.contains(.occurredAt), variant.rule(of: .occurredAt)?.dates.isEmpty ?? true {
            complaints.add(
                variant.rule(of: .occurredAt)?.place ?? node.place,
                Wording(
                    "occurred_at needs dates:, such as dates: [dd.MM.yyyy HH:mm]",
                    "occurred_at için dates: gerekir, örneğin dates: [dd.MM.yyyy HH:mm]"),
                offending: "occurred_at")
        }
        guard variant.outcome == .payment else {
            if variant.frame.isEmpty, variant.subject.isEmpty {
                node.complain(
                    "a variant without subject and frame fits every mail; add a frame:",
                    "subject ve frame olmadan bir varyant her postaya uyar; frame: ekleyin")
            }
            return
        }
        if !filled.contains(.amount) {
            node.complain(
                "a payment needs an amount; add it to fields or to a sentence",
                "ödemede tutar gerekir; amount'u fields'e ya da bir cümleye ekleyin")
        }
        // The subject is signed like the body, and some banks say all there.
        let long = (variant.frame.all + variant.subject.all).contains {
            if case .literal(let bytes, _) = $0 { return bytes.count >= LiteralIndex.windowBytes }
            return false
        }
        if !long {
            node.complain(
                "the frame or subject of a payment needs a text of 8 letters or more that every such "
                    + "mail holds",
                "bir ödemenin frame'inde ya da subject'inde, her böyle postada geçen en az 8 "
                    + "harflik bir metin gerekir"
            )
        }
    }
}

extension Variant {
    /// A field that the bank prints behind the payer's words must always be there: else a payer who
    /// writes its label would fill it where the bank prints none.
    fileprivate func withOrder() -> Variant {
        guard
            let own = fields.firstIndex(where: {
                $0.isPayerControlled && !$0.labels.isEmpty && $0.flows
            })
        else { return self }
        var variant = self
        for index in variant.fields.indices where index > own {
            let rule = variant.fields[index]
            if !rule.labels.isEmpty, !rule.isPayerControlled {
                variant.fields[index].isRequired = true
            }
        }
        return variant
    }
}
