// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// What was said on one connection, as far as it tells how the mail stands.
///
/// libcurl reports a refusal by a number that means many things; the step and the server's last
/// answer to it decide. It calls back on the thread that sends, so one owner at a time sees this.
final class SMTPTalk {
    private(set) var step = SMTPError.Step.connect
    /// The server's whole answer to the last command; nil while it is awaited.
    private(set) var reply: SMTPReply?
    /// What it said when it took the mail, `Ok: queued as 4Rx…`, in printable ASCII and without
    /// addresses.
    private(set) var receipt = ""
    private let mail: [UInt8]
    private var sent = 0
    private var isOver = false
    private let handle: UnsafeMutableRawPointer
    private let patience: SMTPServer.Patience

    /// A receipt is a line; no queue id is longer.
    private static let receiptBytesMax = 120

    init(_ mail: [UInt8], on handle: UnsafeMutableRawPointer, _ patience: SMTPServer.Patience) {
        self.mail = mail
        self.handle = handle
        self.patience = patience
    }

    func attach() -> CURLcode {
        let user = Unmanaged.passUnretained(self).toOpaque()
        let onLine: mutabik_stream_line = { bytes, one, count, user in
            if let bytes, let talk = SMTPTalk.from(user) {
                talk.hear(UnsafeRawBufferPointer(start: bytes, count: one * count))
            }
            return one * count
        }
        let code = mutabik_stream_on_line(handle, onLine, user)
        guard code == CURLE_OK else { return code }
        return mutabik_smtp_callbacks(
            handle, curl_off_t(mail.count),
            { room, one, count, user in
                guard let room, let talk = SMTPTalk.from(user) else { return 0 }
                return talk.fill(UnsafeMutableRawBufferPointer(start: room, count: one * count))
            },
            { _, what, bytes, count, user in
                if what == CURLINFO_HEADER_OUT, let bytes, let talk = SMTPTalk.from(user) {
                    talk.say(UnsafeRawBufferPointer(start: bytes, count: count))
                }
                return 0
            }, user)
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> SMTPTalk? {
        user.map { Unmanaged<SMTPTalk>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: - Both directions

    /// A command goes out. Only its verb is looked at: behind AUTH come secrets.
    private func say(_ line: UnsafeRawBufferPointer) {
        let verb = String(decoding: line.prefix { $0 > 0x20 }.prefix(8), as: UTF8.self)
        switch verb.uppercased() {
        case "EHLO", "HELO": begin(.hello)
        case "STARTTLS": begin(.startTLS)
        case "AUTH": begin(.logIn)
        case "MAIL": begin(.sender)
        case "RCPT": begin(.recipient)
        case "DATA": begin(.content)
        // Its answer says nothing about the mail.
        case "QUIT": isOver = true
        default: break  // The rest of a log-in.
        }
    }

    private func begin(_ step: SMTPError.Step) {
        self.step = step
        reply = nil
    }

    /// The next bytes of the mail.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, mail.count - sent)
        mail.withUnsafeBytes { room.copyMemory(from: .init(rebasing: $0[sent..<(sent + count)])) }
        sent += count
        if sent == mail.count {
            // From here on libcurl may send the final dot at any time.
            begin(.acceptance)
            wait(patience.acceptance)
        }
        return count
    }

    /// `250-first line`, `250 last line`.
    private func hear(_ line: UnsafeRawBufferPointer) {
        guard !isOver, line.count >= 3, line[0] >= 0x32, line[0] <= 0x35,
            line[1...2].allSatisfy({ (0x30...0x39).contains($0) }),
            line.count == 3 || line[3] <= 0x20
        else { return }
        let code = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let words = line.dropFirst(4).split { $0 <= 0x20 }
        let first = words.first.map { String(decoding: $0, as: UTF8.self) }
        reply = SMTPReply(code: code, enhanced: first.flatMap { Self.enhanced($0, of: code) })
        guard step == .acceptance else { return }
        let plain = words.filter { word in
            !word.contains(UInt8(ascii: "@")) && word.allSatisfy { (0x21...0x7E).contains($0) }
        }
        receipt = plain.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        receipt = String(receipt.prefix(Self.receiptBytesMax))
        // What follows is QUIT; nothing depends on its answer.
        wait(patience.farewell)
    }

    private func wait(_ time: Duration) {
        // In whole seconds; 0 would mean the library's own two minutes.
        _ = mutabik_stream_set_long(
            handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, time.milliseconds / 1000))
    }

    /// `5.1.1`, when its first digit is that of the code (RFC 2034 §4).
    private static func enhanced(_ word: String, of code: Int) -> String? {
        let parts = word.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("\(code / 100)".utf8),
            parts.allSatisfy({ part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
            })
        else { return nil }
        return word
    }
}
