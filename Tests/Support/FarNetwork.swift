// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A network namespace with one cable to this machine's network, which can be made a black hole:
/// packets go in, nothing comes back, no error is told. Needs root and iproute2.
package final class FarNetwork {
    package struct Failure: Error, CustomStringConvertible { package var description: String }

    private let name: String
    private let nearDevice: String
    /// A pair of addresses of 10.213.0.0/16, by the process, so that two test runs do not meet.
    package let nearAddress: String
    package let farAddress: String

    /// Whether such a network can be made here.
    package static let isPermitted: Bool = (try? FarNetwork()) != nil

    package init() throws {
        let number = Self.made.withLock { made in
            made += 1
            return (Int(getpid()) * 7 + made) % 16_000
        }
        name = "mutabik-\(getpid())-\(number)"
        nearDevice = "mtb\(number)n"
        let (high, low) = (number / 64, number % 64 * 4)
        nearAddress = "10.213.\(high).\(low + 1)"
        farAddress = "10.213.\(high).\(low + 2)"
        try ip("netns", "add", name)
        try ip("link", "add", nearDevice, "type", "veth", "peer", "name", "far", "netns", name)
        try ip("addr", "add", "\(nearAddress)/30", "dev", nearDevice)
        try ip("link", "set", nearDevice, "up")
        try far("link", "set", "lo", "up")
        try far("addr", "add", "\(farAddress)/30", "dev", "far")
        try far("link", "set", "far", "up")
    }

    deinit {
        // The cable goes with its end.
        try? ip("link", "del", nearDevice)
        try? ip("netns", "del", name)
    }

    /// To be written before a command that runs in there.
    package var command: [String] { ["ip", "netns", "exec", name] }

    /// What the far side sends is lost from now on.
    package func swallow() throws { try far("route", "add", "blackhole", "\(nearAddress)/32") }

    package func restore() throws { try far("route", "del", "blackhole", "\(nearAddress)/32") }

    private static let made = Mutex(0)

    private func far(_ words: String...) throws { try run(["ip", "-n", name] + words) }
    private func ip(_ words: String...) throws { try run(["ip"] + words) }

    private func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "refused: \(words.joined(separator: " "))")
        }
    }
}
