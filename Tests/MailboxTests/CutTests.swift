// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Mailbox

/// Real watchers on real sockets, whose server breaks off or dribbles.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct CutTests {
    let intake = RecordingIntake()
    let loop: NetworkLoop

    init() throws { loop = try NetworkLoop() }

    /// Text that would end or fake an answer if a literal were read as lines.
    static let mails: [UInt32: [UInt8]] = Dictionary(
        uniqueKeysWithValues: [3, 4, 9].map { uid in
            (uid, Array("H: \(uid)\r\n\r\nm4 OK x\r\n* 9 FETCH (UID 9 BODY[] {5}\r\n)\r\n".utf8))
        })

    /// One watcher and the server that is its own.
    struct Lane {
        let server: LoopbackServer
        let watcher: MailboxWatcher

        /// It waits for mail on a connection that will not be cut.
        func isAtRest(connections: Int) -> Bool {
            watcher.health[0].state == .idling && server.connections == connections
        }
    }

    func lane(
        _ name: String, _ change: @escaping @Sendable (inout ScriptedServer) -> Void
    ) throws -> Lane {
        let server = try #require(
            LoopbackServer { connection in
                var peer = ScriptedServer(mails: Self.mails)
                if connection == 1 { change(&peer) }
                return peer
            })
        let account = MailboxAccount(
            name: name, host: "127.0.0.1", port: server.port, security: .none, user: "elif",
            password: Secret("sesame"))
        var tuning = MailboxWatcher.Tuning()
        tuning.firstGap = .milliseconds(100)
        tuning.longestGap = .milliseconds(100)
        tuning.busyGap = .milliseconds(100)
        tuning.busyLongestGap = .milliseconds(100)
        let intake = intake
        let watcher = MailboxWatcher(account: account, intake: intake, loop: loop, tuning: tuning) {
            intake.note($1)
        }
        watcher.start()
        return Lane(server: server, watcher: watcher)
    }

    func end(_ lanes: [Lane]) {
        for lane in lanes { lane.watcher.beginToStop() }
        for lane in lanes {
            lane.watcher.stop()
            lane.server.stop()
        }
    }

    /// The UIDs that came for an account, in their order, when every byte of each is right.
    func uids(_ name: String) -> [UInt32] {
        let mails = intake.received.filter { $0.account == name }
        return mails.allSatisfy { $0.raw == Self.mails[$0.uid] } ? mails.map(\.uid).sorted() : []
    }

    @Test("A connection cut after any byte, from the greeting on, loses no mail and doubles none")
    func cutsAnywhere() throws {
        let whole = try lane("whole") { _ in }
        #expect(intake.wait { _, _ in whole.isAtRest(connections: 1) })
        let length = whole.server.bytesSaid
        end([whole])
        #expect(uids("whole") == [3, 4, 9] && length > 500)
        // As many at a time as there may be log-ins.
        for start in stride(from: 1, to: length, by: 128) {
            let cuts = start..<min(start + 128, length)
            let lanes = try cuts.map { cut in try lane("cut \(cut)") { $0.bytesMax = cut } }
            #expect(intake.wait { _, _ in lanes.allSatisfy { $0.isAtRest(connections: 2) } })
            end(lanes)
            for cut in cuts { #expect(uids("cut \(cut)") == [3, 4, 9], "cut after \(cut) bytes") }
        }
    }

    @Test("A server that writes a few bytes at a time is understood", arguments: [1, 2, 3, 7, 19])
    func dribbles(bytes: Int) throws {
        let lane = try lane("slow") { $0.writeBytes = bytes }
        #expect(intake.wait { _, _ in lane.isAtRest(connections: 1) })
        end([lane])
        #expect(uids("slow") == [3, 4, 9])
    }

    @Test("Bytes that come in two parts, divided anywhere, are understood")
    func divided() {
        func rig() -> SessionRig {
            var rig = SessionRig(bankDomains: ["bank.example"])
            rig.server.mails = Self.mails
            rig.server.junk = [1]
            rig.server.capabilities += " X-GM-EXT-1"
            rig.server.lastingNames = [3: "X-GM-MSGID 31", 9: "X-GM-MSGID 91"]
            rig.connect()
            return rig
        }
        var whole = rig()
        for cut in 0...whole.run() {
            var rig = rig()
            _ = rig.run(limit: cut)
            _ = rig.run()
            #expect(rig.receivedUIDs == [3, 4, 9], "divided after \(cut) bytes")
            #expect(rig.received.allSatisfy { $0.raw == Self.mails[$0.uid] })
        }
    }
}
