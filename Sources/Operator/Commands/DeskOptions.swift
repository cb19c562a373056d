// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger

/// The options of a command that decides something.
struct DeskOptions: ParsableArguments {
    @OptionGroup var list: ListOptions

    @Option(
        name: .customLong("by"), help: "Who decides, for the record. The user's name by default.")
    var name: String?

    /// Who decides where the user has no name either.
    static let nobody = "operator"

    var actor: String {
        let environment = ProcessInfo.processInfo.environment
        return name ?? environment["SUDO_USER"] ?? environment["USER"] ?? Self.nobody
    }

    /// Runs `body` in one transaction on the ledger that the agent works on.
    func decide<Value>(_ body: (LedgerTransaction) throws -> Value) throws -> Value {
        try list.ledger().write(body)
    }

    func show(_ report: AnswerReport) {
        let language = list.language
        if list.json {
            var line = JSONLine()
            line.put("decision", report.decision.number)
            if let payment = report.payment { line.put("payment", payment.number) }
            line.put(states: report.registrations)
            line.put("effects", report.effects)
            if let credit = report.credit { line.put("credit", credit) }
            let lists = [("kept", report.kept), ("not_due_any_more", report.notDueAnyMore)]
            for (key, rows) in lists where !rows.isEmpty {
                line.put(key, rows.map { JSONLine($0) })
            }
            if let review = report.review { line.put("review", review.number) }
            Terminal.line(line.finished)
            return
        }
        var lines = report.registrations.map { "\($0.id): \(language.word($0.state))" }
        lines += report.effects.map { "… \($0)" }
        if let credit = report.credit {
            lines.append(
                language.pick("\(credit) kept as credit", "\(credit) alacak olarak tutuldu"))
        }
        lines += report.kept.map { kept in
            language.pick(
                "\(kept.amount) of payment \(kept.payment) stays credit. To be asked about it: "
                    + "mutabik payments ask \(kept.payment)",
                "\(kept.payment) numaralı ödemeden \(kept.amount) alacak olarak duruyor. "
                    + "Ne olacağına karar vermek için: mutabik payments ask \(kept.payment)")
        }
        lines += report.notDueAnyMore.map { language.notDueAnyMore($0) }
        if let review = report.review { lines.append(sentence(open: review)) }
        lines.append(
            language.pick(
                "Decision \(report.decision). To take it back: mutabik review undo --decision "
                    + "\(report.decision)",
                "Karar \(report.decision). Geri almak için: mutabik review undo --decision "
                    + "\(report.decision)"))
        Terminal.line(lines.joined(separator: "\n"))
    }

    func show(_ report: UndoReport) {
        let language = list.language
        if list.json {
            var line = JSONLine()
            line.put("decision", report.decision.number)
            line.put("undone", report.undone.number)
            if let payment = report.payment { line.put("payment", payment.number) }
            line.put(states: report.changes.map { ($0.registration, $0.after) })
            line.put(
                "effects",
                report.effects.map { key, fate in
                    var object = JSONLine()
                    object.put("key", key)
                    object.put("fate", fate.rawValue)
                    return object
                })
            if let review = report.review { line.put("review", review.number) }
            Terminal.line(line.finished)
            return
        }
        var lines = report.changes.map {
            "\($0.registration): \(language.word($0.before)) → \(language.word($0.after))"
        }
        lines += report.effects.map { "\($0.key): \(sentence($0.fate))" }
        lines.append(
            language.pick(
                "Decision \(report.undone) is undone.", "Karar \(report.undone) geri alındı.")
        )
        if let review = report.review { lines.append(sentence(open: review)) }
        Terminal.line(lines.joined(separator: "\n"))
    }

    /// Tells of the question that is open because of a command.
    func show(_ review: ReviewID, about payment: Int64) {
        guard list.json else { return Terminal.line(sentence(open: review)) }
        var line = JSONLine()
        line.put("payment", payment)
        line.put("review", review.number)
        Terminal.line(line.finished)
    }

    private func sentence(open review: ReviewID) -> String {
        list.language.pick(
            "The question is open: review \(review).", "Soru açık: review \(review).")
    }

    private func sentence(_ fate: UndoReport.Fate) -> String {
        switch fate {
        case .withdrawn:
            list.language.pick("it had not begun and is withdrawn", "başlamamıştı, geri çekildi")
        case .takenBack:
            list.language.pick("it is being taken back", "geri alınıyor")
        case .stays:
            list.language.pick(
                "it was already sent and cannot be taken back", "gönderilmişti, geri alınamaz")
        case .perhapsSent:
            list.language.pick(
                "it may have been sent and cannot be taken back",
                "gönderilmiş olabilir, geri alınamaz")
        }
    }
}

extension Language {
    /// A refund that was due, and that the bank made superfluous by taking the money itself.
    func notDueAnyMore(_ due: AnswerReport.Part) -> String {
        pick(
            "\(due.amount) of payment \(due.payment) is not due back any more: do not send it, "
                + "also where a list of refunds names it.",
            "\(due.payment) numaralı ödemeden \(due.amount) artık iade edilmeyecek: iade "
                + "listesinde yazıyorsa da göndermeyin.")
    }
}

extension DecisionID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int64(argument) else { return nil }
        self.init(number)
    }
}

/// An amount as it is typed: `1250.00` or `1.250,00`, in lira unless a currency follows.
enum TypedAmount {
    static func money(_ text: String) throws(Failure) -> Money {
        let parts = text.split(separator: " ").map(String.init)
        let currency = parts.count == 2 ? Currency(parts[1]) : .turkishLira
        let plain = parts.first.map(plain) ?? ""
        guard (1...2).contains(parts.count), let currency,
            let money = Money(decimal: plain, currency: currency), money.minorUnits > 0
        else {
            let language = Language(environment: ProcessInfo.processInfo.environment)
            throw Failure(
                message: language.pick(
                    "\(text): not an amount; write 1250.00",
                    "\(text): tutar değil; 1250.00 ya da 1.250,00 yazın"), code: .data)
        }
        return money
    }

    /// `1.250,00` as `1250.00`; what has no comma stays.
    static func plain(_ text: String) -> String {
        guard text.contains(",") else { return text }
        return String(text.filter { $0 != "." }.map { $0 == "," ? "." : $0 })
    }
}
