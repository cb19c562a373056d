// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// What a service for incoming mail posts to a web address, saved as a mail or attached to one.
///
/// SendGrid (Inbound Parse) and Mailgun (routes) post a form: the whole mail in one field, or its
/// parts in several. The whole mail is read like an attached one, with its own signature. Its parts
/// have no signature left, and the fields in which the service says what it found (`dkim`, `SPF`,
/// `X-Mailgun-Spf`) are worth nothing here, since anybody can write a form: so nothing proves them.
///
/// Sources: twilio.com/docs/sendgrid, "Inbound Parse Webhook"; documentation.mailgun.com, "Receive,
/// forward and store messages".
struct FormPost {
    /// Fields that hold a whole mail: SendGrid's and Mailgun's.
    private static let wholeNames: Set<String> = ["email", "body-mime"]
    /// Fields of a mail in parts, by what they are here. `stripped-text` may lack the notice.
    private static let partNames = [
        "from": "from", "subject": "subject", "text": "text", "html": "html",
        "body-plain": "text", "body-html": "html", "date": "date", "charsets": "charsets",
    ]

    private var whole: [UInt8]?
    private var parts: [String: [UInt8]] = [:]

    /// Whether a field of this name is of use.
    static func holds(_ name: String) -> Bool {
        let name = name.asciiLowercased()
        return wholeNames.contains(name) || partNames[name] != nil
    }

    /// Takes a field; of two with the same name the first counts.
    mutating func take(_ name: String, _ value: [UInt8]) {
        let name = name.asciiLowercased()
        if Self.wholeNames.contains(name) {
            whole = whole ?? value
        } else if let part = Self.partNames[name], parts[part] == nil {
            parts[part] = value
        }
    }

    /// Takes the fields of a form that is one line (`application/x-www-form-urlencoded`).
    mutating func take(encoded bytes: [UInt8]) {
        for field in bytes.split(separator: 38).prefix(Self.fieldsMax) {
            guard let equals = field.firstIndex(of: ASCII.equals) else { continue }
            let name = String(decoding: Self.decoded(field[..<equals]), as: UTF8.self)
            if Self.holds(name) { take(name, Self.decoded(field[(equals + 1)...])) }
        }
    }

    /// Fields of one form; Mailgun posts some thirty.
    private static let fieldsMax = 200

    /// The mail in the form: as it was, or put together from its parts; nil when there is none.
    var mail: [UInt8]? { whole ?? composed() }

    /// A mail of the parts. It says nothing that the form does not, least of all who signed it.
    private func composed() -> [UInt8]? {
        guard let from = parts["from"], let subject = parts["subject"] else { return nil }
        let texts = [("plain", "text"), ("html", "html")].compactMap { type, part in
            parts[part].map { (type, Charset.utf8($0, named: charset(of: part)).bytes) }
        }
        guard !texts.isEmpty else { return nil }
        var boundary = "form"
        while texts.contains(where: { String(decoding: $0.1, as: UTF8.self).contains(boundary) }) {
            boundary += "-\(boundary.utf8.count)"
            // Nobody writes a text like that but to keep us busy.
            guard boundary.utf8.count < 64 else { return nil }
        }
        var mail = Self.field("From", from) + Self.field("Subject", subject)
        if let date = parts["date"] { mail += Self.field("Date", date) }
        mail += Array("Content-Type: multipart/alternative; boundary=\(boundary)\r\n\r\n".utf8)
        for (type, text) in texts {
            mail += Array("--\(boundary)\r\nContent-Type: text/\(type); charset=utf-8\r\n\r\n".utf8)
            mail += text + [ASCII.carriageReturn, ASCII.lineFeed]
        }
        return mail + Array("--\(boundary)--\r\n".utf8)
    }

    /// The charset of a part: SendGrid tells them all in one field, `{"text":"iso-8859-9",…}`.
    private func charset(of part: String) -> String? {
        parts["charsets"].flatMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.prefix(4096)))
        }?[part]
    }

    /// One line, whatever the value holds: a field must not bring others along.
    private static func field(_ name: String, _ value: [UInt8]) -> [UInt8] {
        Array("\(name): ".utf8)
            + value.prefix(4096).map { $0 < 32 || $0 == 127 ? ASCII.blank : $0 }
            + [ASCII.carriageReturn, ASCII.lineFeed]
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 37, index + 2 < bytes.endIndex,
                let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(bytes[index] == 43 ? ASCII.blank : bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
