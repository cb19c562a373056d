// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Mail

/// The beginning of a mail, for a person who is asked about it.
struct MailWords {
    private let from: String?
    private let subject: String
    private let text: [String]

    /// A bank's notice says what it has to say on so many lines; what follows is about phishing.
    private static let linesMax = 12
    /// A line on the screen.
    private static let lineMax = 200

    /// Nil for what cannot be read as a mail.
    init?(_ raw: [UInt8]) {
        guard let message = try? MessageParser.parse(raw) else { return nil }
        from = message.from.first?.address
        subject = String(message.subject.prefix(Self.lineMax))
        text = (message.bodies.first?.text ?? "").split(separator: "\n").prefix(Self.linesMax)
            .map { String($0.prefix(Self.lineMax)).replacing("\t", with: " ") }
    }

    var json: JSONLine {
        var line = JSONLine()
        line.put("from", from)
        line.put("subject", subject)
        line.put("text", text.joined(separator: "\n"))
        return line
    }

    var lines: [String] {
        ["   \((from ?? "–").shown) · \(subject.shown)"] + text.map { "   > \($0.shown)" }
    }
}
