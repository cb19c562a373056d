// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Statements

/// What a statement and the mails say together, for people and as JSON.
struct ReconciliationText {
    let path: String
    let statements: [Statement]
    let result: Reconciliation
    let isApplied: Bool

    /// One object per line with money in, per payment that only mails know, and a summary.
    var json: [JSONLine] {
        var objects = result.items.map { item in
            var line = JSONLine()
            line.put("file", path)
            line.put("line", item.number)
            line.put("row", item.line.row)
            line.put("booked", item.line.booked.description)
            line.put("amount", item.line.amount)
            line.put("currency", item.line.amount.currency.code)
            line.put("payer", item.line.counterparty)
            line.put("description", item.line.description)
            line.put("finding", item.finding.name)
            line.put("payments", item.finding.payments.map(\.number))
            if case .uncertain = item.finding {
                line.put("perhaps_told_by", item.isPerhapsLine ? "statement" : "mail")
            }
            guard case .both = item.finding else { return line }
            line.put("joined_by", item.joinedBy.map(Self.name) ?? "answer")
            line.put("only_choice", item.isOnlyChoice)
            return line
        }
        objects += result.mailOnly.map { payment in
            var line = JSONLine()
            line.put("file", path)
            line.put("finding", "mail_only")
            line.put("payment", payment.id.number)
            line.put("amount", payment.notice.amount)
            line.put("currency", payment.notice.amount.currency.code)
            line.put("payer", payment.notice.payer)
            line.put("occurred_at", payment.notice.occurredAt)
            line.put("state", payment.state.rawValue)
            return line
        }
        objects += result.takenBack.map { taken in
            var line = JSONLine()
            line.put("file", path)
            line.put("row", taken.line.row)
            line.put("booked", taken.line.booked.description)
            line.put("amount", taken.line.amount)
            line.put("currency", taken.line.amount.currency.code)
            line.put("payer", taken.line.counterparty)
            line.put("description", taken.line.description)
            line.put("finding", taken.isOpen ? "taken_back" : "taken_back_known")
            line.put("payments", taken.payments.map(\.number))
            if !taken.bookedBack.isEmpty {
                line.put("booked_back", taken.bookedBack.map(object))
            }
            return line
        }
        objects += result.returned.map { returned in
            var line = JSONLine()
            line.put("file", path)
            line.put("row", returned.line.row)
            line.put("booked", returned.line.booked.description)
            line.put("amount", returned.line.amount)
            line.put("currency", returned.line.amount.currency.code)
            line.put("payer", returned.line.counterparty)
            line.put("description", returned.line.description)
            line.put("finding", returned.isOpen ? "returned" : "returned_known")
            line.put("payments", returned.refunds.map(\.payment.number))
            line.put("decisions", returned.refunds.map(\.decision.number))
            return line
        }
        var summary = JSONLine()
        summary.put("file", path)
        summary.put("known", count(.known))
        summary.put("both", count(.both))
        summary.put("uncertain", count(.perhapsMail) + count(.perhapsLine))
        summary.put("bank_only", count(.bankOnly))
        summary.put("mail_only", result.mailOnly.count)
        summary.put("taken_back", result.takenBack.count(where: \.isOpen))
        summary.put("returned", result.returned.count(where: \.isOpen))
        summary.put("other_lines", result.otherLines)
        summary.put("applied", isApplied)
        summary.put("warnings", statements.flatMap(\.warnings).map { text($0, .english) })
        return objects + [summary]
    }

