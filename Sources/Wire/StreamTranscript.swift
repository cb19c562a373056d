// SPDX-License-Identifier: Apache-2.0

import CCurl
import FoundationEssentials

/// What the server said during the log-in, line by line.
///
/// libcurl shows greeting, alerts and refusals nowhere else. It calls back on the thread that
/// drives the log-in, so one owner at a time sees this object.
final class StreamTranscript {
    /// Enough for every greeting and capability list seen (20 KB); a chatty server is cut off.
    private static let bytesMax = 64 << 10

    private(set) var lines: [String] = []
    private var bytes = 0

    func attach(to handle: UnsafeMutableRawPointer) -> CURLcode {
        let user = Unmanaged.passUnretained(self).toOpaque()
        let onLine: mutabik_stream_line = { bytes, one, count, user in
            guard let bytes, let user else { return one * count }
            let transcript = Unmanaged<StreamTranscript>.fromOpaque(user).takeUnretainedValue()
            transcript.append(UnsafeRawBufferPointer(start: bytes, count: one * count))
            return one * count
        }
        return mutabik_stream_on_line(handle, onLine, user)
    }

    func append(_ line: UnsafeRawBufferPointer) {
        guard bytes < Self.bytesMax else { return }
        let part = line.prefix(Self.bytesMax - bytes)
        bytes += part.count
        // Anything but printable ASCII could play tricks in a log.
        let printable = part.filter { $0 >= 0x20 && $0 < 0x7f }
        lines.append(String(decoding: printable, as: UTF8.self))
    }

    /// The log-in is over; what was said is not needed any more.
    func forget() { lines = [] }

    var text: String { lines.joined(separator: "\n") }
    var isPreauthenticated: Bool { lines.first?.uppercased().hasPrefix("* PREAUTH") ?? false }
    var saidBye: Bool { lines.contains { $0.uppercased().hasPrefix("* BYE") } }

    /// The server asks to come again later. An alert counts, wherever it stands; the greeting and
    /// the list of capabilities do not.
    var asksForPatience: Bool {
        let said = lines.compactMap(Self.refusal)
        return !said.contains { ServerWords.isFinal(code: $0.code) }
            && said.contains { ServerWords.askForPatience(code: $0.code, text: $0.text) }
    }

    /// What a line with NO, BAD, BYE or an alert says (RFC 9051 §7.1).
    private static func refusal(_ line: String) -> (code: String?, text: String)? {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return nil }
        var (code, text) = (String?.none, words[2])
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            code = text[..<end].dropFirst().split(separator: " ").first?.uppercased()
            text = text[end...].dropFirst()
        }
        let isRefusal = ["NO", "BAD", "BYE"].contains(words[1].uppercased())
        return isRefusal || code == "ALERT" ? (code, String(text)) : nil
    }

    /// A tagged NO or BAD came.
    var refused: Bool {
        lines.contains { line in
            let words = line.uppercased().split(separator: " ", maxSplits: 2)
            return words.count > 1 && words[0] != "*" && (words[1] == "NO" || words[1] == "BAD")
        }
    }

    /// The last thing that happened was the answer to CAPABILITY: no log-in was tried.
    var endsBeforeAuthentication: Bool {
        guard let last = lines.last?.split(separator: " ", maxSplits: 2), last.count > 1 else {
            return false
        }
        let capabilityAnswered = lines.contains { $0.uppercased().hasPrefix("* CAPABILITY") }
        return capabilityAnswered && last[0].hasPrefix("A") && last[1].uppercased() == "OK"
    }

    /// The list in the tagged OK of the log-in; the one before the log-in promises nothing.
    var capabilities: Set<String>? {
        guard let end = lines.last?.uppercased(), let open = end.firstRange(of: "[CAPABILITY "),
            let close = end[open.upperBound...].firstIndex(of: "]")
        else { return nil }
        return Set(end[open.upperBound..<close].split(separator: " ").map(String.init))
    }

    /// In words, which ways to log in the server offers: nobody could tell from a refusal without
    /// them what to set.
    var offer: String {
        let line = lines.last { $0.uppercased().hasPrefix("* CAPABILITY") } ?? ""
        let words = line.uppercased().split(separator: " ")
        let names = words.filter { $0.hasPrefix("AUTH=") }.prefix(Self.offeredMax)
            .map { String($0.dropFirst(5).prefix(40)) }
        let methods = names.isEmpty ? "no AUTH" : "AUTH " + names.joined(separator: ", ")
        let command = words.contains("LOGINDISABLED") ? ", and forbids the LOGIN command" : ""
        return "no way to log in that both sides know: the server offers \(methods)\(command)"
    }

    /// More than any server knows; the words end up in a line of the log.
    private static let offeredMax = 12

    /// What a refused token is answered with: `+` and JSON in base64, of which one word tells
    /// (RFC 7628 §3.2.2; Google's and Microsoft's XOAUTH2). libcurl hangs up before the NO.
    private var challengeStatus: String? {
        guard let line = lines.last(where: { $0.hasPrefix("+ ") }),
            let data = Data(base64Encoded: String(line.dropFirst(2))),
            let reply = try? JSONDecoder().decode([String: String].self, from: data),
            let status = reply["status"]
        else { return nil }
        let word = status.utf8.prefix(40).filter { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || byte == 95
        }
        return "status " + String(decoding: word, as: UTF8.self)
    }

    /// The last line that carries a status, without its tag and the user's name.
    func lastWords(without user: String) -> String? {
        let line = lines.last { line in
            let words = line.uppercased().split(separator: " ", maxSplits: 2)
            return words.count > 1 && ["NO", "BAD", "BYE"].contains(words[1])
        }
        guard let line else { return challengeStatus }
        guard let space = line.firstIndex(of: " ") else { return nil }
        var words = String(line[line.index(after: space)...].prefix(200))
        let name = user.split(separator: "@").first.map(String.init) ?? user
        for secret in [user, name] where secret.count > 2 {
            words = words.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: "…")
        }
        return words.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.contains("@") ? "…" : $0 }.joined(separator: " ")
    }
}
