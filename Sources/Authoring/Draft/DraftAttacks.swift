// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Mail
internal import Rules

/// Samples in which somebody tries to be taken for the bank, in the words and numbers of its mails.
extension DraftWriter {
    func hostile(_ model: Sample) -> [Sample] {
        let stranger = Sample(
            group: "hostile",
            name: pick("the bank's text from another address", "bankanın metni başka adresten"),
            from: "bildirim@\(mails[0].sender.domain).odeme.example", subject: model.subject,
            text: model.text, received: model.received, attachment: model.attachment)
        let amount = Self.attackAmount(in: model.text + "\n" + model.subject)
        return [
            stranger, rowAttack(model, amount), labelAttack(model, amount),
            sentenceAttack(model, amount),
        ].compactMap(\.self)
    }

    /// An amount that nobody sent, written as the bank writes the first one of `text`.
    private static func attackAmount(in text: String) -> String {
        let signs = Array(text.unicodeScalars)
        let amounts = ValueShape.amounts(signs)
        guard let one = amounts.first(where: { $0.unit != nil }) ?? amounts.first else {
            return "9.999,00 TL"
        }
        let number = one.style == "english" ? "9,999.00" : "9.999,00"
        guard let unit = one.unit else { return number }
        let gap = signs[one.range].contains { $0 == " " || $0 == "\u{A0}" } ? " " : ""
        return one.unitIsBefore ? unit + gap + number : number + gap + unit
    }

    /// The payer writes a row of the table into the description.
    private func rowAttack(_ model: Sample, _ amount: String) -> Sample? {
        guard plan.table?.column(Field.description.rawValue) != nil else { return nil }
        return model.renamed(
            "hostile", pick("the payer writes a row of the table", "ödeyen tablo satırı yazıyor")
        ).with(
            subject: model.subject,
            text: TableSketch.changing(model.text) { cells, table in
                var cells = cells
                if let place = table.column(Field.description.rawValue)?.place {
                    cells[place] += " 22.11.2026 ELİF KARACA \(amount)"
                }
                return cells
            })
    }

    /// The payer writes labels of the bank into the description.
    private func labelAttack(_ model: Sample, _ amount: String) -> Sample? {
        func label(_ field: Field) -> NoticeSketch.Labelled? {
            plan.labelled.first { $0.field == field }
        }
        guard let own = label(.description) else { return nil }
        let amountLabel = label(.amount)?.label ?? (plan.isTurkish ? "Tutar" : "Amount")
        let payerLabel = label(.payer)?.label ?? (plan.isTurkish ? "Gönderen" : "Sender")
        let words = "KTF6HV349 \(amountLabel): \(amount) \(payerLabel): ELİF KARACA"
        var lines = model.text.split(separator: "\n").map(String.init)
        let place = lines.firstIndex { line in
            // The empty cells at its ends are margins.
            NoticeSketch.trim(line).turkishFolded().hasPrefix(own.label.turkishFolded())
        }
        guard let place, own.place != "next_line" || place + 1 < lines.count else { return nil }
        if own.place == "next_line" {
            lines[place + 1] = words
        } else {
            let signs = Array(NoticeSketch.trim(lines[place]).unicodeScalars)
            let end = signs.lastIndex { $0 == "\t" || $0 == ":" } ?? signs.count - 1
            let start = own.place == "same_line" ? signs.firstIndex(of: ":") ?? end : end
            lines[place] = String(String.UnicodeScalarView(signs[...start])) + " " + words
        }
        return model.renamed(
            "hostile", pick("the payer imitates fields", "ödeyen alanları taklit ediyor")
        ).with(subject: model.subject, text: lines.joined(separator: "\n"))
    }

    /// Where a value stands in a sentence: a payer who ends the sentence and begins another one.
    private func sentenceAttack(_ model: Sample, _ amount: String) -> Sample? {
        guard plan.sentence != nil, plan.table == nil else { return nil }
        var lines = model.text.split(separator: "\n").map(String.init)
        for (place, line) in lines.enumerated() {
            guard let sketch = SentenceSketch(line),
                let own = sketch.values.first(where: { $0.field == .description })
                    ?? sketch.values.first(where: { $0.field == .payer }),
                let old = sketch.values.first(where: { $0.field == .amount })
            else { continue }
            func part(_ range: Range<Int>, isForged: Bool) -> String {
                guard isForged, range.contains(old.range.lowerBound) else {
                    return sketch.text(range)
                }
                return sketch.text(range.lowerBound..<old.range.lowerBound) + amount
                    + sketch.text(old.range.upperBound..<range.upperBound)
            }
            let (head, tail) = (
                0..<own.range.lowerBound, own.range.upperBound..<sketch.signs.count
            )
            let words =
                sketch.text(own.range) + part(tail, isForged: true) + " "
                + part(head, isForged: true) + sketch.text(own.range)
            lines[place] = sketch.text(head) + words + sketch.text(tail)
            return model.renamed(
                "hostile", pick("the payer writes the sentence on", "ödeyen cümleyi sürdürüyor")
            ).with(subject: model.subject, text: lines.joined(separator: "\n"))
        }
        return nil
    }
}
