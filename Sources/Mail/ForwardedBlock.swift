// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials

/// A mail that a person forwarded by hand, as the mail program wrote it into the text:
///
///     ---------- Forwarded message ---------
///     Gönderen: Banka <bilgi@banka.example>
///     Date: 27 Eki 2026 Sal, 09:31
///     Subject: Hesabınıza para geldi
///     To: <organizator@ornek.example>
///
///     Sayın Müşterimiz, …
///
/// Nothing in it is proven: the person, or whoever wrote to the person, can type all of it.
package struct ForwardedBlock: Hashable, Sendable {
    /// Whom the heading names as sender; without local part and domain when it has a name alone, as
    /// Outlook writes whom it knows.
    package let sender: MailAddress
    /// Nil when the form has none.
    package let subject: String?
    /// For showing only; nil when there is none or it cannot be read.
    package let date: Date?
    /// What follows the heading, up to the next heading; without marks of quoting.
    package let text: String

    /// The forwarded mails in a text (`BodyText.text`), the outermost first. A mail that was
    /// forwarded twice gives two.
    package static func all(in text: String) -> [ForwardedBlock] {
        guard text.utf8.contains(ASCII.colon) else { return [] }
        return ForwardedTextReader(text).blocks()
    }

    /// The subject as it was before forwarding: `İLT: Fwd: Para geldi` → `Para geldi`.
    package static func subject(ofForward subject: String) -> String {
        var rest = subject[...]
        // A mail that went through more hands keeps the other prefixes.
        for _ in 0..<5 {
            guard let colon = rest.unicodeScalars.prefix(6).firstIndex(of: ":") else { break }
            let prefix = String(rest[...colon]).turkishFolded()
            guard ForwardedHeadings.subjectPrefixes.contains(prefix) else { break }
            rest = rest[rest.unicodeScalars.index(after: colon)...].drop { $0.isWhitespace }
        }
        return String(rest)
    }
}

/// Goes through the lines of a text once and cuts it at the headings.
private struct ForwardedTextReader {
    /// Lines that belong to one heading at most (contract: sender and date or subject within 8).
    private static let headingLinesMax = 8
    /// Forwards within forwards; more are not a notice that somebody passed on.
    private static let blocksMax = 10
    /// A longer line is no heading.
    private static let lineBytesMax = 1000

