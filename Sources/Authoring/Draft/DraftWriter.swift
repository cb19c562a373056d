// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

/// Writes a rule file, runs its samples, and writes it again with what came of them.
struct DraftWriter {
    let request: RuleDraft.Request
    let plan: DraftPlan
    let mails: [DraftMail]
    /// The file that is added to, as it stands alone.
    let base: RuleTrial?
    /// The variant's name.
    let variantID: String

    init(request: RuleDraft.Request, plan: DraftPlan, mails: [DraftMail]) throws(DraftError) {
        self.request = request
        self.plan = plan
        self.mails = mails
        base = request.base.flatMap { base in
            RuleTrial.all(request.fragments + [base] + request.additions)
                .first { $0.path == base.path && $0.layer == base.layer }
        }
        if let source = request.base, base?.book == nil {
            throw DraftError(
                operation: "reading the rule file to add to", mail: nil,
                cause: Wording(
                    "\(source.path) cannot be read", "\(source.path) okunamıyor"),
                hint: Wording(
                    "correct it first: mutabik rules test",
                    "önce onu düzeltin: mutabik rules test"))
        }
        let taken = Set((base?.book?.ruleIDs ?? []).map(\.text))
        let home = base?.id ?? ""
        let names = ["incoming"] + (2...Self.variantsMax).map { "incoming-\($0)" }
        variantID =
            names.first { !taken.contains("\(home)/\($0)") } ?? "incoming-more"
    }

    /// Kinds of notices that one bank has; more are no longer told apart by a number.
    private static let variantsMax = 99

    var fileName: String { base == nil ? "rule.yaml" : "\(variantID).yaml" }

    /// Mails that become samples; the others only helped to find what they have in common.
    private static let samplesMax = 3

    /// A sample without and with its expectations.
    struct Sample {
        let group: String
        let name: String
        let from: String
        let subject: String
        let text: String
        let received: String
        var attachment: String?
        var expect: [(key: String, value: String)] = []
    }

    func pick(_ english: String, _ turkish: String) -> String {
        request.isTurkish ? turkish : english
    }

    func write() -> RuleDraft {
        var samples = self.samples()
        let trial = self.trial(text(samples))
        var remarks: [Wording] = []
        for index in samples.indices where index < trial.samples.count {
            samples[index].expect = expectations(trial.samples[index].reading, samples[index])
        }
        samples = kept(samples, trial, &remarks)
        let written = text(samples)
        let last = self.trial(written)
        remark(last, &remarks)
        return RuleDraft(
            id: id, fileName: fileName, text: written, findings: findings(last), remarks: remarks,
            problems: last.problems + last.samples.flatMap(\.problems))
    }

    private func trial(_ text: String) -> RuleTrial {
        let source = source(text)
        let others = request.fragments + request.additions + (request.base.map { [$0] } ?? [])
        return RuleTrial.all(others + [source]).last { $0.path == source.path }
            ?? RuleTrial.none(source)
    }

    private func source(_ text: String) -> RuleSource {
        RuleSource(path: "\(id)/\(fileName)", text: text, layer: base == nil ? .shipped : .local)
    }

    // MARK: - Names

    var id: String {
        if let id = base?.id ?? request.id { return id }
        let owned = MailAnonymizer.owned(mails[0].sender.domain)
        let label = owned.prefix { $0 != "." }
        let clean = label.utf8.map { byte -> UInt8 in
            (97...122).contains(byte) || (48...57).contains(byte) ? byte : 45
        }
        return String(decoding: clean.prefix(60), as: UTF8.self)
    }

    // MARK: - Samples

    private func samples() -> [Sample] {
        var samples: [Sample] = []
        for (index, mail) in mails.prefix(Self.samplesMax).enumerated() {
            samples.append(sample(mail, "match", name(index)))
        }
        guard let model = samples.first else { return [] }
        samples.append(outgoing(model))
        samples.append(
            model.renamed(
                "no_match", pick("news from the same address", "aynı adresten bir duyuru")
            )
            .with(
                subject: plan.isTurkish ? "Size özel duyuru" : "News for you",
                text: plan.isTurkish
                    ? "Yeni kartımızla ayda 100 TL harcayın."
                    : "Spend 100 EUR a month with our new card."))
        samples.append(contentsOf: undone(model))
        samples.append(contentsOf: hostile(model))
        return samples
    }

    private func outgoing(_ model: Sample) -> Sample {
        let text =
            plan.table == nil
            ? DirectionWords.outgoing(model.text) : TableSketch.outgoing(model.text)
        // Tables and files need not say it in words; what the rule forbids has to stand somewhere.
        let folded = text.turkishFolded()
        let isSaid = plan.directionOut.contains { folded.contains($0.turkishFolded()) }
        let word = isSaid ? nil : plan.directionOut.first
        let title = word.map { plan.isTurkish ? "\($0) çıkan para\n" : "money \($0)\n" }
        return model.renamed(
            "no_match", pick("the same as money that went out", "aynısının giden hâli")
        ).with(subject: DirectionWords.outgoing(model.subject), text: (title ?? "") + text)
    }

