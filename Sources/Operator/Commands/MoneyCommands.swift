// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger

extension PaymentsCommand {
    struct Accounts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What lies in which account: of everything, an event, a guest, a payer.")

        @OptionGroup var options: ListOptions
        @Option(help: "Only what is about this event.") var event: String?
        @Option(help: "Only what is about this registration.") var registration: String?
        @Option(help: "Only the payments of somebody with this name.") var payer: String?

        func validate() throws {
            guard [event, registration, payer].compactMap(\.self).count < 2 else {
                throw ValidationError("Name one of --event, --registration, --payer.")
            }
        }

        func run() throws {
            let whose: AccountsOf
            if let event {
                whose = .event(EventID(event))
            } else if let registration {
                whose = .registration(RegistrationID(registration))
            } else if let payer {
                guard let name = PersonName(payer) else {
                    throw Failure(place: payer, message: "not a name", code: .data)
                }
                whose = .payer(name)
            } else {
                whose = .everything
            }
            let balances = try options.ledger().read { books in
                if case .registration(let id) = whose, try books.registration(id) == nil {
                    throw ReviewRefusal.noRegistration(id)
                }
                return try books.accounts(of: whose)
            }
            var table = Table(options.language.headings(["ACCOUNT", "BALANCE"]))
            for balance in balances {
                var line = JSONLine()
                line.put("account", balance.account)
                line.put("balance", balance.amount)
                line.put("currency", balance.amount.currency.code)
                if options.json { Terminal.line(line.finished) }
                table.add([options.language.word(balance.account), balance.amount.description])
            }
            if !options.json { Terminal.line(table.text) }
        }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes the last decision about a payment back, also one of the agent.")

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the payment.") var id: Int64

        func run() throws {
            let desk = ReviewDesk()
            let report = try options.decide { books in
                try desk.undo(
                    try desk.lastDecision(about: PaymentID(id), in: books), by: options.actor,
                    now: Date(), in: books)
            }
            options.show(report)
        }
    }

    struct Reverse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The bank took this payment back: book it back and suspend its guests.",
            discussion: """
                With --amount only a part went back: of what is due back, then of what is kept as \
                credit, at last of what a registration has paid.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the payment.") var id: Int64
        @Option(help: "How much was taken back, such as 300.00; without it, all that is left.")
        var amount: String?
        @Option(help: "Whose part it is, where the payment is for several.")
        var registration: String?

        func run() throws {
            let amount = try amount.map { try TypedAmount.money($0) }
            let report = try options.decide { books in
                try ReviewDesk().reverse(
                    PaymentID(id), amount, about: registration.map { RegistrationID($0) },
                    by: options.actor, now: Date(), in: books)
            }
            options.show(report)
        }
    }

    struct Separate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Two notices that were taken for one transfer are two.",
            discussion: """
                Name the one that was taken for a further notice (same_as in payments list), or \
                the payment where it is the only one. It becomes a question: assign, credit or \
                refund counts its money, ignore does not.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the payment.") var id: Int64

        func run() throws {
            let configuration = try Configuration.load(options.list.config.path)
            let question = try options.decide { books in
                try ReviewDesk().separate(
                    PaymentID(id), proposals: configuration.pipeline, by: options.actor,
                    now: Date(), in: books)
            }
            options.show(question.review, about: question.payment.number)
        }
    }

    struct Ask: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks once more what is to become of a payment's credit.",
            discussion: """
                The question is answered like that about a surplus: review refund sends it back, \
                assign or split moves it to registrations, ignore leaves it.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the payment.") var id: Int64

        func run() throws {
            let review = try options.decide { books in
                try ReviewDesk().askAboutCredit(
                    of: PaymentID(id), by: options.actor, now: Date(), in: books)
            }
            options.show(review, about: id)
        }
    }
}

extension EffectsCommand {
    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tries an effect once more that was refused, given up or is unknown.",
            discussion: """
                Of an unknown one you say by this that it did not take place: look at the \
                provider's panel first. A running agent takes it up within seconds. One that is held \
                back stays so, and you are told what would release it.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "The effect, as effects list shows it.") var key: String

        func run() throws {
            try options.change(key, "effect.retry") { books, now in
                try ReviewDesk().retry(key, now: now, in: books)
            }
        }
    }

    struct GiveUp: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives an effect up that is not done.")

        @OptionGroup var options: DeskOptions
        @Argument(help: "The effect, as effects list shows it.") var key: String

        func run() throws {
            try options.change(key, "effect.give_up") { try $0.giveUp(key, at: $1) }
        }
    }
}

