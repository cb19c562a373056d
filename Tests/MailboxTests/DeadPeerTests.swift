// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Mailbox

/// Watchers against servers on loopback that misbehave.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct DeadPeerTests {
    let intake = RecordingIntake()
    let loop: NetworkLoop

    init() throws { loop = try NetworkLoop() }

    func mails(_ uids: [UInt32]) -> [UInt32: [UInt8]] {
        Dictionary(uniqueKeysWithValues: uids.map { ($0, Array("H: \($0)\r\n\r\ntext".utf8)) })
    }

    func watch(
        _ port: UInt16, folders: [String] = ["INBOX"], name: String = "inbox"
    ) -> MailboxWatcher {
        var account = MailboxAccount(
            name: name, host: "127.0.0.1", port: port, security: .none, user: "elif",
            password: Secret("sesame"), folders: folders)
        account.idleRenewal = .milliseconds(300)
        var tuning = MailboxWatcher.Tuning()
        tuning.firstGap = .milliseconds(100)
        tuning.longestGap = .milliseconds(300)
        tuning.busyGap = .milliseconds(200)
        tuning.busyLongestGap = .milliseconds(200)
        tuning.patience.firstByte = .milliseconds(300)
        tuning.patience.silence = .milliseconds(300)
        let intake = intake
        let watcher = MailboxWatcher(account: account, intake: intake, loop: loop, tuning: tuning) {
            intake.note($1)
        }
        watcher.start()
        return watcher
    }

    /// A way to misbehave on the first connection, and what is then said of it.
    struct Fault: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var trouble: Trouble
        var change: @Sendable (inout ScriptedServer) -> Void

        /// Instead of its usual answer the server says this to commands with this beginning.
        static func says(
            _ answer: @escaping @Sendable (_ tag: String) -> String, to beginning: String,
            hangsUp: Bool = false
        ) -> @Sendable (inout ScriptedServer) -> Void {
            { server in
                server.answer = { command, tag in
                    command.hasPrefix(beginning) ? Array(answer(tag).utf8) : nil
                }
                if hangsUp { server.hangsUp = { $0.hasPrefix(beginning) } }
            }
        }
    }

    static let faults: [Fault] = [
        Fault(
            testDescription: "half open: the folder is never opened", trouble: .silence,
            change: Fault.says({ _ in "" }, to: "EXAMINE")),
        Fault(
            testDescription: "half open: DONE is never answered", trouble: .silence,
            change: { server in
                server.answer = { command, _ in
                    command == "IDLE" ? Array("+ idling\r\n".utf8) : nil
                }
                server.isDeafToDone = true
            }),
        Fault(
            testDescription: "it stops in the middle of a mail", trouble: .silence,
            change: Fault.says({ _ in "* 1 FETCH (UID 1 BODY[] {500}\r\nH: " }, to: "UID FETCH")),
        Fault(
            testDescription: "it closes in the middle of a mail", trouble: .network,
            change: Fault.says(
                { _ in "* 1 FETCH (UID 1 BODY[] {500}\r\nH: " }, to: "UID FETCH", hangsUp: true)),
        Fault(
            testDescription: "BYE in the middle of a mail", trouble: .network,
            change: Fault.says(
                { _ in "* 1 FETCH (UID 1 BODY[] {500}\r\nH: * BYE\r\n* BYE restarting\r\n" },
                to: "UID FETCH", hangsUp: true)),
        Fault(
            testDescription: "BYE instead of an answer", trouble: .bye,
            change: Fault.says({ _ in "* BYE restarting\r\n" }, to: "UID SEARCH", hangsUp: true)),
        Fault(
            testDescription: "BYE because of throttling", trouble: .busy,
            change: Fault.says(
                { _ in "* BYE Session invalidated - throttled\r\n" }, to: "UID SEARCH",
                hangsUp: true)),
        Fault(
            testDescription: "[LIMIT] while fetching", trouble: .busy,
            change: Fault.says({ "\($0) NO [LIMIT] enough for today\r\n" }, to: "UID FETCH")),
        Fault(
            testDescription: "[UNAVAILABLE] while opening", trouble: .busy,
            change: Fault.says({ "\($0) NO [UNAVAILABLE] backend down\r\n" }, to: "EXAMINE")),
        Fault(
            testDescription: "authenticated but not connected", trouble: .busy,
            change: Fault.says(
                { "\($0) NO User is authenticated but not connected.\r\n" }, to: "EXAMINE")),
        Fault(
            testDescription: "[UNAVAILABLE] at the log-in", trouble: .busy,
            change: Fault.says({ "\($0) NO [UNAVAILABLE] later\r\n" }, to: "AUTHENTICATE")),
        Fault(
            testDescription: "[LIMIT] at the log-in", trouble: .busy,
            change: Fault.says({ "\($0) NO [LIMIT] too many connections\r\n" }, to: "AUTHENTICATE")),
        Fault(
            testDescription: "BYE at the log-in, too many connections", trouble: .busy,
            change: Fault.says(
                { _ in "* BYE Too many connections\r\n" }, to: "AUTHENTICATE", hangsUp: true)),
        Fault(
            testDescription: "BYE at the log-in", trouble: .network,
            change: Fault.says(
                { _ in "* BYE restarting\r\n" }, to: "AUTHENTICATE", hangsUp: true)),
        Fault(
            testDescription: "BYE for a greeting", trouble: .busy,
            change: { $0.greeting = "* BYE overloaded\r\n" }),
        Fault(
            testDescription: "closed without a word", trouble: .network,
            change: { $0.greeting = "" }),
    ]

    @Test("A peer that fails is noticed, named and asked again; no mail is lost", arguments: faults)
    func recovers(from fault: Fault) throws {
        let mails = mails([1, 2])
        let server = try #require(
            LoopbackServer { connection in
                var peer = ScriptedServer(mails: mails)
                if connection == 1 { fault.change(&peer) }
                return peer
            })
        defer { server.stop() }
        let watcher = watch(server.port)
        #expect(
            intake.wait { mails, events in
                mails.count == 2 && events.last == .idling && events.contains { $0.trouble != nil }
            })
        #expect(watcher.health[0].state == .idling)
        #expect(watcher.health[0].trouble == nil)
        watcher.stop()
        #expect(intake.received.map(\.uid).sorted() == [1, 2])
        #expect(intake.events.compactMap(\.trouble).first == fault.trouble)
        #expect(watcher.health[0].state == .stopped)
    }

    @Test(
        "A mail that the server cannot hand out goes to a person, and all others are taken in",
        arguments: PoisonTests.refusals + PoisonTests.breaks)
    func goesOn(despite poison: ScriptedServer.Poison) throws {
        let mails = mails([1, 2, 3])
        let server = try #require(
            LoopbackServer { _ in
                var peer = ScriptedServer(mails: mails)
                peer.poison = poison
                return peer
            })
        defer { server.stop() }
        let watcher = watch(server.port)
        #expect(
            intake.wait { _, events in
                events.contains(.quarantined(uid: 2)) && events.last == .idling
            })
        watcher.stop()
        let received = intake.received.sorted { $0.uid < $1.uid }
        #expect(received.map(\.uid) == [1, 2, 3])
        #expect(received.map(\.raw) == [mails[1], [], mails[3]])
    }

    @Test("A wrong password is tried once, however many folders there are")
    func triesPasswordOnce() throws {
        let server = try #require(
            LoopbackServer { _ in
                var peer = ScriptedServer()
                peer.answer = { command, tag in
                    command.hasPrefix("AUTHENTICATE")
                        ? Array("\(tag) NO [AUTHENTICATIONFAILED] no\r\n".utf8) : nil
                }
                return peer
            })
        defer { server.stop() }
        let watcher = watch(server.port, folders: ["INBOX", "Bank", "Spam"])
        #expect(
            intake.wait { _, events in events.filter { $0.trouble == .credentials }.count == 3 })
        watcher.wake()
        let states = watcher.health.map(\.state)
        watcher.stop()
        #expect(states == [.refused, .refused, .refused])
        #expect(server.connections == 1)
    }

    @Test("Several folders of an account are watched, each with its own place")
    func watchesFolders() throws {
        let mails = mails([1, 2, 3])
        let server = try #require(LoopbackServer { _ in ScriptedServer(mails: mails) })
        defer { server.stop() }
        let watcher = watch(server.port, folders: ["INBOX", "Bank"])
        #expect(intake.wait { mails, _ in mails.count == 6 })
        #expect(watcher.health.map(\.folder) == ["INBOX", "Bank"])
        watcher.stop()
        for folder in ["INBOX", "Bank"] {
            let uids = intake.received.filter { $0.folder == folder }.map(\.uid)
            #expect(uids.sorted() == [1, 2, 3])
        }
    }

    @Test("A folder that can never be asked for says so for good; the others are watched")
    func saysMisconfigured() throws {
        let mails = mails([1])
        let server = try #require(LoopbackServer { _ in ScriptedServer(mails: mails) })
        defer { server.stop() }
        let watcher = watch(server.port, folders: ["Bank\r\n", "Ödemeler"])
        #expect(
            intake.wait { mails, events in mails.count == 1 && events.contains(.idling) })
        #expect(watcher.health.map(\.state) == [.misconfigured, .idling])
        #expect(watcher.health.map(\.trouble) == [.configuration, nil])
        watcher.stop()
        #expect(watcher.health.map(\.state) == [.misconfigured, .stopped])
        #expect(intake.received.map(\.folder) == ["Ödemeler"])
    }

    @Test("A hundred mailboxes share one thread")
    func sharesThread() throws {
        let mails = mails([1])
        let server = try #require(LoopbackServer { _ in ScriptedServer(mails: mails) })
        defer { server.stop() }
        let before = threads
        let watchers = (0..<100).map { watch(server.port, name: "box\($0)") }
        #expect(
            intake.wait { mails, events in
                mails.count == 100 && events.filter { $0 == .connected }.count >= 100
            })
        // The test's server has a thread per connection.
        #expect(threads - before - server.connections < 10)
        for watcher in watchers { watcher.stop() }
        #expect(Set(intake.received.map(\.account)).count == 100)
        #expect(intake.received.count == 100)
    }

    private var threads: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
    }
}

@Suite struct TimerHeapTests {
    @Test("Deadlines come in their order, whatever order they were set in", arguments: 0..<50)
    func sorts(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var heap = TimerHeap()
        let times = (0..<200).map { _ in Int.random(in: 0..<50, using: &random) }
        for (id, time) in times.enumerated() { heap.push(.seconds(time), UInt32(id)) }
        #expect(heap.first == times.min().map { .seconds($0) })
        var popped: [Int] = []
        for now in 0..<50 {
            while let id = heap.popDue(at: .seconds(now)) {
                #expect(times[Int(id)] == now)
                popped.append(Int(id))
            }
        }
        #expect(popped.sorted() == Array(0..<200))
        #expect(heap.first == nil)
    }
}
