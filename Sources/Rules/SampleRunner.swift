// SPDX-License-Identifier: Apache-2.0

import Domain

/// Runs samples through `RuleBook.read` and compares.
struct SampleRunner {
    let source: RuleSource
    let book: RuleBook

    /// One problem per expectation that does not hold.
    func run(_ samples: [Sample]) -> [RuleProblem] {
        samples.flatMap { run($0, book.read($0.message, receivedAt: $0.receivedAt)) }
    }

    /// The same for the samples of `file` itself, which together must show more than each alone.
    func examine(_ samples: [Sample], of file: RuleFile) -> [RuleProblem] {
        let readings = samples.map { book.read($0.message, receivedAt: $0.receivedAt) }
        let problems = zip(samples, readings).flatMap(run)
        // Said when the rest is right: what follows from a mistake need not be mended.
        return problems.isEmpty
            ? SampleExam(source: source, file: file).problems(samples, readings) : problems
    }

    /// The same for samples of the file at `home`, to which `source` adds something.
    func run(_ samples: [Sample], of home: String) -> [RuleProblem] {
        run(samples).map { problem in
            RuleProblem(
                path: source.path, layer: source.layer,
                message: Wording(
                    "with this file a sample of \(home) fails: " + problem.message.english,
                    "bu dosyayla \(home) içindeki bir örnek bozuluyor: "
                        + problem.message.turkish))
        }
    }

    private func run(_ sample: Sample, _ reading: Reading) -> [RuleProblem] {
        var expectations = sample.expectations
        if !expectations.contains(where: { $0.key == .outcome && !$0.isOfMovement }),
            sample.group == .match || Self.expectsValues(sample) && reading.movements.isEmpty
        {
            expectations.append(.init(key: .outcome, value: "payment", place: sample.place))
        }
        if sample.group != .noMatch, let problem = notRead(sample, reading, expectations) {
            return [problem]
        }
        let why = reading.wording
        if sample.group == .noMatch, reading.outcome == .payment {
            return [
                problem(
                    sample.place,
                    Wording(
                        "sample \(sample.name): this must not be taken as a payment, but "
                            + "\(why.english); write words that only such mails hold under deny:",
                        "\(sample.name) örneği: bu ödeme sayılmamalı, ama \(why.turkish); yalnızca "
                            + "böyle postalarda geçen sözleri deny: altına yazın"))
            ]
        }
        if let (count, place) = sample.movementCount, reading.movements.count != count {
            let found = reading.movements.count
            return [
                problem(
                    place,
                    Wording(
                        "sample \(sample.name): there are \(found) movements, not \(count) "
                            + "(\(why.english)); correct the rule, or list \(found) under "
                            + "movements:",
                        "\(sample.name) örneği: \(count) değil \(found) hareket var "
                            + "(\(why.turkish)); kuralı düzeltin ya da movements: altına \(found) "
                            + "hareket yazın"))
            ]
        }
        return expectations.compactMap { expectation in
            let actual = Self.actual(expectation, reading)
            guard !Self.agree(expectation, actual) else { return nil }
            let (key, found) = (expectation.key.rawValue, actual ?? "none")
            let advice = Self.advice(sample.group, expectation, found)
            return problem(
                expectation.place,
                Wording(
                    "sample \(sample.name): \(key): expected \(expectation.value), read \(found) "
                        + "(\(why.english)); \(advice.english)",
                    "\(sample.name) örneği: \(key): beklenen \(expectation.value), okunan "
                        + "\(found) (\(why.turkish)); \(advice.turkish)"))
        }
    }

    /// A notice that is not read at all has no values either: only that is said, and why.
    private func notRead(
        _ sample: Sample, _ reading: Reading, _ expectations: [Sample.Expectation]
    ) -> RuleProblem? {
        guard
            let outcome = expectations.first(where: { $0.key == .outcome && !$0.isOfMovement }),
            outcome.value != reading.outcome.rawValue
        else { return nil }
        let found = reading.outcome.rawValue
        // What a mail passes for is to be seen, not which other variant it misses.
        let why =
            reading.outcome == .payment
            ? reading.wording
            : SampleDiagnosis(source: source, book: book).reason(
                sample, reading, expecting: outcome.value)
        let advice = Self.advice(sample.group, outcome, found)
        return problem(
            outcome.place,
            Wording(
                "sample \(sample.name): expected \(outcome.value), read \(found) "
                    + "(\(why.english)); \(advice.english)",
                "\(sample.name) örneği: beklenen \(outcome.value), okunan \(found) "
                    + "(\(why.turkish)); \(advice.turkish)"))
    }

