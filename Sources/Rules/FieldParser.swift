// SPDX-License-Identifier: Apache-2.0

import Domain

extension RuleParser {
    func fields(_ node: RuleNode?, empty: Set<String>) -> [FieldRule] {
        guard let node, node.mapping(RuleFormat.fields) != nil else { return [] }
        return node.pairs().compactMap { pair in
            Field(rawValue: pair.key).flatMap { field(pair.value, $0, empty) }
        }
    }

    private func field(_ node: RuleNode, _ field: Field, _ empty: Set<String>) -> FieldRule? {
        guard let entries = node.mapping(RuleFormat.field(field)) else { return nil }
        var rule = FieldRule(field: field, place: node.home)
        rule.labels = (entries["label"]?.oneOrMore() ?? []).compactMap(label)
        let places = (entries["place"]?.oneOrMore() ?? []).compactMap {
            $0.word("place", as: FieldRule.Place.self)
        }
        if !places.isEmpty { rule.places = places }
        rule.occurrence = entries["occurrence"]?.word("occurrence", as: FieldRule.Occurrence.self)
        rule.style = entries["style"]?.word("style", as: NumberStyle.self)
        rule.currency = entries["currency"].flatMap(currency)
        rule.dates = dates(entries["dates"])
        rule.zone = entries["zone"].flatMap(zone) ?? .istanbul
        rule.empty = Set(
            (entries["empty"]?.oneOrMore() ?? []).compactMap { $0.text("empty")?.turkishFolded() })
        if field != .amount, field != .amountInWords { rule.empty.formUnion(empty) }
        rule.mask = Set(entries["mask"]?.text("mask") ?? "")
        rule.cut = entries["cut"]?.number("cut", in: 5...200)
        rule.letters = entries["case"]?.word("case", as: FieldRule.LetterCase.self) ?? .asTyped
        rule.isRequired = entries["required"]?.flag("required") ?? false
        rule.isPayerControlled = isPayerControlled(entries, field)
        if rule.isPayerControlled, rule.places.contains(.untilLabel) {
            entries["place"]?.complain(
                "until_label ends at a label that the payer can write; use same_line",
                "until_label, ödeyenin yazabileceği bir etikette biter; same_line kullanın",
                offending: FieldRule.Place.untilLabel.rawValue)
        }
        return rule
    }

    private func isPayerControlled(_ entries: [String: RuleNode], _ field: Field) -> Bool {
        var isPayers: Bool?
        if let node = entries["controlled_by"] {
            isPayers = node.word("controlled_by", as: FieldRule.Author.self).map { $0 == .payer }
        }
        if let node = entries["payer_controlled"] {
            if entries["controlled_by"] != nil {
                node.complain(
                    "controlled_by says this already; drop payer_controlled",
                    "bunu controlled_by zaten söylüyor; payer_controlled satırını silin")
            }
            isPayers = isPayers ?? node.flag("payer_controlled")
        }
        let node = entries["controlled_by"] ?? entries["payer_controlled"]
        if field == .description, isPayers == false {
            node?.complain(
                "description is always what the payer wrote; drop this",
                "description her zaman ödeyenin yazdığıdır; bunu silin")
        }
        if field == .amount || field == .amountInWords, isPayers == true {
            node?.complain(
                "an amount that the payer writes proves nothing; drop this",
                "ödeyenin yazdığı tutar hiçbir şeyi kanıtlamaz; bunu silin")
        }
        return field == .description || isPayers == true
    }

    private func currency(_ node: RuleNode) -> Currency? {
        guard let text = node.text("currency") else { return nil }
        if let currency = Currency(text) { return currency }
        node.complain(
            "a currency has three letters, such as TRY",
            "para birimi üç harftir, örneğin TRY", offending: text)
        return nil
    }

    private func zone(_ node: RuleNode) -> ClockZone? {
        guard let text = node.text("zone") else { return nil }
        if let zone = ClockZone(text) { return zone }
        let names = ClockZone.names.joined(separator: ", ")
        node.complain(
            "\(text) is no zone; write +03:00 or one of \(names)",
            "\(text) diye bir saat dilimi yok; +03:00 ya da şunlardan birini yazın: \(names)",
            offending: text)
        return nil
    }

