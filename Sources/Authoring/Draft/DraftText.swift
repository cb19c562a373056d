// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

extension DraftWriter {
    /// The file's text, in the order in which an organizer reads it.
    func text(_ samples: [Sample]) -> String {
        var out: [String] = []
        if let base {
            out.append(contentsOf: headOfAddition(to: base))
            out.append(contentsOf: variant())
        } else {
            out.append(contentsOf: head())
            out.append(contentsOf: senders())
            out.append("")
            out.append(contentsOf: variant())
            out.append(contentsOf: lookAlikes())
        }
        out.append("")
        out.append(contentsOf: samplesText(samples))
        return out.joined(separator: "\n") + "\n"
    }

    private func say(_ english: String, _ turkish: String, indent: Int = 0) -> String {
        String(repeating: " ", count: indent) + "# " + (request.isTurkish ? turkish : english)
    }

    private func head() -> [String] {
        let day = mails.compactMap(\.message.date).max().map { Timestamp.text($0).prefix(10) }
        return [
            say(
                "Drafted from \(mails.count == 1 ? "one mail" : "\(mails.count) mails"). Read the lines behind # and correct what is wrong, then:",
                "\(mails.count == 1 ? "Bir e-postadan" : "\(mails.count) e-postadan") taslak. # ile başlayan satırları okuyup yanlışları düzeltin, sonra:"
            ),
            testLine,
            "id: \(id)",
            say("The name that customers know.", "Müşterilerin bildiği ad."),
            "bank: \(YAMLWriter.scalar(bankName))",
            say(
                "A draft approves nobody by itself. Write confirmed when some real mails were read well.",
                "Taslak kendiliğinden kimseyi onaylamaz. Birkaç gerçek e-posta doğru okununca confirmed yazın."
            ),
            "status: draft",
        ] + (day.map { ["since: \($0)"] } ?? []) + [""]
    }

    private var testLine: String {
        request.testCommand("\(id)/\(fileName)").map { "#   \($0)" }
            ?? say(
                "save this as FOLDER/\(id)/\(fileName) and run: mutabik rules test FOLDER/\(id)",
                "bunu KLASÖR/\(id)/\(fileName) diye kaydedip çalıştırın: mutabik rules test KLASÖR/\(id)"
            )
    }

    private func headOfAddition(to base: RuleTrial) -> [String] {
        var out = [
            say(
                "One more kind of notice for \(id), tried before the others. Read the lines behind #, then:",
                "\(id) için bir çeşit daha, öbürlerinden önce denenir. # ile başlayan satırları okuyun, sonra:"
            ),
            testLine, "extends: \(id)",
        ]
        let isNew = mails.contains { !(base.book?.isFor($0.sender) ?? false) }
        if isNew {
            out.append(
                say(
                    "An address that the file does not know yet. Who signs it?",
                    "Dosyanın henüz bilmediği bir adres. Onu kim imzalıyor?"))
            out.append("senders:")
            out.append("  addresses: \(YAMLWriter.list(addresses))")
        }
        return out + [""]
    }

    private var addresses: [String] {
        Array(Set(mails.map { $0.sender.address.lowercased() })).sorted()
    }

    private var bankName: String {
        let name = mails[0].sender.displayName
        return !name.isEmpty && name.count <= 60 && !name.contains("@")
            ? name : id.prefix(1).uppercased() + id.dropFirst()
    }

    private func senders() -> [String] {
        let signers = Array(Set(mails.flatMap(\.signers))).sorted()
        let owned = MailAnonymizer.owned(mails[0].sender.domain)
        let domains =
            signers.isEmpty ? Array(Set([mails[0].sender.domain, owned])).sorted() : signers
        var out = ["senders:", "  addresses: \(YAMLWriter.list(addresses))"]
        out.append(
            signers.isEmpty
                ? say(
                    "No signature was found in the mail; these are the sender's own domains.",
                    "E-postada imza bulunamadı; bunlar gönderenin kendi alan adlarıdır.")
                : say(
                    "Who signed the mail. Nobody else is believed.",
                    "E-postayı imzalayan. Başkasına inanılmaz."))
        out.append("authentication:")
        out.append("  domains: \(YAMLWriter.list(domains))")
        let found = Set(plan.fields + plan.unread.map(\.field))
        let never = [Field.occurredAt, .transactionID, .senderIBAN].filter { !found.contains($0) }
        if !never.isEmpty {
            out.append(
                say(
                    "Not seen in this mail. Take out what other mails of the bank do have.",
                    "Bu e-postada görülmedi. Bankanın başka e-postalarında olanı çıkarın."))
            out.append("never_sends: \(YAMLWriter.list(never.map(\.rawValue)))")
        }
        if let include = plan.include {
            out.append(
                say(
                    "Mails that only look like payments: card, fee, campaign, one-time code …",
                    "Yalnızca ödemeye benzeyenler: kart, ücret, kampanya, tek kullanımlık şifre …"))
            out.append("include: \(YAMLWriter.scalar(include))")
        } else {
            out.append(
                say(
                    "A mail that says one of these goes to a person, whatever else it says.",
                    "Bunlardan biri yazan e-posta, başka ne yazarsa yazsın bir insana gider."))
            out.append("deny:")
            out += plan.denied.map { "  - pattern: \(YAMLWriter.scalar($0.pattern))" }
        }
        return out
    }

