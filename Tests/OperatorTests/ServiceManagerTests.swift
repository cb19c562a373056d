// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Operator

/// A datagram socket in the place of systemd's.
private final class NotifySocket {
    let descriptor: Int32

    /// - Parameter name: a path, or `@` and a name in the abstract name space.
    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == 64 { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length)
            }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    /// The next message that is there already; nil when there is none.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

@Suite("the service manager")
struct ServiceManagerTests {
    @Test("hears each message as one datagram, in order")
    func path() throws {
        let folder = try TemporaryFolder()
        let name = folder.path + "/notify"
        let socket = try NotifySocket(name)
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": name])
        manager.ready()
        manager.alive()
        manager.status("2 mailboxes")
        manager.stopping()
        #expect(socket.next() == "READY=1")
        #expect(socket.next() == "WATCHDOG=1")
        #expect(socket.next() == "STATUS=2 mailboxes")
        #expect(socket.next() == "STOPPING=1")
        #expect(socket.next() == nil)
    }

    @Test("hears by an abstract name as well")
    func abstractName() throws {
        let name = "@mutabik-test-\(getpid())"
        let socket = try NotifySocket(name)
        ServiceManager(environment: ["NOTIFY_SOCKET": name]).ready()
        #expect(socket.next() == "READY=1")
    }

    @Test(
        "that is not there is no trouble",
        arguments: [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "/nowhere/at/all"],
            ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)],
        ])
    func absent(environment: [String: String]) {
        ServiceManager(environment: environment).ready()
    }

    @Test("hears from the watchdog twice in the time it allows")
    func watchdog() {
        let own = String(getpid())
        func interval(_ environment: [String: String]) -> Duration? {
            ServiceManager(environment: environment).watchdogInterval
        }
        #expect(interval([:]) == nil)
        #expect(interval(["WATCHDOG_USEC": "120000000"]) == .seconds(60))
        #expect(interval(["WATCHDOG_USEC": "120000000", "WATCHDOG_PID": own]) == .seconds(60))
        #expect(interval(["WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    }
}
