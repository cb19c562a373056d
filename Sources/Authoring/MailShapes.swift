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

    /// Forms of one sender that a mail is held against; who sends more sends newsletters, which
    /// are counted by what they say, word for word.
    private static let likenessMax = 100
    /// Of the words of two mails so many are in both when they are of one form: names and
    /// descriptions hold words of banks, too.
    private static let sharedMin = 0.7
    /// Or so many of the shorter one, in which lines are missing, if it is not all too short.
    private static let heldMin = 0.9
    private static let heldWordsMin = 5

    /// A group with the words of its first mail.
    private struct Form {
        let words: Set<String>
        var group: Group
    }

    private let vocabulary: Set<String>
    private let seed: UInt64
    private var forms: [Form] = []
    /// Per sender's domain and way of the money the forms that were seen.
    private var byKind: [String: [Int]] = [:]
    /// Per kind and exact words.
    private var exact: [String: [Set<String>: Int]] = [:]
    /// Mails of forms beyond the limit.
    package private(set) var others = 0

    /// - Parameter vocabulary: folded words of the rules, kept besides `Vocabulary.common`.
    package init(vocabulary: Set<String>, seed: UInt64) {
        self.vocabulary = vocabulary.union(Vocabulary.common)
        self.seed = seed
    }

    /// All groups, the largest first, then in the order in which they came.
    package var sorted: [Group] {
        forms.map(\.group).enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }.map(\.element)
    }

    /// Counts a mail.
    ///
    /// - Parameter label: where it stands, such as `season.mbox#12`.
    package mutating func add(_ message: Message, label: String) {
        let sender = message.from.first
        let domain = sender?.domain.lowercased() ?? "–"
        let lines = Self.lines(of: message)
        let isPerson = sender.map(MailAnonymizer.isPerson) ?? true
        let address = sender.map { isPerson ? "…@\($0.domain)" : $0.address.lowercased() } ?? "–"
        let said = said(message.subject, lines)
        let kind = domain + "\n" + Self.way(said.text)
        let words = said.words
        if let place = exact[kind]?[words] ?? nearest(to: words, in: kind) {
            exact[kind, default: [:]][words] = place
            forms[place].group.count += 1
            let known = forms[place].group.senders
            if known.count < Self.sendersMax, !known.contains(address) {
                forms[place].group.senders.append(address)
            }
            return
        }
        guard forms.count < Self.groupsMax else {
            others += 1
            return
        }
        let rewrite = MailAnonymizer(seed: seed, vocabulary: vocabulary).rewriter(for: message)
        let group = Group(
            domain: domain, senders: [address], subject: rewrite(message.subject),
            line: rewrite(Self.telling(lines)), example: label, count: 1)
        exact[kind, default: [:]][words] = forms.count
        byKind[kind, default: []].append(forms.count)
        forms.append(Form(words: words, group: group))
    }

    private func nearest(to words: Set<String>, in kind: String) -> Int? {
        let places = byKind[kind, default: []].prefix(Self.likenessMax)
        let near = places.map { (place: $0, likeness: Self.likeness(words, forms[$0].words)) }
            .max { $0.likeness < $1.likeness }
        return near.flatMap { $0.likeness > 0 ? $0.place : nil }
    }

    /// Up to 1 for mails of one form, 0 for others.
    private static func likeness(_ one: Set<String>, _ other: Set<String>) -> Double {
        let both = Double(one.count { other.contains($0) })
        let all = Double(one.count + other.count) - both
        let fewer = min(one.count, other.count)
        guard all > 0 else { return 1 }
        let isHeld = fewer >= heldWordsMin && both >= heldMin * Double(fewer)
        return isHeld || both >= sharedMin * all ? both / all : 0
    }

    /// In or out: a notice differs from its opposite by a syllable.
    private static func way(_ folded: String) -> String {
        [DirectionWords.cameIn, DirectionWords.wentOut].map {
            DirectionWords.found($0, in: folded, limit: 1).isEmpty ? "-" : "+"
        }.joined()
    }

    /// The beginning of the text that tells: a plain text may say no more than that there is HTML.
    private static func lines(of message: Message) -> [String] {
        let texts = message.bodies.map { body in
            body.text.split(separator: "\n").prefix(linesMax).map(String.init)
        }
        return texts.first { $0.contains(where: holdsAmount) } ?? texts.first ?? []
    }

    private static func holdsAmount(_ line: String) -> Bool {
        ValueShape.amounts(Array(line.unicodeScalars)).contains { $0.unit != nil }
    }

    /// The line with an amount, else the longest of the first ones.
    private static func telling(_ lines: [String]) -> String {
        let line =
            lines.first(where: holdsAmount) ?? lines.prefix(5).max { $0.count < $1.count } ?? ""
        return String(line.prefix(200))
    }

    private static let labelLettersMax = 45

    /// The folded text without values, and its words that banks use, with whole labels in any
    /// language. What stands behind a label, or alone below one, is a value: names hold known
    /// words too.
    private func said(_ subject: String, _ lines: [String]) -> (text: String, words: Set<String>) {
        var text = [subject]
        var words = Set(known(subject).map { "subject: " + $0 })
        var isValue = false
        for line in lines {
            let border = line.firstIndex { $0 == ":" || $0 == "\t" } ?? line.endIndex
            let label = String(NoticeSketch.trim(line[..<border]))
            let isLabel =
                border < line.endIndex && label.count <= Self.labelLettersMax
                && !label.contains(where: \.isNumber)
            if isLabel {
                words.insert("label: " + label.turkishFolded())
                text.append(label)
            } else if !isValue {
                words.formUnion(known(line))
                text.append(line)
            }
            let rest = line[border...].drop { $0 == ":" || $0.isWhitespace }
            isValue = isLabel && rest.isEmpty
        }
        return (text.joined(separator: "\n").turkishFolded(), words)
    }

    /// Without those that change from notice to notice, such as EFT and FAST.
    private func known(_ text: String) -> [String] {
        let signs = Array(text.unicodeScalars)
        return TextScanner(signs).spans().compactMap { span in
            guard span.kind == .word else { return nil }
            let word = String(String.UnicodeScalarView(signs[span.range])).turkishFolded()
            return vocabulary.contains(word) && !SentenceSketch.changes.contains(word) ? word : nil
        }
    }
}