    private func variant() -> [String] {
        var out = ["variants:", "  - id: \(variantID)", "    outcome: payment"]
        if base != nil {
            out.append(
                say(
                    "This kind alone is a draft; take the line away when it was read well.",
                    "Yalnız bu çeşit taslaktır; doğru okununca satırı silin.", indent: 4))
            out.append("    status: draft")
        }
        if let attachment = plan.attachment {
            out.append("    attachment: { type: \(attachment) }")
        }
        if !plan.subject.isEmpty || plan.subjectSentence != nil {
            out.append(
                say(
                    "What every such subject holds.", "Böyle her konuda bulunan sözler.", indent: 4)
            )
        }
        if let sentence = plan.subjectSentence {
            out.append("    subject:")
            if !plan.subject.isEmpty { out.append("      all: \(YAMLWriter.list(plan.subject))") }
            out.append("      sentence: \(YAMLWriter.scalar(sentence))")
        } else if !plan.subject.isEmpty {
            out.append("    subject: \(YAMLWriter.list(plan.subject))")
        }
        out.append(
            say(
                "Sentences of the bank that every such mail holds, and no other.",
                "Bankanın böyle her e-postada yazdığı, başkasında yazmadığı sözler.", indent: 4))
        out.append("    frame:")
        out += plan.frame.map { "      - \(YAMLWriter.scalar($0))" }
        if !plan.directionIn.isEmpty || !plan.directionOut.isEmpty {
            out.append(
                say(
                    "in: one of these says that money came in. out: none of these may stand there.",
                    "in: biri paranın geldiğini söyler. out: hiçbiri bulunmamalı.", indent: 4))
            out.append("    direction:")
            if !plan.directionIn.isEmpty {
                out.append("      in: \(YAMLWriter.list(plan.directionIn))")
            }
            if !plan.directionOut.isEmpty {
                out.append("      out: \(YAMLWriter.list(plan.directionOut))")
            }
        }
        if let sentence = plan.sentence {
            out.append(
                say(
                    "The sentence with its values. Read it aloud beside a second mail.",
                    "Değerleriyle cümle. İkinci bir e-postanın yanında okuyun.", indent: 4))
            out.append("    sentence: \(YAMLWriter.scalar(sentence))")
        }
        if let table = plan.table { out += rows(table) }
        if plan.runTogether { out.append("    labels_run_together: true") }
        if !plan.labels.isEmpty {
            out.append(
                say(
                    "Other labels of the bank: a value ends before them.",
                    "Bankanın öbür etiketleri: değer onlardan önce biter.", indent: 4))
            out.append("    labels: \(YAMLWriter.list(plan.labels))")
        }
        return out + fields()
    }

    private func rows(_ table: TableSketch) -> [String] {
        func columns(_ columns: [TableSketch.Column]) -> String {
            columns.map { "\($0.name): \(YAMLWriter.scalar($0.heading))" }.joined(separator: ", ")
        }
        var out = [
            say(
                "A movement per row. signed: a minus went out. skip: lines that are no movement.",
                "Her satır bir hareket. signed: eksi giden paradır. skip: hareket olmayan satırlar.",
                indent: 4),
            "    rows:", "      columns: { \(columns(table.columns)) }",
        ]
        if table.column("amount_out") == nil { out.append("      signed: true") }
        let statuses = table.statuses
        if table.column("status") != nil {
            let words = [("in", statuses.cameIn), ("nothing", statuses.nothing)].filter {
                !$0.1.isEmpty
            }
            out.append(
                say(
                    "What each word of that column says: in, out, reversed, nothing.",
                    "O sütundaki her sözün anlamı: in, out, reversed, nothing.", indent: 6))
            out.append(
                "      status: { "
                    + words.map { "\($0.0): \(YAMLWriter.list($0.1))" }.joined(separator: ", ")
                    + " }")
        }
        if !table.skip.isEmpty { out.append("      skip: \(YAMLWriter.list(table.skip))") }
        return out
    }

