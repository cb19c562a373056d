// SPDX-License-Identifier: Apache-2.0

import Domain
import Glibc
import Synchronization
import Testing
import Wire

/// What a server says from the greeting on, and what that means for the next attempt.
struct LogInCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var greeting = "* OK ready\r\n"
    var capabilities = "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR"
    /// The answer to AUTHENTICATE, without its tag.
    var verdict = "OK [CAPABILITY IMAP4rev1 IDLE] Logged in"
    var security = StreamEndpoint.Security.none
    /// Nil when the log-in succeeds.
    var kind: StreamError.Kind?
    var said: String?
    /// How the library's words end, where that matters.
    var cause: String?
}

extension LogInCase {
    /// Words that ask for patience.
    init(notNow words: String) {
        self.init(testDescription: words, verdict: words, kind: .temporary, said: words)
    }

    /// Words that refuse user or password.
    init(refused words: String) {
        self.init(testDescription: words, verdict: words, kind: .credentials, said: words)
    }
}

@Suite struct LogInTests {
    static let cases: [LogInCase] = [
        LogInCase(testDescription: "a good log-in"),
        LogInCase(
            testDescription: "a wrong password", verdict: "NO [AUTHENTICATIONFAILED] no",
            kind: .credentials, said: "NO [AUTHENTICATIONFAILED] no"),
        LogInCase(
            testDescription: "the user's name is not repeated",
            verdict: "NO [AUTHENTICATIONFAILED] elif@example.org and Elif elif wrong",
            kind: .credentials, said: "NO [AUTHENTICATIONFAILED] … and Elif … wrong"),
        LogInCase(
            testDescription: "a busy server", verdict: "NO [UNAVAILABLE] later", kind: .temporary,
            said: "NO [UNAVAILABLE] later"),
        LogInCase(
            testDescription: "too many connections",
            verdict: "NO Too many simultaneous connections.",
            kind: .temporary, said: "NO Too many simultaneous connections."),
        LogInCase(notNow: "NO [THROTTLED] slow down"),
        LogInCase(notNow: "NO [ALERT] Account exceeded command or bandwidth limits. (Failure)"),
        LogInCase(notNow: "NO [OVERQUOTA] limit reached"),
        LogInCase(notNow: "NO Too many login attempts, try again later"),
        LogInCase(notNow: "NO Temporary authentication failure, try again"),
        LogInCase(notNow: "NO Server Unavailable. 15"),
        LogInCase(notNow: "NO [SERVERBUG] internal error"),
        LogInCase(notNow: "NO Request is throttled. Suggested Backoff Time: 299961 milliseconds"),
        LogInCase(refused: "NO [AUTHENTICATIONFAILED] Too many failures, try again later"),
        LogInCase(refused: "NO Invalid user or password, please try again"),
        LogInCase(refused: "NO [ALERT] Invalid credentials (Failure)"),
        LogInCase(refused: "NO LOGIN failed."),
        LogInCase(refused: "NO [AUTHORIZATIONFAILED] temporarily unavailable"),
        LogInCase(refused: "NO Account temporarily locked"),
        LogInCase(
            testDescription: "a server that refuses everybody", greeting: "* BYE busy\r\n",
            kind: .temporary, said: "BYE busy"),
        LogInCase(
            testDescription: "a greeting and capabilities that happen to hold such words",
            greeting: "* OK Never unavailable, LIMIT reached\r\n",
            capabilities: "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR X-LIMIT\r\n"
                + "* OK temporarily open, too many features", verdict: "NO no",
            kind: .credentials, said: "NO no"),
        LogInCase(
            testDescription: "an alert beside the refusal",
            capabilities: "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n"
                + "* OK [ALERT] Account exceeded its limits", verdict: "NO failed",
            kind: .temporary, said: "NO failed"),
        LogInCase(
            testDescription: "no method in common",
            capabilities: "* CAPABILITY IMAP4rev1 AUTH=X auth=gssapi", kind: .mechanism,
            cause: "the server offers AUTH X, GSSAPI"),
        LogInCase(
            testDescription: "no method at all",
            capabilities: "* CAPABILITY IMAP4rev1 LOGINDISABLED", kind: .mechanism,
            cause: "the server offers no AUTH, and forbids the LOGIN command"),
        LogInCase(
            testDescription: "a log-in that was skipped", greeting: "* PREAUTH welcome\r\n",
            kind: .violation),
        LogInCase(
            testDescription: "STARTTLS that is not offered", security: .startTLS, kind: .tlsMissing),
    ]

    @Test("A log-in ends as the server's words say", arguments: cases)
    func classifies(_ sample: LogInCase) throws {
        let server = try #require(
            LoopbackServer { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 1 else { return "" }
                switch words[1] {
                case "CAPABILITY": return "\(sample.capabilities)\r\n\(words[0]) OK done\r\n"
                default: return "\(words[0]) \(sample.verdict)\r\n"
                }
            } greeting: {
                sample.greeting
            })
        defer { server.stop() }
        let endpoint = StreamEndpoint(
            host: "127.0.0.1", port: server.port, security: sample.security,
            user: "elif@example.org", credentials: .password(Secret("sesame")))
        do {
            let stream = try logIn(endpoint)
            #expect(sample.kind == nil)
            #expect(stream.capabilities == ["IMAP4REV1", "IDLE"])
            #expect(stream.mechanism == .plain)
        } catch {
            #expect(error.kind == sample.kind, "\(error)")
            #expect(error.serverText == sample.said)
            if let cause = sample.cause { #expect(error.cause.hasSuffix(cause)) }
            #expect(!error.description.contains("elif") && !error.description.contains("sesame"))
        }
    }