    func text(_ language: Language) -> String {
        var lines = statements.flatMap(\.warnings).map {
            language.pick("Warning: ", "Uyarı: ") + text($0, language)
        }
        lines += section(
            language.pick("Only the bank knows", "Yalnız banka biliyor"), .bankOnly, language)
        lines += section(
            language.pick("Perhaps told by a mail; please look", "Belki bir postada var; bakın"),
            .perhapsMail, language)
        lines += section(
            language.pick(
                "Perhaps a line of another statement; please look",
                "Belki başka bir ekstrenin satırı; bakın"), .perhapsLine, language)
        if count(.perhapsMail) + count(.perhapsLine) > 0 {
            lines.append(
                language.pick(
                    "Say which it is: --pair LINE=PAYMENT, or --new LINE when it is another "
                        + "transfer than these payments.",
                    "Hangisi olduğunu söyleyin: --pair SATIR=ÖDEME; bu ödemelerden başka bir "
                        + "havaleyse: --new SATIR."))
        }
        if !result.mailOnly.isEmpty {
            lines.append(
                language.pick("Only mails know: ", "Yalnız postalar biliyor: ")
                    + "\(result.mailOnly.count)")
            var table = Table([
                language.pick("PAYMENT", "ÖDEME"), language.pick("DAY", "GÜN"),
                language.pick("AMOUNT", "TUTAR"), language.pick("PAYER", "GÖNDEREN"),
                language.pick("STATE", "DURUM"),
            ])
            for payment in result.mailOnly {
                table.add([
                    payment.id.description, BankDay(of: payment.notice.occurredAt).description,
                    payment.notice.amount.description, payment.notice.payer ?? "–",
                    language.word(payment.state),
                ])
            }
            lines.append(table.text)
        }
        lines += bookedBack(language) + takenBack(language) + returned(language) + joined(language)
        let (both, known) = (count(.both), count(.known))
        lines.append(
            language.pick(
                "Both know: \(both). Applied before: \(known). Other lines: \(result.otherLines).",
                "İkisi de biliyor: \(both). Önceden işlenmiş: \(known). Diğer satırlar: "
                    + "\(result.otherLines)."))
        let new = count(.bankOnly)
        if isApplied {
            lines.append(
                language.pick(
                    "\(both.of("line")) joined, \(new.of("new payment")) booked.",
                    "\(both) satır birleştirildi, \(new) yeni ödeme deftere yazıldı."))
        } else if both + new > 0 {
            lines.append(
                language.pick(
                    "Nothing is written yet. With --apply, \(both) lines are joined and \(new) "
                        + "become payments.",
                    "Henüz hiçbir şey yazılmadı. --apply ile \(both) satır birleştirilir, \(new) "
                        + "satır ödeme olur."))
        }
        return lines.joined(separator: "\n")
    }

    /// What the bank took back and the books do not know of.
    private func takenBack(_ language: Language) -> [String] {
        let open = result.takenBack.filter(\.isOpen)
        guard !open.isEmpty else { return [] }
        var table = Table([
            language.pick("ROW", "SATIR"), language.pick("DAY", "GÜN"),
            language.pick("AMOUNT", "TUTAR"), language.pick("WORDS", "AÇIKLAMA"),
            language.pick("PAYMENTS", "ÖDEMELER"),
        ])
        for taken in open {
            let numbers = taken.payments.map(\.description).joined(separator: " ")
            table.add([
                "\(taken.line.row)", taken.line.booked.description, taken.line.amount.description,
                taken.line.description ?? "–", numbers.isEmpty ? "–" : numbers,
            ])
        }
        return [
            language.pick("Taken back by the bank: ", "Bankanın geri aldığı: ") + "\(open.count)",
            table.text,
            isApplied
                ? language.pick(
                    "A person has to say what these are: review list, or payments reverse PAYMENT.",
                    "Bunlara bir kişi karar verir: review list ya da payments reverse ÖDEME.")
                : language.pick(
                    "With --apply, what is certain of these is booked back, the rest asked about.",
                    "--apply ile bunlardan kesin olanlar geri yazılır, ötekiler sorulur."),
        ]
    }

    /// What came back of what had been sent, and the books still call sent.
    private func returned(_ language: Language) -> [String] {
        let open = result.returned.filter(\.isOpen)
        guard !open.isEmpty else { return [] }
        var table = Table([
            language.pick("ROW", "SATIR"), language.pick("DAY", "GÜN"),
            language.pick("AMOUNT", "TUTAR"), language.pick("WORDS", "AÇIKLAMA"),
            language.pick("PAYMENTS", "ÖDEMELER"), language.pick("DECISIONS", "KARARLAR"),
        ])
        for returned in open {
            let payments = returned.refunds.map(\.payment.description).joined(separator: " ")
            let decisions = returned.refunds.map(\.decision.description).joined(separator: " ")
            table.add([
                "\(returned.line.row)", returned.line.booked.description,
                returned.line.amount.description, returned.line.description ?? "–",
                payments.isEmpty ? "–" : payments, decisions.isEmpty ? "–" : decisions,
            ])
        }
        return [
            language.pick("Sent back and returned: ", "İade edilip geri dönen: ")
                + "\(open.count)",
            table.text,
            language.pick(
                "Nothing is booked for these: review undo --decision DECISION makes the refund "
                    + "due again.",
                "Bunlar deftere yazılmaz: review undo --decision KARAR iadeyi yeniden "
                    + "yapılacaklara alır."),
        ]
    }