    /// What became of the money is said first: behind a description that stands last, the words
    /// could be the payer's.
    private func undone(_ model: Sample) -> [Sample] {
        guard base == nil, plan.include == nil else { return [] }
        return plan.denied.map { one in
            model.renamed("no_match", pick(one.words.english, one.words.turkish))
                .with(subject: model.subject, text: one.sentence + "\n" + model.text)
        }
    }

    private func name(_ index: Int) -> String {
        pick(
            "a notice, people and numbers are invented", "bir bildirim, kişiler ve sayılar uydurma")
            + (index == 0 ? "" : " \(index + 1)")
    }

    private func sample(_ mail: DraftMail, _ group: String, _ name: String) -> Sample {
        let rewrite = MailAnonymizer(
            seed: request.seed, vocabulary: request.vocabulary.union(keptWords),
            values: mail.chosenValues
        ).rewriter(for: mail.message)
        return Sample(
            group: group, name: name, from: mail.sender.address.lowercased(),
            subject: rewrite(mail.message.subject), text: rewrite(mail.part.text),
            received: Timestamp.text(mail.message.date ?? Date(timeIntervalSince1970: 0)),
            attachment: attachmentName(mail))
    }

    private func attachmentName(_ mail: DraftMail) -> String? {
        guard case .attachment = mail.part.source else { return nil }
        return "dekont." + (plan.attachment == "text" ? "txt" : plan.attachment ?? "txt")
    }

    /// Words of the bank, those above all that the file itself names, stay in its samples.
    private var keptWords: Set<String> {
        let labels = plan.labelled.map(\.label) + plan.labels
        return Set((plan.frame + plan.subject + labels).flatMap(DraftPlan.words))
            .union(plan.ownWords.words)
    }

    // MARK: - Expectations

    private func expectations(_ reading: Reading, _ sample: Sample) -> [(
        key: String, value: String
    )] {
        if plan.table != nil, !reading.movements.isEmpty {
            return [("movements", movements(reading))]
        }
        // What the mail is, whether the draft can read it yet or not.
        if sample.group == "match", reading.outcome != .payment { return [("outcome", "payment")] }
        guard let notice = reading.notices.first, reading.outcome == .payment else {
            var expect = [(key: "outcome", value: reading.outcome.rawValue)]
            if let imitates = reading.imitates { expect.append(("imitates", imitates.text)) }
            return expect
        }
        var expect = [(key: "amount", value: "\(notice.amount.decimal) \(notice.amount.currency)")]
        expect.append(("payer", notice.payer ?? "none"))
        expect.append(("description", notice.description ?? "none"))
        if let id = notice.transactionID { expect.append(("transaction_id", id)) }
        if let iban = notice.senderIBAN { expect.append(("sender_iban", iban)) }
        if let account = notice.receivingAccount { expect.append(("receiving_account", account)) }
        if notice.timeFrom == .body { expect.append(("occurred_at", Self.time(notice))) }
        return expect
    }

    /// As people write it: the day, with the hour where the mail says it, in Istanbul.
    static func time(_ notice: PaymentNotice) -> String {
        if let day = notice.dayOnly { return day }
        let local = notice.occurredAt.addingTimeInterval(Double(Timestamp.istanbul))
        let text = Timestamp.text(local).dropLast().replacing("T", with: " ")
        return String(text.hasSuffix(":00") ? text.dropLast(3) : text)
    }

    private func movements(_ reading: Reading) -> String {
        (["        outcome: \(reading.outcome.rawValue)", "        movements:"]
            + reading.movements.map { movement in
                var keys = ["outcome: \(movement.outcome.rawValue)"]
                if let notice = movement.notice {
                    keys.append("amount: \(notice.amount.decimal) \(notice.amount.currency)")
                    keys.append("payer: \(YAMLWriter.scalar(notice.payer ?? "none"))")
                    keys.append("description: \(YAMLWriter.scalar(notice.description ?? "none"))")
                    if notice.timeFrom == .body {
                        keys.append("occurred_at: \(YAMLWriter.scalar(Self.time(notice)))")
                    }
                    if let id = notice.transactionID {
                        keys.append("transaction_id: \(YAMLWriter.scalar(id))")
                    }
                }
                return "          - { \(keys.joined(separator: ", ")) }"
            }).joined(separator: "\n")
    }