    @Test("A server without AUTH=PLAIN is asked by AUTH=LOGIN on a new connection")
    func fallsBack() throws {
        let server = try #require(
            LoopbackServer { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 1 else {
                    return line == "c2VzYW1l" ? "A002 OK in\r\n" : "+ UGFzc3dvcmQ6\r\n"
                }
                if words[1] == "CAPABILITY" {
                    return "* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n\(words[0]) OK done\r\n"
                }
                return "+ VXNlcm5hbWU6\r\n"
            } greeting: {
                "* OK ready\r\n"
            })
        defer { server.stop() }
        let stream = try logIn(
            StreamEndpoint(
                host: "127.0.0.1", port: server.port, security: .none, user: "elif",
                credentials: .password(Secret("sesame"))))
        #expect(stream.mechanism == .login)
        #expect(stream.capabilities == nil)
    }

    @Test("A log-in that hangs ends with the time allowed for it")
    func givesUp() throws {
        let server = try #require(
            LoopbackServer { _ in
                ""
            } greeting: {
                ""
            })
        defer { server.stop() }
        let endpoint = StreamEndpoint(
            host: "127.0.0.1", port: server.port, security: .none, user: "elif",
            credentials: .password(Secret("sesame")))
        let error = #expect(throws: StreamError.self) {
            _ = try logIn(endpoint, within: .milliseconds(300))
        }
        #expect(error?.kind == .network)
    }

    /// Drives a log-in to its end. On a busy machine it takes its time, unless that is the point.
    private func logIn(
        _ endpoint: StreamEndpoint, within limit: Duration = .seconds(200)
    ) throws(StreamError) -> ByteStream {
        var endpoint = endpoint
        (endpoint.connectTimeout, endpoint.responseTimeout) = (limit, limit)
        guard let poller = Poller() else {
            throw StreamError(
                kind: .network, operation: "connect", subject: "poller",
                cause: "out of file descriptors", serverText: nil)
        }
        let logIn = try StreamLogIn(
            endpoint, poller: poller, owner: 1, authorities: AuthorityCache())
        var progress = StreamLogIn.Progress.underway
        while true {
            switch progress {
            case .connected(let stream): return stream
            case .failed(let error): throw error
            case .underway: break
            }
            let events = poller.wait(atMost: logIn.timer)
            progress = events.isEmpty ? logIn.timePassed() : .underway
            for event in events {
                guard case .underway = progress else { break }
                progress = logIn.ready(event.socket, for: event.readiness)
            }
        }
    }

    @Test(
        "Settings that would lead elsewhere are refused before anything is sent",
        arguments: [
            ("imap.example.org/x", 993), ("a@b", 993), ("", 993), ("localhost", 0),
            ("imap.example.org", 143),
        ])
    func refusesSettings(host: String, port: UInt16) {
        let endpoint = StreamEndpoint(
            host: host, port: port, security: .none, user: "elif",
            credentials: .password(Secret("sesame")))
        let error = #expect(throws: StreamError.self) {
            _ = try logIn(endpoint)
        }
        #expect(error?.kind == .configuration)
    }
}

/// A line server on loopback; each connection is answered on a thread of its own.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Atomic<Int>(0)
    private let said = Atomic<Int>(0)

    /// How many there have been.
    var connections: Int { accepted.load(ordering: .acquiring) }
    /// By a server of `peer`, on all connections.
    var bytesSaid: Int { said.load(ordering: .acquiring) }

    convenience init?(
        _ answer: @escaping @Sendable (_ line: String) -> String,
        greeting: @escaping @Sendable () -> String
    ) {
        self.init { _, client, _ in Self.serve(client, answer, greeting()) }
    }

    /// A mailbox: a scripted server for each connection, counted from 1.
    convenience init?(peer: @escaping @Sendable (_ connection: Int) -> ScriptedServer) {
        self.init { server, client, number in
            var peer = peer(number)
            var room = peer.bytesMax
            func say(_ answer: [UInt8]) {
                var part = answer.prefix(room)
                room -= part.count
                server.said.add(part.count, ordering: .acquiringAndReleasing)
                while !part.isEmpty {
                    Self.say(Array(part.prefix(peer.writeBytes)), to: client)
                    part = part.dropFirst(peer.writeBytes)
                }
            }
            say(Array(peer.greeting.utf8))
            var buffer = [UInt8](repeating: 0, count: 4096)
            while room > 0, !peer.hasHungUp, !peer.greeting.isEmpty,
                case let count = read(client, &buffer, 4096), count > 0
            {
                say(peer.receive(Array(buffer[..<count])))
            }
            close(client)
        }
    }

    private init?(
        serve: @escaping @Sendable (LoopbackServer, _ client: Int32, _ connection: Int) -> Void
    ) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else {
            close(listener)
            return nil
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Self.thread { [weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                guard let self else { break }
                let number = self.accepted.add(1, ordering: .acquiringAndReleasing).newValue
                Self.thread { [number] in serve(self, client, number) }
            }
            // Closed by the thread that accepts: else the number could already be another
            // server's, whose callers this thread would take away.
            close(listener)
        }
    }

    /// Ends listening. Said aloud, because an object may end right after its last use.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func serve(_ client: Int32, _ answer: (String) -> String, _ greeting: String) {
        defer { close(client) }
        say(greeting, to: client)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(client, &byte, 1) == 1 {
            if byte != 0x0a {
                line.append(byte)
                continue
            }
            say(answer(String(decoding: line.dropLast(), as: UTF8.self)), to: client)
            line = []
        }
    }

    private static func say(_ text: String, to client: Int32) { say(Array(text.utf8), to: client) }

    private static func say(_ bytes: [UInt8], to client: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private final class Job: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func thread(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let started = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Job(run)).toOpaque())
        if started == 0 { pthread_detach(thread) }
    }
}
