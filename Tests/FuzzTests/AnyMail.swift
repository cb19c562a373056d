// SPDX-License-Identifier: Apache-2.0

@testable import Mail

/// A mail made of any bytes.
enum AnyMail {
    static func check(_ input: [UInt8]) throws {
        guard let message = try? MessageParser.parse(input) else { return }
        for text in [message.subject] + message.bodies.map(\.text) { try check(text: text) }
        try require(
            message.bodies.reduce(0) { $0 + $1.text.utf8.count }
                <= MailLimits.standard.textBytesMax * max(1, message.bodies.count),
            "more text than the limit")
        try require(message.inner.count == message.innerRaw.count, "an inner mail without bytes")
        let again = try MessageParser.parse(input)
        try require(
            message.subject == again.subject && message.from == again.from
                && message.bodies.map(\.text) == again.bodies.map(\.text),
            "the same bytes read twice give two texts")
    }

    /// Rules see no sign that a person would not see.
    static func check(text: String) throws {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x2064, 0x2066...0x2069, 0xfeff, 0xad:
                throw BrokenProperty("an invisible sign U+\(String(scalar.value, radix: 16))")
            case 0..<9, 11..<32, 127:
                throw BrokenProperty("a control sign U+\(String(scalar.value, radix: 16))")
            default: break
            }
        }
    }
}
