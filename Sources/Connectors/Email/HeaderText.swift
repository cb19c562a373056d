// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Header fields of a mail that is written. Whatever the values hold, a field stays one field.
enum HeaderText {
    /// No subject or name in use is longer; what is cut off would only fill screens.
    private static let scalarsMax = 200
    /// A line with an encoded word in it, without its end (RFC 2047 §2).
    private static let lineMax = 76
    /// `=?UTF-8?B?` and `?=`.
    private static let wordFrame = 12

    /// `Subject: …` with its line end; folded and encoded when it has to be.
    static func field(_ name: String, text: String) -> String {
        name + ": " + encoded(text, after: name.utf8.count + 2) + "\r\n"
    }

    /// `From: Kahve Atölyesi <bilet@example.org>` with its line end. The address is clean.
    static func field(_ name: String, person: String?, address: String) -> String {
        guard let person = person.map(clean), !person.isEmpty else {
            return "\(name): <\(address)>\r\n"
        }
        let isPlain =
            person.utf8.allSatisfy(isAtom)
            && name.utf8.count + person.utf8.count + address.utf8.count + 5 <= lineMax
        guard isPlain else {
            return name + ": "
                + words(of: person, after: name.utf8.count + 2).joined(separator: "\r\n ")
                + "\r\n <\(address)>\r\n"
        }
        return "\(name): \(person) <\(address)>\r\n"
    }

    private static func encoded(_ text: String, after prefix: Int) -> String {
        let text = clean(text)
        let isPlain =
            text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
            && prefix + text.utf8.count <= lineMax
        return isPlain ? text : words(of: text, after: prefix).joined(separator: "\r\n ")
    }

    /// Encoded words, none of which ends within a letter, each for a line of its own.
    ///
    /// - Parameter prefix: what stands before the first; before the others there is a blank.
    private static func words(of text: String, after prefix: Int) -> [String] {
        var words: [String] = []
        var bytes: [UInt8] = []
        func end() {
            words.append("=?UTF-8?B?\(Data(bytes).base64EncodedString())?=")
            bytes = []
        }
        for scalar in text.unicodeScalars {
            let letter = Array(UTF8.encode(scalar) ?? .init())
            // Three bytes are four signs of base64.
            let room = (lineMax - wordFrame - (words.isEmpty ? prefix : 1)) / 4 * 3
            if bytes.count + letter.count > room { end() }
            bytes += letter
        }
        if !bytes.isEmpty { end() }
        return words
    }

    /// One line without signs that mean something to a mail program instead of a reader: controls,
    /// line ends of Unicode, and those that turn the direction of writing.
    static func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax) {
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: scalars.append(" ")
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars).split(separator: " ").joined(separator: " ")
    }

    /// What a display name may hold without quotes, and blanks (RFC 5322 §3.2.3; fewer here).
    private static func isAtom(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || byte == 0x20
    }

    // MARK: - Date

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 22 Nov 2026 11:05:33 +0000` (RFC 5322 §3.3).
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        let part = calendar.dateComponents(
            [.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String {
            let digits = String(number ?? 0)
            return digits.utf8.count < 2 ? "0" + digits : digits
        }
        let day = days[((part.weekday ?? 1) - 1) % 7]
        let month = months[((part.month ?? 1) - 1) % 12]
        return "\(day), \(part.day ?? 1) \(month) \(part.year ?? 1970) "
            + "\(two(part.hour)):\(two(part.minute)):\(two(part.second)) +0000"
    }
}