    /// Samples that show what they should; those that do not are said, and left out.
    private func kept(
        _ samples: [Sample], _ trial: RuleTrial, _ remarks: inout [Wording]
    ) -> [Sample] {
        let readings = trial.samples.map(\.reading)
        guard readings.count == samples.count else { return samples }
        let amount = readings.first?.notices.first?.amount
        return zip(samples, readings).filter { sample, reading in
            switch sample.group {
            case "no_match":
                guard reading.outcome == .payment else { return true }
                remarks.append(
                    Wording(
                        "money that went out may be taken for a payment: find out how this bank "
                            + "writes it, and add those words under direction: out:",
                        "giden para ödeme sanılabilir: bu bankanın giden parayı nasıl yazdığını "
                            + "öğrenin ve o sözcükleri direction: out: altına ekleyin"))
                return false
            case "hostile":
                guard reading.outcome == .payment, reading.notices.first?.amount != amount else {
                    return true
                }
                remarks.append(
                    Wording(
                        "a payer could write an amount into the description that is taken for the "
                            + "bank's: do not confirm this rule",
                        "ödeyen, açıklamaya yazdığı tutarı bankanınki gibi gösterebilir: bu kuralı "
                            + "onaylamayın"))
                return false
            default: return true
            }
        }.map(\.0)
    }

    private func remark(_ trial: RuleTrial, _ remarks: inout [Wording]) {
        let matches = trial.samples.filter { $0.group == "match" }
        if let notice = matches.first?.reading.notices.first {
            if notice.payer == nil {
                remarks.append(
                    Wording(
                        "no payer was found; if the bank prints one, add a label or a group for it",
                        "gönderen adı bulunamadı; banka yazıyorsa bir etiket ya da grup ekleyin"))
            }
            if notice.description == nil, !plan.fields.contains(.description) {
                remarks.append(
                    Wording(
                        "no description was found: without it no code can be read, and a person "
                            + "decides more often",
                        "açıklama bulunamadı: onsuz kod okunamaz, kişilere daha çok iş düşer"))
            }
        }
        if let rule = mails.lazy.compactMap(alreadyReads).first {
            remarks.append(
                Wording(
                    "\(rule) reads such a mail already; the draft is tried first, so these mails "
                        + "go to a person until you confirm it",
                    "\(rule) böyle bir e-postayı zaten okuyor; taslak önce denenir, onaylayana "
                        + "dek bu e-postalar bir insana gider"))
        }
        for (field, label) in plan.unread {
            let name = field.rawValue
            remarks.append(
                label.map {
                    Wording(
                        "\(name): the label is not known: \($0); write it under fields:",
                        "\(name): etiketi tanınmadı: \($0); fields: altına yazın")
                }
                    ?? Wording(
                        "\(name): it seems to stand in the text, but nothing in the draft reads it",
                        "\(name): metinde var gibi, ama taslak onu okumuyor"))
        }
        if mails.allSatisfy({ $0.signers.isEmpty }) {
            remarks.append(
                Wording(
                    "the mail has no signature of \(MailAnonymizer.owned(mails[0].sender.domain)): "
                        + "was it forwarded? check authentication: domains:",
                    "e-postada \(MailAnonymizer.owned(mails[0].sender.domain)) imzası yok: "
                        + "iletilmiş mi? authentication: domains: satırına bakın"))
        }
    }

    /// The variant of the file that is added to which takes the mail as it is.
    private func alreadyReads(_ mail: DraftMail) -> String? {
        guard let book = base?.book else { return nil }
        let received = mail.message.date ?? Date(timeIntervalSince1970: 0)
        let reading = book.read(mail.message, receivedAt: received)
        return reading.outcome == .payment ? reading.rule?.text : nil
    }

    private func findings(_ trial: RuleTrial) -> [RuleDraft.Finding] {
        let reading = trial.samples.first { $0.group == "match" }?.reading
        let notice = reading?.notices.first
        return Field.allCases.filter { $0 != .amountInWords }.map { field in
            let value: String? =
                switch field {
                case .amount: notice?.amount.description
                case .amountInWords: nil
                case .payer: notice?.payer
                case .description: notice?.description
                case .occurredAt:
                    notice?.timeFrom == .body ? notice.map(Self.time) : nil
                case .transactionID: notice?.transactionID
                case .senderIBAN: notice?.senderIBAN
                case .receivingAccount: notice?.receivingAccount
                }
            let column = plan.table?.column(field.rawValue)?.heading
            let label =
                column.map { pick("column", "sütun") + " \($0)" }
                ?? plan.labelled.first { $0.field == field }.map { $0.label + ":" }
            let other = plan.fields.contains(field) ? pick("sentence", "cümle") : nil
            return RuleDraft.Finding(
                field: field.rawValue, whereFound: label ?? other, value: value)
        }
    }
}
