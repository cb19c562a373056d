// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain

/// What two rule sets make of the same mail, where it differs.
struct ReplayDifference: Sendable {
    /// In which way they differ; the raw values are the words of `--json`.
    enum Change: String, CaseIterable, Sendable {
        /// Only the other rules read the mail.
        case newlyRead = "newly_read"
        /// Only the present rules read it.
        case newlyLost = "newly_lost"
        case outcome, amount, payer, code
        /// What copies are known by, and whose accounts money came from and to; and when.
        case transactionID = "transaction_id"
        case senderIBAN = "sender_iban"
        case receivingAccount = "receiving_account"
        case occurredAt = "occurred_at"
        /// Another registration, or another decision.
        case guest
        /// The same is read by another rule or variant.
        case rule
    }

    let source: String
    let changes: [Change]
    let before: [MailReport]
    let after: [MailReport]

    /// Nil when both say the same. Reports are those of one mail, in the order of its movements.
    init?(_ before: [MailReport], _ after: [MailReport]) {
        guard let first = before.first ?? after.first else { return nil }
        source = first.source
        self.before = before
        self.after = after
        var changes: Set<Change> = []
        let wasRead = before.contains(where: Self.isRead)
        let isRead = after.contains(where: Self.isRead)
        if isRead, !wasRead { changes.insert(.newlyRead) }
        if wasRead, !isRead { changes.insert(.newlyLost) }
        if before.count != after.count { changes.insert(.outcome) }
        for (old, new) in zip(before, after) {
            if old.outcome != new.outcome { changes.insert(.outcome) }
            if old.rule != new.rule { changes.insert(.rule) }
            if old.notice?.amount != new.notice?.amount { changes.insert(.amount) }
            if old.notice?.payer != new.notice?.payer { changes.insert(.payer) }
            if old.verdict.reference != new.verdict.reference
                || old.notice?.description != new.notice?.description
            {
                changes.insert(.code)
            }
            for change in Self.facts where Self.fact(change, old) != Self.fact(change, new) {
                changes.insert(change)
            }
            if old.verdict.kind != new.verdict.kind
                || old.verdict.allocations.map(\.registration)
                    != new.verdict.allocations.map(\.registration)
            {
                changes.insert(.guest)
            }
        }
        guard !changes.isEmpty else { return nil }
        // What is read by one of them only differs in everything else as well.
        if wasRead != isRead { changes.formIntersection([.newlyRead, .newlyLost, .guest]) }
        self.changes = Change.allCases.filter(changes.contains)
    }

    // MARK: - Facts that decide about copies and accounts

    private static let facts: [Change] = [
        .transactionID, .senderIBAN, .receivingAccount, .occurredAt,
    ]

    private static func fact(_ change: Change, _ report: MailReport) -> String? {
        guard let notice = report.notice else { return nil }
        return switch change {
        case .transactionID: notice.transactionID
        case .senderIBAN: notice.senderIBAN
        case .receivingAccount: notice.receivingAccount
        case .occurredAt:
            (notice.dayOnly ?? Timestamp.text(notice.occurredAt)) + " (\(notice.timeFrom.rawValue))"
        case .newlyRead, .newlyLost, .outcome, .amount, .payer, .code, .guest, .rule: nil
        }
    }

    /// Whose account it is stays unsaid: the last signs tell two apart.
    private static func shown(_ change: Change, _ report: MailReport) -> String {
        guard let fact = fact(change, report) else { return "–" }
        guard change != .occurredAt else { return fact }
        let signs = fact.filter { !$0.isWhitespace }
        return "…" + signs.suffix(signs.count > 8 ? 4 : 2)
    }

    /// What each of the changed facts was and is, of movements that both sets read.
    private func factChanges() -> [(change: Change, before: String, after: String)] {
        zip(before, after).flatMap { old, new in
            Self.facts.filter { changes.contains($0) && Self.fact($0, old) != Self.fact($0, new) }
                .map { ($0, Self.shown($0, old), Self.shown($0, new)) }
        }
    }

    private static func isRead(_ report: MailReport) -> Bool {
        switch report.outcome {
        case .payment, .reversal, .paymentWithoutDetails, .notAPayment: true
        case .unclear, .unread: false
        }
    }

    var json: JSONLine {
        var line = JSONLine()
        line.put("source", source)
        line.put("changes", changes.map(\.rawValue))
        line.put("before", before.map(\.json))
        line.put("after", after.map(\.json))
        let facts = factChanges()
        if !facts.isEmpty {
            line.put(
                "changed",
                facts.map { change, old, new in
                    var fact = JSONLine()
                    fact.put("field", change.rawValue)
                    fact.put("before", old)
                    fact.put("after", new)
                    return fact
                })
        }
        return line
    }

    func text(_ manner: Manner) -> String {
        var lines = [
            manner.painted(source, .bold) + "  "
                + changes.map { manner.painted(Self.name($0, manner), Self.colour($0)) }
                .joined(separator: ", ")
        ]
        lines += before.map { manner.painted("  - ", .red) + Self.summary($0) }
        lines += after.map { manner.painted("  + ", .green) + Self.summary($0) }
        lines += factChanges().map { change, old, new in
            manner.painted("  ~ ", .yellow) + "\(Self.name(change, manner)): \(old) → \(new)"
        }
        return lines.joined(separator: "\n")
    }

    static func name(_ change: Change, _ manner: Manner) -> String {
        switch change {
        case .newlyRead: manner.pick("newly read", "artık okunuyor")
        case .newlyLost: manner.pick("newly lost", "artık okunmuyor")
        case .outcome: manner.pick("outcome", "sonuç")
        case .amount: manner.pick("amount", "tutar")
        case .payer: manner.pick("name", "ad")
        case .code: manner.pick("code", "kod")
        case .transactionID: manner.pick("transaction number", "işlem numarası")
        case .senderIBAN: manner.pick("sender's IBAN", "gönderenin IBAN'ı")
        case .receivingAccount: manner.pick("receiving account", "alan hesap")
        case .occurredAt: manner.pick("date", "tarih")
        case .guest: manner.pick("guest", "misafir")
        case .rule: manner.pick("rule", "kural")
        }
    }

    private static func colour(_ change: Change) -> Terminal.Colour {
        switch change {
        case .newlyRead: .green
        case .newlyLost, .amount, .guest, .transactionID, .senderIBAN, .receivingAccount: .red
        case .outcome, .payer, .code, .occurredAt: .yellow
        case .rule: .dim
        }
    }

    private static func summary(_ report: MailReport) -> String {
        var parts = [report.rule?.text ?? "–", report.outcome.rawValue]
        if let notice = report.notice {
            parts.append(notice.amount.description)
            if let payer = notice.payer { parts.append(payer) }
        }
        if let code = report.verdict.reference { parts.append(code.text) }
        let guests = report.verdict.allocations.map(\.registration.text)
        parts.append("→ " + ([report.verdict.kind.rawValue] + guests).joined(separator: " "))
        return parts.joined(separator: "  ")
    }
}
