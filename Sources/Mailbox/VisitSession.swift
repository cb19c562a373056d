// SPDX-License-Identifier: Apache-2.0

import Wire

/// One command after the other over a connection of its own. It blocks the thread that calls.
final class VisitSession {
    /// What the server said to a command.
    struct Answer {
        var condition: IMAPResponse.Condition
        var words: IMAPResponse.Words
        var untagged: [IMAPResponse] = []

        var isOK: Bool { condition == .ok }

        /// A folder that is full stays full: that is an answer.
        var asksForPatience: Bool {
            !isOK && words.asksForPatience && words.code != "OVERQUOTA"
        }

        /// The mails in the folder, as told while it was opened.
        var exists: Int {
            untagged.reduce(0) { count, response in
                if case .exists(let number) = response { Int(number) } else { count }
            }
        }

        /// The argument of an untagged `OK [CODE argument]`.
        func argument(of code: String) -> String? {
            for case .condition(_, let words) in untagged where words.code == code {
                return words.argument
            }
            return nil
        }

        func refusal(_ command: String) -> MailboxVisit.Failure {
            let code = words.code.map { " [\($0)]" } ?? ""
            return MailboxVisit.Failure(
                trouble: asksForPatience ? .busy : .refusal,
                reason: "\(command): server said \(condition.rawValue)\(code)")
        }
    }

    /// A move of a hundred mails takes some servers half a minute; two are too long for any.
    private static let silenceMax = Duration.seconds(120)
    /// Even for a server that says all the time that it is still there.
    private static let commandMax = Duration.seconds(600)
    private static let goodbye = Duration.seconds(2)
    /// Answers to no command asked here hold mails.
    private static let literalBytesMax = 64 << 10
    /// Other clients' changes come between; a server that says more does not answer.
    private static let untaggedMax = 10_000

    private(set) var capabilities: Set<String> = []
    private let stream: ByteStream
    private let poller: Poller
    private let cancelled: CancelFlag
    private var parser = IMAPParser(literalBytesMax: literalBytesMax)
    private var lastTag = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 16 << 10, alignment: 16)

    /// Connects and logs in.
    init(
        _ endpoint: StreamEndpoint, _ poller: Poller, _ cancelled: CancelFlag
    ) throws(MailboxVisit.Failure) {
        self.poller = poller
        self.cancelled = cancelled
        do throws(StreamError) {
            stream = try Self.logIn(endpoint, poller, cancelled)
        } catch {
            throw MailboxVisit.Failure(trouble: error.trouble, reason: error.description)
        }
        if let told = stream.capabilities {
            capabilities = told
        } else {
            for case .capability(let names) in try ask("CAPABILITY").untagged {
                capabilities = names
            }
        }
    }

    deinit { buffer.deallocate() }

    private static func logIn(
        _ endpoint: StreamEndpoint, _ poller: Poller, _ cancelled: CancelFlag
    ) throws(StreamError) -> ByteStream {
        // The endpoint's time-out ends it.
        let logIn = try StreamLogIn(
            endpoint, poller: poller, owner: 0, authorities: AuthorityCache())
        while !cancelled.isRaised {
            let events = poller.wait(atMost: logIn.timer)
            var progress = events.isEmpty ? logIn.timePassed() : .underway
            for event in events {
                guard case .underway = progress else { break }
                progress = logIn.ready(event.socket, for: event.readiness)
            }
            switch progress {
            case .underway: continue
            case .connected(let stream):
                poller.watch(stream.fileDescriptor, for: .reading, owner: 0)
                return stream
            case .failed(let error): throw error
            }
        }
        throw StreamError(
            kind: .network, operation: "log in", subject: "mailbox", cause: "given up",
            serverText: nil)
    }

    /// Sends a command and waits for its end.
    ///
    /// - Throws: `busy` when the server asks for patience; when the connection broke. A plain NO
    ///   or BAD is an answer.
    func ask(_ command: String) throws(MailboxVisit.Failure) -> Answer {
        let answer = try ask(command, within: Self.silenceMax)
        if answer.asksForPatience {
            throw answer.refusal(command.split(separator: " ").prefix(2).joined(separator: " "))
        }
        return answer
    }

    /// Says good-bye; how it is taken does not matter.
    func leave() { _ = try? ask("LOGOUT", within: Self.goodbye) }

    private func ask(
        _ command: String, within limit: Duration
    ) throws(MailboxVisit.Failure) -> Answer {
        lastTag += 1
        let tag = "v\(lastTag)"
        var untagged: [IMAPResponse] = []
        do throws(StreamError) {
            var isFlushed = try stream.send(Array("\(tag) \(command)\r\n".utf8))
            let last = SuspendingClock.now + Self.commandMax
            var end = SuspendingClock.now + limit
            while SuspendingClock.now < end, !cancelled.isRaised {
                switch try stream.receive(into: buffer) {
                case .closed: throw broken("the server closed the connection")
                case .nothingNow:
                    poller.watch(
                        stream.fileDescriptor, for: isFlushed ? .reading : [.reading, .writing],
                        owner: 0)
                    _ = poller.wait(atMost: end - SuspendingClock.now)
                    isFlushed = try stream.flush()
                case .bytes(let count):
                    end = min(last, SuspendingClock.now + limit)
                    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                    for response in parser.parse(bytes) {
                        switch response {
                        case .tagged(tag, let condition, let words):
                            return Answer(
                                condition: condition, words: words, untagged: untagged)
                        case .bye: throw broken("the server said BYE")
                        case .unreadable(let what): throw broken("unreadable: \(what)")
                        default:
                            guard untagged.count < Self.untaggedMax else {
                                throw broken("the server does not stop talking")
                            }
                            untagged.append(response)
                        }
                    }
                }
            }
        } catch {
            throw MailboxVisit.Failure(trouble: error.trouble, reason: error.description)
        }
        throw MailboxVisit.Failure(
            trouble: cancelled.isRaised ? .network : .silence,
            reason: cancelled.isRaised ? "given up" : "the server went silent")
    }

    private func broken(_ cause: String) -> StreamError {
        StreamError(
            kind: .network, operation: "receive", subject: "mailbox", cause: cause,
            serverText: nil)
    }
}

extension StreamError {
    /// What the failure is called in events.
    var trouble: Trouble {
        switch kind {
        case .network: .network
        case .temporary, .mechanism: .busy
        case .certificate, .tlsMissing: .certificate
        case .credentials: .credentials
        case .violation: .violation
        case .configuration: .configuration
        }
    }
}
