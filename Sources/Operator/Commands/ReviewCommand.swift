// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "What a person has to decide.",
        discussion: """
            One answer closes a question. Exit code 1: it was answered meanwhile, or cannot be \
            undone any more; 65: the answer does not fit.
            """,
        subcommands: [
            List.self, Show.self, Accept.self, Assign.self, Split.self, Credit.self, Refund.self,
            Ignore.self, Undo.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every open question.")

        @OptionGroup var options: ListOptions

        func run() throws {
            let pipeline = try options.configuration().pipeline
            try options.list(
                ["ID", "ABOUT", "KIND", "OPENED", "CANDIDATES", "DMARC", "WHY"],
                page: { (books, last: ReviewRecord?, count) in
                    try books.openReviews(after: last?.id, limit: count).map {
                        try pipeline.ranked($0, in: books)
                    }
                },
                object: { review in
                    var line = JSONLine()
                    line.put("id", review.id.number)
                    switch review.subject {
                    case .payment(let id): line.put("payment", id.number)
                    case .mail(let id): line.put("mail", id.number)
                    }
                    line.put("kind", review.kind)
                    line.put("revision", review.revision)
                    line.put("opened_at", review.openedAt)
                    line.put("reasons", review.reasons.map(\.rawValue))
                    line.put("dmarc", review.policy)
                    line.put("why", review.why(options.language))
                    line.put("candidates", review.candidates.map(\.registration.text))
                    return line
                },
                cells: { review in
                    [
                        review.id.description, review.about(options.language),
                        options.language.word(review.kind),
                        Timestamp.text(review.openedAt),
                        review.candidates.map(\.registration.text).joined(separator: " "),
                        review.policy ?? "–", review.why(options.language),
                    ]
                })
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One question with its candidates, the best first, and why.")

        @OptionGroup var options: ListOptions
        @Argument(help: "The number of the question.") var id: Int64

        func run() throws {
            let pipeline = try options.configuration().pipeline
            let view = try options.ledger().read { books in
                guard let review = try books.review(ReviewID(id)) else {
                    throw ReviewRefusal.unknown
                }
                return try ReviewView(
                    pipeline.ranked(review, in: books), language: options.language, in: books)
            }
            Terminal.line(options.json ? view.json.finished : view.text)
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The first candidate is right, or the one that is named.")

        @OptionGroup var answer: AnswerOptions
        @Argument(help: "A candidate other than the first.") var registration: String?

        func run() throws { try answer.give(.accept(registration.map { RegistrationID($0) })) }
    }

    struct Assign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The money is for this registration, proposed or not.")

        @OptionGroup var answer: AnswerOptions
        @Argument(help: "The registration.") var registration: String
        @Option(help: "What came in, where the mail does not show it: 1250.00.")
        var amount: String?

        func run() throws {
            let amount = try amount.map { try TypedAmount.money($0) }
            try answer.give(.assign(RegistrationID(registration), amount))
        }
    }

    struct Split: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The money is for several: reg-1=1250.00 reg-2=850.00.")

        @OptionGroup var answer: AnswerOptions
        @Argument(help: "Registration and part, with = between.") var parts: [String]

        func run() throws {
            try answer.give(
                .split(
                    try parts.map { text in
                        guard let sign = text.lastIndex(of: "=") else {
                            throw Failure(
                                message: answer.options.list.language.pick(
                                    "\(text): write registration=amount",
                                    "\(text): kayıt=tutar biçiminde yazın"), code: .data)
                        }
                        return Verdict.Allocation(
                            registration: RegistrationID(String(text[..<sign])),
                            amount: try TypedAmount.money(
                                String(text[text.index(after: sign)...])))
                    }))
        }
    }

    struct Credit: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep the money for the payer.")
        @OptionGroup var answer: AnswerOptions
        func run() throws { try answer.give(.credit) }
    }

    struct Refund: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The money goes back: see payments refunds.")
        @OptionGroup var answer: AnswerOptions
        func run() throws { try answer.give(.refund) }
    }

    struct Ignore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Not for any event, or nothing is to be done.")
        @OptionGroup var answer: AnswerOptions
        func run() throws { try answer.give(.ignore) }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Takes an answer back: bookings, states, what has not been sent. Says the rest.")

        @OptionGroup var options: DeskOptions
        @Argument(help: "The number of the question that was answered.") var id: Int64?
        @Option(help: "Or the number of the decision.") var decision: DecisionID?

        func validate() throws {
            guard (id == nil) != (decision == nil) else {
                throw ValidationError("Name the question, or --decision.")
            }
        }

        func run() throws {
            let desk = ReviewDesk()
            let report = try options.decide { books in
                let goal = try decision ?? desk.decision(ofReview: ReviewID(id ?? 0), in: books)
                return try desk.undo(goal, by: options.actor, now: Date(), in: books)
            }
            options.show(report)
        }
    }
}

/// The options of an answer.
struct AnswerOptions: ParsableArguments {
    @OptionGroup var options: DeskOptions

    @Argument(help: "The number of the question.") var id: Int64

    @Option(help: "The revision that was shown; another one is refused.")
    var revision: Int?

    func give(_ answer: ReviewAnswer) throws {
        let configuration = try Configuration.load(options.list.config.path)
        let desk = ReviewDesk(
            channels: configuration.messages.channels, instructed: configuration.instructed)
        let report = try options.decide { books in
            let answer = try configuration.pipeline.meaning(
                of: answer, to: ReviewID(id), in: books)
            return try desk.answer(
                ReviewID(id), answer, revision: revision, by: options.actor, now: Date(), in: books)
        }
        options.show(report)
    }
}

extension ReviewRecord {
    func about(_ language: Language) -> String {
        switch subject {
        case .payment(let id): language.pick("payment \(id)", "ödeme \(id)")
        case .mail(let id): language.pick("mail \(id)", "e-posta \(id)")
        }
    }

    func why(_ language: Language) -> String {
        let about =
            kind == Verdict.Kind.overpaid.rawValue
            ? [
                language.pick(
                    "What of the payment is kept as credit?",
                    "Ödemeden alacak olarak duran tutar ne olsun?")
            ] : []
        return (about + reasons.map { ReasonText.sentence($0, language: language.ofReasons) })
            .joined(separator: " ")
    }
}

extension Language {
    var ofReasons: ReasonText.Language { self == .turkish ? .turkish : .english }
}