    private func fields() -> [String] {
        var out = ["    fields:"]
        for one in plan.labelled {
            var keys = ["label: \(YAMLWriter.scalar(one.label))"]
            if one.place != "same_line" { keys.append("place: \(one.place)") }
            keys += extras(one.field)
            out.append("      \(one.field.rawValue): { \(keys.joined(separator: ", ")) }")
        }
        for field in [Field.amount, .occurredAt, .description]
        where (field != .description || plan.table != nil) && plan.fields.contains(field)
            && !plan.labelled.contains(where: { $0.field == field })
        {
            out.append("      \(field.rawValue): { \(extras(field).joined(separator: ", ")) }")
        }
        return out
    }

    private func extras(_ field: Field) -> [String] {
        switch field {
        case .amount:
            return ["style: \(plan.style ?? "turkish")"]
                + (plan.currency.map { ["currency: \($0)"] } ?? []) + ["required: true"]
        case .occurredAt: return ["dates: \(YAMLWriter.list(plan.dates))"]
        case .description: return ["empty: ['-', Belirtilmedi]"]
        default: return []
        }
    }

    private func lookAlikes() -> [String] {
        let out =
            plan.outgoing.isEmpty
            ? []
            : [
                "",
                say(
                    "Money that went out. Add the words of a real mail.",
                    "Giden para. Gerçek bir e-postanın sözlerini ekleyin.", indent: 2),
                "  - id: outgoing", "    outcome: not_a_payment", "    kind: outgoing",
                "    frame:", "      any: \(YAMLWriter.list(plan.outgoing))",
            ]
        guard plan.include == nil else { return out }
        let alike =
            plan.isTurkish
            ? [
                "  request: [para istiyor, ödeme istiyor]",
                "  failed: [gerçekleştirilememiştir, gerçekleştirilemedi]",
                "  pending: [işleme alınmıştır, hesabınıza geçecektir]",
                "  one_time_code: [doğrulama kodunuz, tek kullanımlık şifreniz]",
                "  campaign: [bonus kazan]",
            ]
            : [
                "  request: [requests money, payment request]",
                "  failed: [could not be completed, was declined]",
                "  pending: [is pending, will be credited]",
                "  one_time_code: [verification code, one-time password]",
                "  refund: [has been refunded]",
            ]
        let cameIn =
            plan.isTurkish
            ? [
                "money_in:", "  - para geldi",
                "  - pattern: 'hesabınıza (?:[^.]|\\.\\d)*(?:geldi|gelmiştir|yatırılmıştır|"
                    + "aktarılmıştır|gönderilmiştir)'",
            ]
            : [
                "money_in: [you received, you have received, sent you, has been deposited, "
                    + "has been credited]"
            ]
        return out + [""] + cameIn + ["", "look_alikes:"] + alike
    }

    private func samplesText(_ samples: [Sample]) -> [String] {
        var out = [
            say(
                "Run whenever the file is loaded. People and numbers are invented: keep it so.",
                "Dosya her yüklendiğinde çalışır. Kişiler ve sayılar uydurmadır: öyle kalsın."),
            "samples:",
        ]
        for group in ["match", "no_match", "hostile"] {
            out.append("  \(group):")
            for sample in samples where sample.group == group {
                out.append("    - name: \(YAMLWriter.scalar(sample.name))")
                out.append("      from: \(sample.from)")
                out.append("      subject: \(YAMLWriter.scalar(sample.subject))")
                if let name = sample.attachment {
                    out.append("      attachments:")
                    out.append("        - name: \(name)")
                    out.append("          text: \(YAMLWriter.block(sample.text, indent: 12))")
                } else if sample.text.isEmpty {
                    out.append("      text: ''")
                } else {
                    out.append("      text: \(YAMLWriter.block(sample.text, indent: 8))")
                }
                out.append("      received: \(YAMLWriter.scalar(sample.received))")
                out.append("      expect:")
                let expect =
                    sample.expect.isEmpty
                    ? [("outcome", group == "match" ? "payment" : "unclear")] : sample.expect
                out += expect.map { key, value in
                    key == "movements" ? value : "        \(key): \(YAMLWriter.scalar(value))"
                }
            }
        }
        return out
    }
}
