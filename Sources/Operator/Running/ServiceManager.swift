// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tells systemd how the service is: sd_notify(3), one datagram to `$NOTIFY_SOCKET`.
struct ServiceManager: Sendable {
    private let address: String?

    /// How often the watchdog wants to hear from us: half of what systemd allows. Nil: never.
    let watchdogInterval: Duration?

    init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"]
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval =
            isForUs
            ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0 / 2) }
            : nil
    }

    func ready() { send("READY=1") }
    func stopping() { send("STOPPING=1") }
    func alive() { send("WATCHDOG=1") }

    /// One line that `systemctl status` shows.
    func status(_ line: String) { send("STATUS=\(line)") }

    private func send(_ message: String) {
        guard let address, !address.isEmpty else { return }
        var path = Array(address.utf8)
        if path[0] == 64 { path[0] = 0 }
        var target = sockaddr_un()
        guard path.count < MemoryLayout.size(ofValue: target.sun_path) else { return }
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }
}