extension DeskOptions {
    fileprivate func change(
        _ key: String, _ what: String, _ body: (LedgerTransaction, Date) throws -> Void
    ) throws {
        let now = Date()
        let state = try decide { books in
            do {
                try body(books, now)
            } catch let error as LedgerError {
                switch error.cause {
                case .wrongState, .notFound:
                    throw Failure(
                        message: list.language.text(of: error), code: .negative)
                default: throw error
                }
            }
            try books.audit(what, ["effect": key, "by": actor], at: now)
            return try books.effect(key)?.state
        }
        if list.json {
            var line = JSONLine()
            line.put("key", key)
            line.put("state", state?.rawValue)
            Terminal.line(line.finished)
        } else {
            Terminal.line("\(key): \(state.map { list.language.word($0) } ?? "–")")
        }
    }
}

extension RegistrationsCommand {
    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Calls a registration off; what was paid becomes due back.")

        @OptionGroup var options: DeskOptions
        @Argument(help: "The registration.") var id: String

        func run() throws {
            let report = try options.decide { books in
                try ReviewDesk().cancel(
                    RegistrationID(id), by: options.actor, now: Date(), in: books)
            }
            options.show(report)
        }
    }

    struct Instructions: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a guest is told about paying: account, sum, code, link.")

        @OptionGroup var options: ListOptions
        @Argument(help: "The registration.") var id: String

        func run() throws {
            let configuration = try Configuration.load(options.config.path)
            guard
                let registration = try options.ledger().read({
                    try $0.registration(RegistrationID(id))
                })
            else { throw ReviewRefusal.noRegistration(RegistrationID(id)) }
            guard let payee = configuration.payees[registration.event] else {
                throw Failure(
                    message: "event \(registration.event) has no iban in \(options.config.path)",
                    code: .configuration)
            }
            guard [.awaitingPayment, .underpaid, .suspended].contains(registration.state),
                registration.open.minorUnits > 0
            else {
                let state = options.language.word(registration.state)
                throw Failure(
                    place: registration.id.text,
                    message: options.language.pick(
                        "\(state); there is nothing to pay", "\(state); ödenecek bir şey yok"),
                    code: .negative)
            }
            let language = configuration.messages.manners[registration.event]?.language
            let text = payee.text(
                for: registration, isReminder: false, in: language ?? .turkish)
            guard options.json else { return Terminal.line(text) }
            var line = JSONLine()
            line.put("registration", registration.id.text)
            line.put("iban", payee.iban.text)
            line.put("account_holder", payee.holder)
            line.put("amount", registration.open)
            line.put("currency", registration.due.currency.code)
            line.put("reference", registration.reference.text)
            line.put("link", payee.link(for: registration.reference))
            line.put("deadline", payee.deadline(of: registration))
            line.put("text", text)
            Terminal.line(line.finished)
        }
    }
}

struct DecisionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decisions", abstract: "What the agent and people decided, the newest first.")

    @OptionGroup var options: ListOptions
    @Option(help: "So many at most.") var limit = 50

    func run() throws {
        let rows = try options.ledger().read {
            try $0.decisions(limit: min(max(limit, 1), 10_000))
        }
        var table = Table(
            options.language.headings(["ID", "WHAT", "BY", "PAYMENT", "AT", "UNDONE BY"]))
        for row in rows {
            var line = JSONLine()
            line.put("id", row.id.number)
            line.put("kind", row.kind)
            line.put("by", row.actor)
            if let payment = row.payment { line.put("payment", payment.number) }
            line.put("at", row.decidedAt)
            if let undoes = row.undoes { line.put("undoes", undoes.number) }
            if let undoneBy = row.undoneBy { line.put("undone_by", undoneBy.number) }
            if options.json { Terminal.line(line.finished) }
            table.add([
                row.id.description,
                row.undoes.map { "\(options.language.word("undo")) \($0)" }
                    ?? options.language.word(row.kind),
                [PaymentPipeline.actor, DeskOptions.nobody].contains(row.actor)
                    ? options.language.word(row.actor) : row.actor,
                row.payment?.description ?? "–", Timestamp.text(row.decidedAt),
                row.undoneBy?.description ?? "–",
            ])
        }
        if !options.json { Terminal.line(table.text) }
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks whether everything in the ledger that must hold does.",
        discussion: "Prints each thing that does not, and ends with 1 when there is any.")

    @OptionGroup var options: ListOptions

    func run() throws {
        let broken = try options.ledger().read { try $0.brokenInvariants() }
        if options.json {
            for problem in broken {
                var line = JSONLine()
                line.put("broken", problem.name)
                line.put("subject", problem.subject)
                line.put("detail", problem.detail)
                Terminal.line(line.finished)
            }
        } else {
            for problem in broken {
                Terminal.line("\(problem.name): \(problem.subject): \(problem.detail)")
            }
        }
        guard broken.isEmpty else {
            throw Failure(message: "\(broken.count) broken", code: .negative)
        }
        if !options.json {
            Terminal.line(options.language.pick("Everything holds.", "Her şey tutuyor."))
        }
    }
}