    private let lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(Self.unquoted)
    }

    func blocks() -> [ForwardedBlock] {
        var headings: [(start: Int, end: Int, heading: Heading)] = []
        var index = 0
        while index < lines.count, headings.count < Self.blocksMax {
            if let (heading, end) = heading(at: index) {
                headings.append((index, end, heading))
                index = end
            } else {
                index += 1
            }
        }
        return headings.indices.compactMap { place in
            let next = place + 1 < headings.count ? headings[place + 1].start : lines.count
            var body = lines[headings[place].end..<next]
            while let first = body.first, ForwardedHeadings.isSeparator(first) {
                body.removeFirst()
            }
            while let last = body.last, ForwardedHeadings.isSeparator(last) { body.removeLast() }
            let heading = headings[place].heading
            guard let sender = heading.sender else { return nil }
            return ForwardedBlock(
                sender: sender, subject: heading.subject, date: heading.date,
                text: body.joined(separator: "\n"))
        }
    }

    // MARK: - Headings

    private struct Heading {
        var sender: MailAddress?
        var subject: String?
        var date: Date?
        /// What was said already; nothing is said twice in one heading.
        var hasSender = false
        var hasDate = false
        var recipients = 0

        /// With a name alone it must have all that Outlook writes: the fields of a notice are named
        /// alike.
        var isHeading: Bool {
            guard let sender else { return false }
            return sender.domain.isEmpty
                ? hasDate && subject != nil && recipients > 0 : hasDate || subject != nil
        }

        /// False when the line cannot belong to this heading.
        mutating func take(_ role: ForwardedHeadings.Role, _ value: Substring) -> Bool {
            switch role {
            case .sender:
                let named = ForwardedAddress.read(value) ?? ForwardedAddress.name(value)
                guard !hasSender, let address = named else { return false }
                hasSender = true
                sender = address
            case .date:
                guard !hasDate else { return false }
                hasDate = true
                date = ForwardedDate.read(value)
            case .subject:
                guard subject == nil else { return false }
                subject = String(value)
            case .recipient:
                // To, Cc, Bcc, Reply-To.
                guard recipients < 4 else { return false }
                recipients += 1
            case .other: break
            }
            return true
        }
    }

    /// The heading that begins at a line, and the line behind it.
    private func heading(at start: Int) -> (Heading, Int)? {
        if let attribution = attribution(at: start) { return attribution }
        guard label(start) != nil else { return nil }
        var heading = Heading()
        var index = start
        var end = start
        var wraps = false
        while index < lines.count, index - start < Self.headingLinesMax {
            if let (role, value) = label(index) {
                var next = index + 1
                var value = value
                if value.isEmpty, next < lines.count, label(next) == nil {
                    value = lines[next]
                    next += 1
                }
                let parts = role == .sender ? Self.parts(of: value) : [(nil, value)]
                var fits = true
                for (other, part) in parts { fits = fits && heading.take(other ?? role, part) }
                guard fits else { break }
                index = next
                end = next
                wraps = value.hasSuffix(",") || value.hasSuffix(";")
            } else if !ForwardedHeadings.isSeparator(lines[index]), wraps || !heading.isHeading {
                // A subject or a list of recipients that was wrapped.
                index += 1
                wraps = false
            } else {
                break
            }
        }
        return heading.isHeading ? (heading, end) : nil
    }

    private func label(_ index: Int) -> (role: ForwardedHeadings.Role, value: Substring)? {
        lines[index].utf8.count <= Self.lineBytesMax ? ForwardedHeadings.label(lines[index]) : nil
    }

    /// `"Banka" <a@b>, 28/10/2026 12:46 tarihinde şunu yazdı:`, or with the sender behind
    /// `tarihinde`, possibly wrapped once; behind a separator also without the words (Yandex).
    private func attribution(at start: Int) -> (Heading, Int)? {
        for count in 1...2 where start + count <= lines.count {
            let parts = lines[start..<start + count].map(Self.withoutMargins)
            let last = parts[count - 1]
            guard last.hasSuffix(":"), last.utf8.count <= Self.lineBytesMax,
                lines[start].utf8.count <= Self.lineBytesMax
            else { continue }
            let whole = parts.joined(separator: " ")
            let folded = whole.turkishFolded()
            let words = ForwardedHeadings.attributions.first { folded.hasSuffix($0) }
            let isBehindSeparator =
                count == 1 && start > 0 && ForwardedHeadings.isSeparator(lines[start - 1])
            guard words != nil || isBehindSeparator,
                let open = whole.lastIndex(where: { "<[(".contains($0) }),
                let close = whole[open...].firstIndex(where: { ">])".contains($0) }),
                let sender = ForwardedAddress.read(whole[open...close])
            else { continue }
            var heading = Heading()
            heading.sender = sender
            // Date and name stand on either side of the address; the name has quotation marks.
            let rest = whole[..<open] + " " + whole[whole.index(after: close)...]
            let unnamed = rest.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
                .joined(separator: " ")
            heading.date = ForwardedDate.read(Self.beforeWords(unnamed)[...])
            heading.hasDate = heading.date != nil
            if heading.isHeading { return (heading, start + count) }
        }
        return nil
    }

    /// Without `tarihinde şunu yazdı:` and the like, and a name between these words.
    private static func beforeWords(_ text: String) -> String {
        let folded = text.turkishFolded()
        if folded.hasSuffix("yazdi:"), let place = folded.firstRange(of: " tarihinde ") {
            return String(folded[..<place.lowerBound])
        }
        for words in ForwardedHeadings.attributions where folded.hasSuffix(words) {
            return String(folded.dropLast(words.count))
        }
        return String(folded.dropLast(folded.hasSuffix(":") ? 1 : 0))
    }

    /// The pieces of a heading that stands on one line (Yahoo):
    /// `Banka <a@b> Kime: c@d Gönderilen: 2 Kasım 2026 09:26 Konu: Para geldi`.
    private static func parts(
        of value: Substring
    ) -> [(role: ForwardedHeadings.Role?, value: Substring)] {
        var parts: [(role: ForwardedHeadings.Role?, value: Substring)] = []
        var role: ForwardedHeadings.Role?
        var start = value.startIndex
        for word in value.split(whereSeparator: \.isWhitespace)
        where word.hasSuffix(":") && word.startIndex > value.startIndex {
            guard let next = ForwardedHeadings.roles[String(word.dropLast()).turkishFolded()] else {
                continue
            }
            parts.append((role, ForwardedHeadings.bare(value[start..<word.startIndex])))
            role = next
            start = word.endIndex
        }
        return parts + [(role, ForwardedHeadings.bare(value[start...]))]
    }

    /// Without the empty cells at its ends.
    private static func withoutMargins(_ line: Substring) -> Substring {
        var line = line.drop { $0 == "\t" }
        while line.last == "\t" { line.removeLast() }
        return line
    }

    /// Without leading marks of quoting, of any number.
    private static func unquoted(_ line: Substring) -> Substring {
        guard line.utf8.first == 62 else { return line }
        return line.drop { $0 == ">" || $0 == " " }
    }
}

/// The address in a sender's line of a heading.
enum ForwardedAddress {
    /// `Banka <a@b>`, `Banka [mailto:a@b]`, `a@b`. Of several in brackets the last; of several
    /// without, none: a name may be written like an address.
    static func read(_ value: Substring) -> MailAddress? {
        let bracketed = value.split(whereSeparator: "<[(".contains).dropFirst(
            value.first.map("<[(".contains) == true ? 0 : 1
        ).compactMap { piece -> Substring? in
            guard let close = piece.firstIndex(where: { $0 == ">" || $0 == "]" || $0 == ")" })
            else { return nil }
            return piece[..<close]
        }
        let name = value.prefix { !"<[".contains($0) }
            .filter { $0 != "\"" }
        if let address = bracketed.last(where: { $0.utf8.contains(64) }) {
            return self.address(address, name: String(ForwardedHeadings.bare(name[...])))
        }
        let words = value.split(whereSeparator: \.isWhitespace).filter { $0.utf8.contains(64) }
        guard words.count == 1 else { return nil }
        return address(words[0], name: "")
    }

    /// A name without any address.
    static func name(_ value: Substring) -> MailAddress? {
        guard (2...100).contains(value.utf8.count), !value.utf8.contains(64) else { return nil }
        return MailAddress(displayName: String(value), localPart: "", domain: "")
    }

    private static func address(_ text: Substring, name: String) -> MailAddress? {
        var text = text
        if text.lowercased().hasPrefix("mailto:") { text = text.dropFirst(7) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            (3...253).contains(parts[1].utf8.count), parts[1].utf8.contains(46),
            text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 34 && $0 != 44 && $0 != 59 })
        else { return nil }
        return MailAddress(
            displayName: name, localPart: String(parts[0]), domain: String(parts[1]))
    }
}
