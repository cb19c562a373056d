// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Cryptography
internal import Domain
internal import FoundationEssentials
internal import Ledger

struct PaymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments", abstract: "Money that came in, and money that goes back.",
        subcommands: [
            List.self, Accounts.self, Undo.self, Reverse.self, Separate.self, Ask.self,
            Refunds.self, Reconcile.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every payment.")

        @OptionGroup var options: ListOptions

        func run() throws {
            try options.list(
                ["ID", "AMOUNT", "PAYER", "REFERENCE", "STATE", "VERDICT", "OCCURRED", "RULE"],
                page: { (books, last: PaymentRecord?, count) in
                    try books.payments(after: last?.id, limit: count)
                },
                object: object,
                cells: { payment in
                    [
                        payment.id.description, payment.notice.amount.description,
                        payment.notice.payer ?? "–", payment.reference?.text ?? "–",
                        options.language.word(payment.state),
                        options.language.word(payment.verdict),
                        Timestamp.text(payment.notice.occurredAt), payment.rule.text,
                    ]
                })
        }

        private func object(_ payment: PaymentRecord) -> JSONLine {
            var line = JSONLine()
            line.put("id", payment.id.number)
            line.put("mail", payment.mail.number)
            line.put("movement", payment.movement)
            line.put("amount", payment.notice.amount)
            line.put("currency", payment.notice.amount.currency.code)
            line.put("payer", payment.notice.payer)
            line.put("description", payment.notice.description)
            line.put("reference", payment.reference?.text)
            line.put("occurred_at", payment.notice.occurredAt)
            line.put("time_from", payment.notice.timeFrom.rawValue)
            line.put("transaction_id", payment.notice.transactionID)
            line.put("id_from", payment.notice.idFrom.rawValue)
            line.put("trust", payment.trust.rawValue)
            line.put("rule", payment.rule.text)
            line.put("state", payment.state.rawValue)
            line.put("verdict", payment.verdict.rawValue)
            line.put("reasons", payment.reasons.map(\.rawValue))
            if let original = payment.sameAs { line.put("same_as", original.number) }
            return line
        }
    }
}

struct MailsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mails", abstract: "What was read.", subcommands: [List.self, Fetch.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every mail: where it stands, its digest, what it was taken for and why.")

        @OptionGroup var options: ListOptions

        func run() throws {
            try options.list(
                ["ID", "FOLDER", "UID", "SHA-256", "OUTCOME", "TRUST", "RULE", "REASON"],
                page: { (books, last: MailRecord?, count) in
                    try books.mails(after: last?.id, limit: count)
                },
                object: object,
                cells: { mail in
                    [
                        mail.id.description, mail.place.folder, String(mail.place.uid),
                        Hex.encode(Array(mail.sha256.prefix(6))) + "…",
                        isRead(mail) ? options.language.word(mail.reading.outcome) : "–",
                        isRead(mail) ? options.language.word(mail.reading.trust.trust) : "–",
                        mail.reading.rule?.text ?? "–", reason(mail),
                    ]
                })
        }

        private func object(_ mail: MailRecord) -> JSONLine {
            var line = JSONLine()
            line.put("id", mail.id.number)
            line.put("account", mail.place.account)
            line.put("folder", mail.place.folder)
            line.put("uidvalidity", Int64(mail.place.uidvalidity))
            line.put("uid", Int64(mail.place.uid))
            line.put("sha256", Hex.encode(mail.sha256))
            line.put("size_bytes", mail.sizeBytes)
            line.put("received_at", mail.receivedAt)
            line.put("outcome", isRead(mail) ? mail.reading.outcome.rawValue : nil)
            line.put("state", mail.reading.state.name)
            line.put("rule", mail.reading.rule?.text)
            line.put("trust", isRead(mail) ? mail.reading.trust.trust.rawValue : nil)
            line.put("trust_by", mail.reading.trust.by)
            line.put("dmarc", mail.reading.policy)
            line.put("reason", reason(mail))
            line.put("reasons", mail.reading.reasons.map(\.rawValue))
            if !mail.reading.notes.isEmpty { line.put("notes", mail.reading.notes) }
            if let original = mail.reading.copyOf { line.put("copy_of", original.number) }
            return line
        }

        private func isRead(_ mail: MailRecord) -> Bool { mail.reading.state != .stored }

        private func reason(_ mail: MailRecord) -> String {
            if !isRead(mail) { return "fetched, not read yet" }
            if let original = mail.reading.copyOf { return "a copy of mail \(original)" }
            return mail.reading.explanation ?? ""
        }
    }
}

extension MailsCommand {
    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has a mail asked for again that the server did not hand out.",
            discussion: """
                The agent does so by itself, ever more seldom, for a month. It asks at its next \
                look into the folder, within a minute and a half unless the settings say longer.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the mail, as mails list shows it.") var id: Int64

        func run() throws {
            let now = Date()
            try options.decide { books in
                do {
                    try books.askAgain(for: MailID(id), now: now)
                } catch let error as LedgerError {
                    let language = options.list.language
                    let message =
                        switch error.cause {
                        case .notFound: language.pick("no such mail", "böyle bir e-posta yok")
                        case .wrongState:
                            language.pick("it was fetched already", "zaten alınmış")
                        default: throw error
                        }
                    throw Failure(place: "\(id)", message: message, code: .negative)
                }
                try books.audit(
                    "mail.fetch", ["mail": String(id), "by": options.actor], at: now)
            }
            let language = options.list.language
            Terminal.line(
                language.pick(
                    "Mail \(id) is asked for at the next look into its folder.",
                    "\(id) numaralı e-posta, klasöre bir sonraki bakışta yeniden istenecek."))
        }
    }
}

struct EffectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effects", abstract: "What is done in the outside world.",
        subcommands: [List.self, Retry.self, GiveUp.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every effect of the outbox.")

        @OptionGroup var options: ListOptions

        func run() throws {
            try options.list(
                ["EFFECT", "STATE", "ATTEMPTS", "AGAIN AT", "LAST ERROR"],
                page: { (books, last: EffectRecord?, count) in
                    try books.effects(after: last?.key, limit: count)
                },
                object: { effect in
                    var line = JSONLine()
                    line.put("key", effect.key)
                    line.put("kind", effect.effect.kind.rawValue)
                    line.put("registration", effect.effect.registration.text)
                    line.put("after", effect.effect.after?.rawValue)
                    line.put("state", effect.state.rawValue)
                    line.put("attempts", effect.attempts)
                    line.put("not_before", effect.notBefore)
                    line.put("handle", effect.handle)
                    line.put("last_error", effect.lastError)
                    line.put("created_at", effect.createdAt)
                    line.put("updated_at", effect.updatedAt)
                    return line
                },
                cells: { effect in
                    [
                        effect.key, options.language.word(effect.state), String(effect.attempts),
                        effect.notBefore.map { Timestamp.text($0) } ?? "–",
                        effect.lastError ?? "–",
                    ]
                })
        }
    }
}
