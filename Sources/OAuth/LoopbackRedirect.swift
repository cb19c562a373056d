// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import Domain
internal import Glibc

/// Waits on loopback for the browser that comes back from the provider (RFC 8252 §7.3).
///
/// It answers one kind of request only, for a few minutes, on 127.0.0.1.
package final class LoopbackRedirect: Sendable {
    private let listener: Int32
    package let port: UInt16

    /// A request line with a code is below 4 KB; browsers send the header in one piece.
    private static let requestBytesMax = 16_384
    /// A browser that connects and says nothing must not keep the real answer out.
    private static let silenceMaxSeconds = 5

    /// What came back.
    package enum Answer: Sendable {
        case code(Secret)
        /// The provider's word, such as `access_denied`.
        case refused(String)
        case timedOut
    }

    /// - Parameter port: 0 takes any that is free.
    package init(port wanted: UInt16 = 0) throws(OAuthError) {
        let listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = wanted.bigEndian
        // A sign-in that was broken off a moment ago must not keep the port.
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 4) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard listener >= 0, isBound else {
            if listener >= 0 { close(listener) }
            throw OAuthError(
                operation: "listen",
                cause: wanted == 0
                    ? "no port on 127.0.0.1 can be had" : "port \(wanted) on 127.0.0.1 is taken",
                hint: "Name another with --port, or use --paste or --device.", retry: .later)
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    /// What the browser brought for the attempt with this `state`, waited for at most `seconds`.
    /// Answers to other attempts are told so and passed over: they may be forged.
    package func answer(to state: String, within seconds: Int) async -> Answer {
        // A thread of its own: waiting in `poll` would take one away from all other tasks.
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "oauth.redirect").async {
                continuation.resume(returning: self.wait(for: state, seconds: seconds))
            }
        }
    }

    private func wait(for state: String, seconds: Int) -> Answer {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while clock.now < end {
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            let rest = clock.now.duration(to: end).components.seconds
            guard poll(&waiting, 1, Int32(clamping: max(1, rest) * 1000)) > 0 else { continue }
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else { continue }
            _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
            defer { close(peer) }
            if let answer = answer(to: peer, state: state) { return answer }
        }
        return .timedOut
    }

    /// Nil for anything that is not the provider's answer, such as `/favicon.ico`.
    private func answer(to peer: Int32, state: String) -> Answer? {
        let answer = Self.target(read(from: peer)).flatMap {
            Self.answer(in: Self.fields(of: $0), to: state)
        }
        switch answer {
        case .code:
            reply(peer, 200, "Thank you. You may close this page; mutabik says how it went.")
        case .refused: reply(peer, 200, "Permission was not given. You may close this page.")
        case .timedOut, nil: reply(peer, 404, "Nothing is here, or not any more.")
        }
        return answer
    }

    /// Nil when it is no answer, or one to another attempt.
    private static func answer(in fields: [String: String], to state: String) -> Answer? {
        guard fields["state"] == state else { return nil }
        if let error = fields["error"] {
            let word = error.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(40)
            return .refused(String(word))
        }
        guard let code = fields["code"], !code.isEmpty else { return nil }
        return .code(Secret(code))
    }

    /// The answer in the address that a browser on another machine ended at, copied by hand.
    package static func answer(pasted address: String, to state: String) -> Answer? {
        guard let query = address.firstIndex(of: "?") else { return nil }
        let text = address[query...].prefix(requestBytesMax).filter { !$0.isWhitespace }
        return answer(in: fields(of: "/" + text), to: state)
    }

    private func read(from peer: Int32) -> [UInt8] {
        var limit = timeval(tv_sec: Self.silenceMaxSeconds, tv_usec: 0)
        setsockopt(
            peer, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while request.count < Self.requestBytesMax {
            let count = recv(peer, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            request += buffer.prefix(count)
            if request.contains(10) { break }
        }
        return request
    }

    private func reply(_ peer: Int32, _ status: Int, _ sentence: String) {
        let page = "<!doctype html><meta charset=utf-8><title>mutabik</title><p>\(sentence)</p>"
        let bytes = Array(
            ("HTTP/1.1 \(status) \(status == 200 ? "OK" : "Not Found")\r\n"
                + "Content-Type: text/html; charset=utf-8\r\nContent-Length: \(page.utf8.count)\r\n"
                + "Cache-Control: no-store\r\nConnection: close\r\n\r\n" + page).utf8)
        _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    // MARK: - Reading a request line

    /// `/?code=…&state=…` of `GET /?code=… HTTP/1.1`; nil for other requests.
    static func target(_ request: [UInt8]) -> String? {
        guard let end = request.firstIndex(where: { $0 == 13 || $0 == 10 }) else { return nil }
        let words = request[..<end].split(separator: 32)
        guard words.count == 3, words[0].elementsEqual("GET".utf8),
            words[2].starts(with: "HTTP/1.".utf8)
        else { return nil }
        return String(decoding: words[1], as: UTF8.self)
    }

    /// The fields of the query. A field that stands twice is dropped: one of them is not genuine.
    static func fields(of target: String) -> [String: String] {
        guard let mark = target.firstIndex(of: "?"), target[..<mark] == "/" else { return [:] }
        var fields: [String: String] = [:]
        var doubled: Set<String> = []
        for pair in target[target.index(after: mark)...].split(separator: "&").prefix(32) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = unescape(parts[0]), let value = unescape(parts[1])
            else { continue }
            if fields.updateValue(value, forKey: name) != nil { doubled.insert(name) }
        }
        for name in doubled { fields[name] = nil }
        return fields
    }

    private static func unescape(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 43: bytes.append(32)
            case 37:
                let digits = rest.prefix(2)
                guard digits.count == 2,
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