    private func dates(_ node: RuleNode?) -> [DatePattern] {
        (node?.oneOrMore() ?? []).compactMap { entry in
            guard let text = entry.text("a date", "tarih") else { return nil }
            if let date = DatePattern(text) { return date }
            entry.complain(
                "\(text) is no date; write it with dd MM yyyy HH mm ss, such as dd.MM.yyyy HH:mm",
                "\(text) bir tarih değil; dd MM yyyy HH mm ss ile yazın, örneğin dd.MM.yyyy HH:mm",
                offending: text)
            return nil
        }
    }
}

// MARK: - Rows

extension RuleParser {
    func rows(_ node: RuleNode) -> TableRule? {
        guard let entries = node.mapping(RuleFormat.rows) else { return nil }
        let columns = entries["columns"]?.mapping(RuleFormat.columns) ?? [:]
        let sentences = self.sentences(entries["sentence"])
        if (entries["columns"] == nil) == (entries["sentence"] == nil) {
            node.complain(
                "rows needs columns: or a sentence:, one of the two",
                "rows için columns: ya da sentence: gerekir, ikisinden biri")
        }
        let statuses = entries["status"]?.mapping(RuleFormat.rowStatus) ?? [:]
        var words: [String: TableRule.Status] = [:]
        for status in TableRule.Status.allCases {
            for word in statuses[status.rawValue]?.oneOrMore() ?? [] {
                guard let text = word.text("status")?.turkishFolded() else { continue }
                if let other = words[text], other != status {
                    word.complain(
                        "\(text) stands under \(other.rawValue) and \(status.rawValue); keep one",
                        "\(text) hem \(other.rawValue) hem \(status.rawValue) altında; "
                            + "birini bırakın", offending: text)
                }
                words[text] = status
            }
        }
        var fields: [Field: TableRule.Column] = [:]
        for field in Field.allCases {
            if let column = columns[field.rawValue] { fields[field] = self.column(column) }
        }
        let statusColumn = columns["status"].flatMap(column)
        let hasStatus =
            statusColumn != nil || sentences.contains { $0.groups.contains { $0 == .status } }
        if hasStatus == words.isEmpty {
            node.complain(
                "a status column and the words of status: belong together; add the other one",
                "durum sütunu ile status: sözcükleri birlikte olur; eksik olanı ekleyin")
        }
        let rule = TableRule(
            columns: fields, cells: entries["cells"]?.number("cells", in: TableRule.cells),
            amountOut: columns["amount_out"].flatMap(column),
            statusColumn: statusColumn, timeColumn: columns["time"].flatMap(column),
            sentences: sentences,
            isSigned: entries["signed"]?.flag("signed") ?? false, statuses: words,
            skip: tests(entries["skip"]), end: tests(entries["end"]))
        check(rule, entries["cells"], node)
        return rule
    }

    /// Columns by number are those of rows with a known number of cells: of another row nobody can
    /// tell which of them is missing.
    private func check(_ rule: TableRule, _ cells: RuleNode?, _ node: RuleNode) {
        guard complaints.problems.isEmpty else { return }
        let needsCells = !rule.hasHeading && rule.lastNumber > 0
        if needsCells, cells == nil {
            node.complain(
                "columns by number need cells:, how many cells a row has",
                "sütun sırayla verilince cells: de gerekir: satırda kaç göz olduğu")
        } else if let cells, !needsCells {
            cells.complain(
                "cells is for columns by number; drop it, the heading has as many",
                "cells, sırayla verilen sütunlar içindir; silin, başlıkta o kadar göz vardır",
                offending: "cells")
        }
        if let cells, let count = rule.cells, needsCells, count < rule.lastNumber {
            cells.complain(
                "column \(rule.lastNumber) is beyond the \(count) cells of a row",
                "\(rule.lastNumber). sütun, satırdaki \(count) gözün dışında",
                offending: String(count))
        }
    }

    private func column(_ node: RuleNode) -> TableRule.Column? {
        let names = node.oneOrMore().compactMap { $0.text("a column", "sütun adı") }
        if names.count == 1, let number = Int(names[0]) {
            if TableRule.cells.contains(number) { return .number(number - 1) }
            node.complain(
                "columns are counted from 1 to 40", "sütunlar 1'den 40'a kadar sayılır",
                offending: names[0])
            return nil
        }
        return .heading(names.map { Array($0.turkishFolded().utf8) })
    }
}
