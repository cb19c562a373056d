// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import Mail

/// Mails grouped by what they look like once names and numbers are gone.
package struct MailShapes: Sendable {
    /// Mails of one form.
    package struct Group: Sendable {
        /// The domain that sends them.
        package let domain: String
        /// Addresses that were seen, at most three; people's addresses are not among them.
        package fileprivate(set) var senders: [String]
        /// The subject of the first of them, without personal data.
        package let subject: String
        /// A telling line of the first of them, without personal data.
        package let line: String
        /// Where the first of them stands.
        package let example: String
        package fileprivate(set) var count: Int
    }

    /// More kinds of mail than an organizer's mailbox holds; the rest is only counted.
    private static let groupsMax = 5000
    private static let sendersMax = 3
    /// What comes below is small print, which changes with every campaign.
    private static let linesMax = 15

    private let vocabulary: Set<String>
    private let seed: UInt64
    private var groups: [String: Group] = [:]
    /// Mails of forms beyond the limit.
    package private(set) var others = 0

    /// - Parameter vocabulary: folded words of the rules, kept besides `Vocabulary.common`.
    package init(vocabulary: Set<String>, seed: UInt64) {
        self.vocabulary = vocabulary.union(Vocabulary.common)
        self.seed = seed
    }

    /// All groups, the largest first.
    package var sorted: [Group] {
        groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value)
    }

    /// Counts a mail.
    ///
    /// - Parameter label: where it stands, such as `season.mbox#12`.
    package mutating func add(_ message: Message, label: String) {
        let sender = message.from.first
        let domain = sender?.domain ?? "–"
        let text = message.bodies.first?.text ?? ""
        let lines = text.split(separator: "\n").prefix(Self.linesMax)
        let skeleton = skeleton([message.subject] + lines.map(String.init))
        let key = ([domain] + skeleton).joined(separator: "\n")
        let isPerson = sender.map(MailAnonymizer.isPerson) ?? true
        let address = sender.map { isPerson ? "…@\($0.domain)" : $0.address.lowercased() } ?? "–"
        if var known = groups[key] {
            known.count += 1
            if known.senders.count < Self.sendersMax, !known.senders.contains(address) {
                known.senders.append(address)
            }
            groups[key] = known
            return
        }
        guard groups.count < Self.groupsMax else {
            others += 1
            return
        }
        let rewrite = MailAnonymizer(seed: seed, vocabulary: vocabulary).rewriter(for: message)
        groups[key] = Group(
            domain: domain, senders: [address], subject: rewrite(message.subject),
            line: rewrite(Self.telling(lines.map(String.init))), example: label, count: 1)
    }

    /// The line with an amount, else the longest of the first ones.
    private static func telling(_ lines: [String]) -> String {
        let line =
            lines.first { line in
                ValueShape.amounts(Array(line.unicodeScalars)).contains { $0.unit != nil }
            } ?? lines.prefix(5).max { $0.count < $1.count } ?? ""
        return String(line.prefix(200))
    }

    private static let labelLettersMax = 45

    /// The lines with known words only; all others are `~`, numbers `#`, however many there are.
    /// What stands behind a label is `~` whatever words it is made of: names hold known ones too.
    private func skeleton(_ lines: [String]) -> [String] {
        var isValue = false
        return lines.map { line in
            let border = line.firstIndex { $0 == ":" || $0 == "\t" } ?? line.endIndex
            let label = line[..<border]
            let isLabel =
                border < line.endIndex && label.count <= Self.labelLettersMax
                && !label.contains(where: \.isNumber)
            let rest = line[border...].drop { $0 == ":" || $0.isWhitespace }
            let wasValue = isValue
            isValue = isLabel && rest.isEmpty
            guard isLabel else { return wasValue ? "~" : words(line) }
            return words(String(label)) + (rest.isEmpty ? " :" : " : ~")
        }
    }

    private func words(_ text: String) -> String {
        let signs = Array(text.unicodeScalars)
        var parts: [String] = []
        for span in TextScanner(signs).spans() {
            let part: String
            switch span.kind {
            case .word:
                let word = String(String.UnicodeScalarView(signs[span.range])).turkishFolded()
                part = vocabulary.contains(word) ? word : "~"
            case .number, .time: part = "#"
            case .mixed, .code, .iban, .link, .address: part = "~"
            }
            // A known word between unknown ones is part of a name.
            if part == "~", parts.count > 1, parts[parts.count - 2] == "~", parts.last != "#" {
                parts.removeLast()
            }
            if part != parts.last || part != "~" && part != "#" { parts.append(part) }
        }
        return parts.joined(separator: " ")
    }
}
