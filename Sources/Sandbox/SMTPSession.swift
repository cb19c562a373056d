// SPDX-License-Identifier: Apache-2.0

/// One SMTP conversation as the sandbox leads it: lines in, answers out, without any waiting.
///
/// What needs the stage comes out as a call to `mail.rcpt` or `mail.data`. Source: RFC 5321 §4.
struct SMTPSession: Sendable {
    /// What follows a line.
    enum Step: Sendable {
        case say(String)
        /// The stage decides; its answer goes into `decided`.
        case ask(Call)
        /// The last words.
        case end(String)
        /// Nothing is said: the mail goes on.
        case listen
    }

    private enum Phase { case fresh, greeted, sender, recipient, content }

    /// RFC 5321 §4.5.3.1.4 and §4.5.3.1.6, without the line end.
    static let commandBytesMax = 510
    static let textBytesMax = 998
    /// A ticket is a few KB.
    static let mailBytesMax = 1 << 20

    private var phase = Phase.fresh
    private var sender = ""
    private var recipient = ""
    private var mail: [UInt8] = []
    private var isTooLarge = false

    static let greeting = "220 sandbox.example ESMTP mutabik"

    /// - Parameter line: without its CRLF; a line that ended otherwise never gets here.
    mutating func take(_ line: ArraySlice<UInt8>) -> Step {
        if phase == .content { return takeText(line) }
        guard line.count <= Self.commandBytesMax, line.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return .say("500 5.5.2 line too long or not ASCII") }
        let text = String(decoding: line, as: UTF8.self)
        switch text.prefix(4).uppercased() {
        case "EHLO":
            guard text.utf8.count > 5 else { return .say("501 5.5.4 EHLO needs a name") }
            phase = .greeted
            return .say(
                "250-sandbox.example\r\n250-SIZE \(Self.mailBytesMax)\r\n250 ENHANCEDSTATUSCODES")
        case "QUIT": return .end("221 2.0.0 bye")
        case "NOOP": return .say("250 2.0.0 OK")
        case "RSET":
            if phase != .fresh { phase = .greeted }
            return .say("250 2.0.0 OK")
        case "MAIL":
            guard phase == .greeted else { return .say("503 5.5.1 EHLO first, one mail at a time") }
            guard let address = Self.address(text, after: "MAIL FROM:") else {
                return .say("501 5.1.7 MAIL FROM:<address>")
            }
            sender = address
            phase = .sender
            return .say("250 2.1.0 OK")
        case "RCPT":
            guard phase == .sender else { return .say("503 5.5.1 one recipient after MAIL") }
            guard let address = Self.address(text, after: "RCPT TO:") else {
                return .say("501 5.1.3 RCPT TO:<address>")
            }
            recipient = address
            return .ask(call("rcpt"))
        case "DATA":
            guard phase == .recipient else { return .say("503 5.5.1 RCPT first") }
            phase = .content
            (mail, isTooLarge) = ([], false)
            return .say("354 go ahead")
        default: return .say("502 5.5.1 unknown command")
        }
    }

    /// The stage's answer to a call; `code` is that of the reply.
    mutating func decided(_ code: Int) {
        switch phase {
        case .sender: if code < 300 { phase = .recipient }
        case .content: phase = .greeted
        case .fresh, .greeted, .recipient: break
        }
    }

    private mutating func takeText(_ line: ArraySlice<UInt8>) -> Step {
        let dot = UInt8(ascii: ".")
        if line.count == 1, line.first == dot {
            guard !isTooLarge else {
                phase = .greeted
                return .say("552 5.3.4 larger than \(Self.mailBytesMax) bytes")
            }
            return .ask(call("data"))
        }
        guard line.count <= Self.textBytesMax, line.allSatisfy({ $0 < 0x80 && $0 != 0 }) else {
            return .end("500 5.5.2 line too long, or eight bits without 8BITMIME")
        }
        // The sender doubled a dot at the beginning (§4.5.2).
        mail += line.first == dot ? line.dropFirst() : line
        mail += [13, 10]
        if mail.count > Self.mailBytesMax { (mail, isTooLarge) = ([], true) }
        return .listen
    }

    private func call(_ target: String) -> Call {
        Call(
            method: "SMTP", target: target, headers: ["from": sender, "to": recipient],
            body: target == "data" ? mail : [])
    }

    /// `MAIL FROM:<a@b.example> SIZE=12` → `a@b.example`.
    private static func address(_ text: String, after start: String) -> String? {
        guard text.uppercased().hasPrefix(start) else { return nil }
        let rest = text.dropFirst(start.count)
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        let address = rest[rest.index(after: rest.startIndex)..<end]
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), parts[1].contains("."),
            !address.contains(" "), !address.contains("<")
        else { return nil }
        return String(address)
    }
}