    /// Whether only a notice that is read has what the sample expects.
    private static func expectsValues(_ sample: Sample) -> Bool {
        let values: [Sample.Key] = [
            .amount, .payer, .description, .occurredAt, .timeFrom, .transactionID, .senderIBAN,
            .receivingAccount,
        ]
        return sample.group == .hostile
            && sample.expectations.contains { values.contains($0.key) && $0.value != "none" }
    }

    /// What to write. A sample is never to be bent until a rule that believes too much or reads
    /// too little passes.
    private static func advice(
        _ group: Sample.Group, _ expectation: Sample.Expectation, _ found: String
    ) -> Wording {
        let key = expectation.key.rawValue
        guard expectation.key == .outcome, !expectation.isOfMovement else {
            guard group != .hostile else { return hostileAdvice }
            return Wording(
                "correct the rule, or write \(key): '\(found)' if that is right",
                "kuralı düzeltin ya da doğrusu buysa \(key): '\(found)' yazın")
        }
        if found == MailOutcome.payment.rawValue {
            return Wording(
                "tighten the rule with frame:, direction: or deny:",
                "kuralı frame:, direction: ya da deny: ile daraltın")
        }
        if group == .match || expectation.value == MailOutcome.payment.rawValue {
            return Wording(
                "correct the rule until it reads this notice; rules try shows what it finds",
                "kuralı bu bildirimi okuyana kadar düzeltin; rules try neyi bulduğunu gösterir")
        }
        return Wording(
            "correct the rule, or write outcome: \(found) if that is right",
            "kuralı düzeltin ya da doğrusu buysa outcome: \(found) yazın")
    }

    private static let hostileAdvice = Wording(
        "correct the rule: what a stranger or a payer writes must not change this",
        "kuralı düzeltin: bir yabancının ya da ödeyenin yazdığı bunu değiştirememeli")

    private func problem(_ place: Place, _ message: Wording) -> RuleProblem {
        RuleProblem(
            path: source.path, layer: source.layer, line: place.line, column: place.column,
            message: message)
    }

    private static func actual(_ expectation: Sample.Expectation, _ reading: Reading) -> String? {
        let movement =
            expectation.movement < reading.movements.count
            ? reading.movements[expectation.movement] : nil
        let notice = movement?.notice
        switch expectation.key {
        case .outcome:
            return expectation.isOfMovement
                ? movement?.outcome.rawValue : reading.outcome.rawValue
        case .kind: return expectation.isOfMovement ? movement?.kind : reading.notAPaymentKind
        case .variant: return reading.rule?.text.split(separator: "/").last.map(String.init)
        case .amount: return notice.map { "\($0.amount.decimal) \($0.amount.currency)" }
        case .payer: return notice?.payer ?? movement?.clue?.payer
        case .description: return notice?.description ?? movement?.clue?.description
        case .occurredAt: return notice.map { Timestamp.text($0.occurredAt) }
        case .timeFrom: return notice?.timeFrom.rawValue
        case .transactionID: return movement?.number
        case .senderIBAN: return notice?.senderIBAN
        case .receivingAccount: return notice?.receivingAccount
        case .imitates: return reading.imitates?.text
        }
    }

    private static func agree(_ expectation: Sample.Expectation, _ actual: String?) -> Bool {
        guard let actual else { return expectation.value == "none" }
        switch expectation.key {
        case .amount: return money(expectation.value) == money(actual)
        case .occurredAt: return Timestamp.date(expectation.value) == Timestamp.date(actual)
        default: return expectation.value == actual
        }
    }

    /// `1250.00 TRY`
    static func money(_ text: String) -> Money? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let currency = Currency(String(parts[1])) else { return nil }
        return Money(decimal: String(parts[0]), currency: currency)
    }
}