    /// What was joined and could be otherwise: several fitted, or the name did in part or stood
    /// among other words.
    private func joined(_ language: Language) -> [String] {
        let items = items(.both).filter { item in
            guard let kinship = item.joinedBy else { return false }
            return !item.isOnlyChoice || kinship == .nearName
                || kinship == .name && item.line.counterparty == nil
        }
        guard !items.isEmpty else { return [] }
        var table = Table([
            language.pick("PAYMENT", "ÖDEME"), language.pick("LINE", "SATIR"),
            language.pick("DAY", "GÜN"), language.pick("AMOUNT", "TUTAR"),
            language.pick("WORDS", "AÇIKLAMA"), language.pick("BECAUSE", "NEDEN"),
        ])
        for item in items {
            table.add([
                item.finding.payments.map(\.description).joined(separator: " "), "\(item.number)",
                item.line.booked.description, item.line.amount.description,
                [item.line.counterparty, item.line.description].compactMap(\.self)
                    .joined(separator: " · "),
                because(item, language),
            ])
        }
        return [
            language.pick("Joined, worth a look: ", "Birleşen, bakmaya değer: ")
                + "\(items.count)",
            table.text,
            language.pick(
                "A line that was joined wrongly: payments separate PAYMENT, once it is applied.",
                "Yanlış birleşen satır: işlendikten sonra payments separate ÖDEME."),
        ]
    }

    private func because(_ item: Reconciliation.Item, _ language: Language) -> String {
        let reason =
            switch item.joinedBy {
            case .number: language.pick("the bank's number", "bankanın numarası")
            case .code: language.pick("the code", "kod")
            case .name: language.pick("the name", "ad")
            case .nearName: language.pick("a part of the name", "adın bir bölümü")
            case .possible, .doubtful, nil: "–"
            }
        return item.isOnlyChoice
            ? reason : reason + language.pick(", one of several", ", birkaçından biri")
    }

    private static func name(_ kinship: StatementKinship) -> String {
        switch kinship {
        case .number: "number"
        case .code: "code"
        case .name: "name"
        case .nearName: "near_name"
        case .possible: "possible"
        case .doubtful: "doubtful"
        }
    }

    private enum Kind { case known, both, perhapsMail, perhapsLine, bankOnly }

    private func items(_ kind: Kind) -> [Reconciliation.Item] {
        result.items.filter { item in
            switch (kind, item.finding) {
            case (.known, .known), (.known, .repeated), (.both, .both), (.bankOnly, .bankOnly):
                true
            case (.perhapsMail, .uncertain): !item.isPerhapsLine
            case (.perhapsLine, .uncertain): item.isPerhapsLine
            default: false
            }
        }
    }

    private func count(_ kind: Kind) -> Int { items(kind).count }

    private func section(_ title: String, _ kind: Kind, _ language: Language) -> [String] {
        let items = items(kind)
        guard !items.isEmpty else { return [] }
        var table = Table([
            language.pick("LINE", "SATIR"), language.pick("DAY", "GÜN"),
            language.pick("AMOUNT", "TUTAR"), language.pick("PAYER", "GÖNDEREN"),
            language.pick("WORDS", "AÇIKLAMA"), language.pick("PAYMENTS", "ÖDEMELER"),
        ])
        for item in items {
            let numbers = item.finding.payments.map(\.description).joined(separator: " ")
            table.add([
                "\(item.number)", item.line.booked.description, item.line.amount.description,
                item.line.counterparty ?? "–", item.line.description ?? "–",
                numbers.isEmpty ? "–" : numbers,
            ])
        }
        return ["\(title): \(items.count)", table.text]
    }

    private func text(_ warning: StatementWarning, _ language: Language) -> String {
        switch warning {
        case .balanceDiffers:
            language.pick(
                "opening balance and lines do not give the closing balance; lines are missing",
                "açılış bakiyesi ile satırlar kapanış bakiyesini vermiyor; eksik satır var")
        case .pending(let count):
            language.pick(
                "\(count) entries are not booked yet and are left out",
                "\(count) hareket henüz kesinleşmedi, alınmadı")
        case .runningBalanceDiffers(let row):
            language.pick(
                "the balances do not follow from the amounts, first at row \(row)",
                "bakiyeler tutarlardan çıkmıyor, ilk olarak \(row). satırda")
        case .noAccount:
            language.pick(
                "the file names no account; say whose it is with --account",
                "dosyada hesap yok; kimin olduğunu --account ile belirtin")
        case .draftMapping(let name):
            language.pick(
                "the mapping “\(name)” is a draft: compare some lines with the file",
                "“\(name)” eşlemesi taslak: birkaç satırı dosyayla karşılaştırın")
        }
    }
}

extension Reconciliation.Finding {
    /// A stable name for programs.
    fileprivate var name: String {
        switch self {
        case .known, .repeated: "known"
        case .both: "both"
        case .uncertain: "uncertain"
        case .bankOnly: "bank_only"
        }
    }

    fileprivate var payments: [PaymentID] {
        switch self {
        case .known(let id), .both(let id): [id]
        case .uncertain(let ids): ids
        case .bankOnly, .repeated: []
        }
    }
}
