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

        var meaning: String {
            switch self {
            case .match: "Notices that must be read."
            case .noMatch: "Mails that must not be taken as a payment."
            case .hostile: "Mails in which somebody imitates the bank or its fields."
            }
        }
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

        /// What a table's row may expect as well.
        var isOfMovement: Bool { self != .variant && self != .imitates }

        var shape: RuleFormat.Shape {
            switch self {
            case .outcome: .word(MailOutcome.allCases.map(\.rawValue))
            case .amount: .amount
            case .occurredAt: .time
            case .timeFrom:
                .word(
                    [PaymentNotice.TimeSource.body, .arrival].map(\.rawValue) + ["none"])
            default: .prose
            }
        }

        var meaning: String {
            switch self {
            case .outcome: "What the mail is."
            case .variant: "The variant that takes it."
            case .kind: "What it is instead of a payment."
            case .amount: "1250.00 TRY, or none."
            case .payer, .description, .transactionID, .senderIBAN, .receivingAccount:
                "The value, or none."
            case .occurredAt: "2026-11-22 14:05, Istanbul time."
            case .timeFrom: "body or arrival."
            case .imitates: "The rule that a stranger's mail looks like."
            }
        }
    }

    struct Expectation: Sendable {
        let key: Key
        let value: String
        let place: Place
        /// The movement that is meant, from 0.
        var movement = 0
        /// `outcome` and `kind` are those of the movement, not of the mail.
        var isOfMovement = false
    }

    let group: Group
    let name: String
    let place: Place
    let message: Message
    let receivedAt: Date
    let expectations: [Expectation]
    /// How many movements there must be, and where that is said.
    let movementCount: (Int, Place)?
}

/// Reads the `samples:` of a rule file.
struct SampleParser {
    let complaints: Complaints

    /// Noon of the day after the notices in the samples, when a sample does not say.
    private static let usualArrival = "2026-11-23T12:00:00+03:00"

    /// - Parameter isWhole: one sample of each kind must be there.
    func samples(_ node: RuleNode, isWhole: Bool) -> [Sample] {
        guard let entries = node.mapping(RuleFormat.samples) else { return [] }
        return Sample.Group.allCases.flatMap { group -> [Sample] in
            let list = entries[group.rawValue]?.list(of: group.rawValue) ?? []
            if list.isEmpty, isWhole {
                node.complain(
                    "there is no sample under \(group.rawValue); a rule file has one of each kind",
                    "\(group.rawValue) altında örnek yok; bir kural dosyasında her türden en az bir "
                        + "örnek olur", offending: group.rawValue)
            }
            return list.compactMap { sample($0, group) }
        }
    }

    private func sample(_ node: RuleNode, _ group: Sample.Group) -> Sample? {
        guard let entries = node.mapping(RuleFormat.sample),
            let name = entries["name"]?.prose("name"), let from = entries["from"]?.prose("from"),
            let subject = entries["subject"]?.prose("subject"),
            let expect = entries["expect"]?.mapping(RuleFormat.expect)
        else { return nil }
        guard let sender = Self.address(from) else {
            entries["from"]?.complain(
                "a sender is written name@bank.example",
                "gönderen ad@banka.example diye yazılır", offending: from)
            return nil
        }
        var bodies: [BodyText] = []
        if let text = entries["text"]?.prose("text") { bodies.append(body(text, .plain)) }
        if let html = entries["html"]?.prose("html") { bodies.append(body(html, .html)) }
        bodies += attachments(entries["attachments"])
        let inner = entries["inner"]?.prose("inner").map {
            Message(from: [sender], subject: "", bodies: [body($0, .plain)])
        }
        if bodies.isEmpty, inner == nil {
            node.complain(
                "the sample has no body; add text: | or html: |",
                "örneğin gövdesi yok; text: | ya da html: | ekleyin")
        }
        let received = entries["received"]?.prose("received")
        guard let receivedAt = Timestamp.date(received ?? Self.usualArrival) else {
            entries["received"]?.complain(
                "a time is written 2026-11-22 14:05:33", "zaman 2026-11-22 14:05:33 diye yazılır",
                offending: received)
            return nil
        }
        if expect.isEmpty {
            node.complain(
                "the sample expects nothing; write outcome: or amount:",
                "örnek hiçbir şey beklemiyor; outcome: ya da amount: yazın")
        }
        let movements = expect["movements"]?.list(of: "movements")
        var expectations = self.expectations(expect)
        for (index, movement) in (movements ?? []).enumerated() {
            guard let entries = movement.mapping(RuleFormat.expectedMovement) else { continue }
            expectations += self.expectations(entries, of: index)
        }
        return Sample(
            group: group, name: name, place: node.place,
            message: Message(
                from: [sender], subject: subject, bodies: bodies,
                inner: inner.map { [$0] } ?? []),
            receivedAt: receivedAt, expectations: expectations,
            movementCount: movements.flatMap { list in
                expect["movements"].map { (list.count, $0.place) }
            })
    }

    private func attachments(_ node: RuleNode?) -> [BodyText] {
        (node?.list(of: "attachments") ?? []).compactMap { entry in
            guard let entries = entry.mapping(RuleFormat.sampleAttachment),
                let name = entries["name"]?.prose("name"), let text = entries["text"]?.prose("text")
            else { return nil }
            let type =
                AttachmentTest.Kind.allCases.first { $0.holds(name: name.lowercased(), type: "") }
            let media =
                switch type {
                case .html: "text/html"
                case .pdf: "application/pdf"
                case .text: "text/plain"
                case nil: "application/octet-stream"
                }
            return body(text, .attachment(name: name, type: media))
        }
    }

    private func expectations(
        _ entries: [String: RuleNode], of movement: Int? = nil
    ) -> [Sample.Expectation] {
        Sample.Key.allCases.compactMap { key in
            guard let node = entries[key.rawValue], let value = node.prose(key.rawValue) else {
                return nil
            }
            if key == .amount, value != "none", SampleRunner.money(value) == nil {
                node.complain(
                    "an amount is written 1250.00 TRY", "tutar 1250.00 TRY diye yazılır",
                    offending: value)
            }
            if key == .occurredAt, value != "none", Timestamp.date(value) == nil {
                node.complain(
                    "a time is written 2026-11-22 14:05:33",
                    "zaman 2026-11-22 14:05:33 diye yazılır", offending: value)
            }
            if key == .outcome, MailOutcome(rawValue: value) == nil {
                _ = node.word("outcome", as: MailOutcome.self)
            }
            var expectation = Sample.Expectation(key: key, value: value, place: node.place)
            expectation.movement = movement ?? 0
            if movement != nil { expectation.isOfMovement = true }
            return expectation
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
