// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail

/// A small mail in a rule file, and what the rules must make of it.
struct Sample: Sendable {
    enum Group: String, CaseIterable, Sendable {
        case match
        case noMatch = "no_match"
        case hostile
    }

    /// What a sample may expect. Keys that are left out are not compared.
    enum Key: String, CaseIterable, Sendable {
        case outcome, variant, kind, amount, payer, description
        case occurredAt = "occurred_at"
        case timeFrom = "time_from"
        case transactionID = "transaction_id"
        case senderIBAN = "sender_iban"
        case receivingAccount = "receiving_account"
        case imitates
    }

    struct Expectation: Sendable {
        let key: Key
        let value: String
        let place: Place
    }

    let group: Group
    let name: String
    let place: Place
    let message: Message
    let receivedAt: Date
    let expectations: [Expectation]
}

/// Reads the `samples:` of a rule file.
struct SampleParser {
    let complaints: Complaints
    let bank: String

    private static let keys = ["name", "from", "subject", "text", "html", "received", "expect"]

    /// Noon of the day after the notices in the samples, when a sample does not say.
    private static let usualArrival = "2026-11-23T12:00:00+03:00"

    func samples(_ node: RuleNode) -> [Sample] {
        let groups = Sample.Group.allCases
        guard let entries = node.mapping(groups.map(\.rawValue), of: "samples") else { return [] }
        return groups.flatMap { group -> [Sample] in
            guard let list = entries[group.rawValue]?.list(of: group.rawValue), !list.isEmpty else {
                node.complain(
                    "there is no sample under \(group.rawValue); a rule file has one of each kind",
                    offending: group.rawValue)
                return []
            }
            return list.compactMap { sample($0, group) }
        }
    }

    private func sample(_ node: RuleNode, _ group: Sample.Group) -> Sample? {
        guard let entries = node.mapping(Self.keys, of: "a sample") else { return nil }
        for key in ["name", "from", "subject", "expect"] where entries[key] == nil {
            node.complain("the key \(key) is missing; every sample has one", offending: key)
        }
        guard let name = entries["name"]?.text("name"), let from = entries["from"]?.text("from"),
            let subject = entries["subject"]?.text("subject"),
            let expect = entries["expect"]?.mapping(
                Sample.Key.allCases.map(\.rawValue), of: "expect")
        else { return nil }
        guard let sender = Self.address(from) else {
            entries["from"]?.complain("a sender is written name@bank.example", offending: from)
            return nil
        }
        var bodies: [BodyText] = []
        if let text = entries["text"]?.text("text") { bodies.append(body(text, .plain)) }
        if let html = entries["html"]?.text("html") { bodies.append(body(html, .html)) }
        if bodies.isEmpty {
            node.complain("the sample has no body; add text: | or html: |")
        }
        let received = entries["received"]?.text("received")
        guard let receivedAt = Timestamp.date(received ?? Self.usualArrival) else {
            entries["received"]?.complain(
                "a time is written 2026-11-22 14:05:33", offending: received)
            return nil
        }
        if expect.isEmpty { node.complain("the sample expects nothing; write outcome: or amount:") }
        let message = Message(
            from: [sender], fromFieldCount: 1, subject: subject, date: nil, messageID: nil,
            bodies: bodies, inner: [], notes: [])
        return Sample(
            group: group, name: name, place: node.place, message: message, receivedAt: receivedAt,
            expectations: expectations(expect))
    }

    private func expectations(_ entries: [String: RuleNode]) -> [Sample.Expectation] {
        Sample.Key.allCases.compactMap { key in
            guard let node = entries[key.rawValue], let value = node.text(key.rawValue) else {
                return nil
            }
            if key == .amount, value != "none", SampleRunner.money(value) == nil {
                node.complain("an amount is written 1250.00 TRY", offending: value)
            }
            if key == .occurredAt, Timestamp.date(value) == nil {
                node.complain("a time is written 2026-11-22 14:05:33", offending: value)
            }
            return Sample.Expectation(key: key, value: value, place: node.place)
        }
    }

    /// `¦` stands for the border between two cells of a table.
    private func body(_ text: String, _ source: BodyText.Source) -> BodyText {
        let cells = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0 == "¦" ? "\t" : $0 }))
        return BodyText(source: source, text: cells)
    }

    /// `name@bank.example` or `Display Name <name@bank.example>`.
    private static func address(_ text: String) -> MailAddress? {
        var name = ""
        var address = Substring(text)
        if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
            name = text[..<open].split(separator: " ").joined(separator: " ")
            address = text[text.index(after: open)...].dropLast()
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return MailAddress(
            displayName: name, localPart: String(parts[0]), domain: String(parts[1]))
    }
}

/// Runs samples through `RuleBook.read` and compares.
struct SampleRunner {
    let path: String
    let book: RuleBook

    /// One problem per expectation that does not hold.
    func run(_ samples: [Sample]) -> [RuleProblem] {
        samples.flatMap { sample -> [RuleProblem] in
            let reading = book.read(sample.message, receivedAt: sample.receivedAt)
            var expectations = sample.expectations
            if sample.group == .match, !expectations.contains(where: { $0.key == .outcome }) {
                expectations.append(.init(key: .outcome, value: "payment", place: sample.place))
            }
            if sample.group == .noMatch, reading.outcome == .payment {
                return [
                    problem(
                        sample.place,
                        "sample \(sample.name): this must not be taken as a payment, but "
                            + reading.explanation)
                ]
            }
            return expectations.compactMap { expectation in
                let actual = Self.actual(expectation.key, reading)
                guard !Self.agree(expectation, actual) else { return nil }
                return problem(
                    expectation.place,
                    "sample \(sample.name): \(expectation.key.rawValue) is \(actual ?? "none"), not "
                        + "\(expectation.value) (\(reading.explanation))")
            }
        }
    }

    private func problem(_ place: Place, _ message: String) -> RuleProblem {
        RuleProblem(path: path, line: place.line, column: place.column, message: message)
    }

    private static func actual(_ key: Sample.Key, _ reading: Reading) -> String? {
        let notice = reading.notices.first
        switch key {
        case .outcome: return reading.outcome.rawValue
        case .variant: return reading.rule?.text.split(separator: "/").last.map(String.init)
        case .kind: return reading.notAPaymentKind
        case .amount: return notice.map { "\($0.amount.decimal) \($0.amount.currency)" }
        case .payer: return notice?.payer
        case .description: return notice?.description
        case .occurredAt: return notice.map { Timestamp.text($0.occurredAt) }
        case .timeFrom: return notice?.timeFrom.rawValue
        case .transactionID: return notice?.transactionID
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
