// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// A provider that fails before, after or instead of an answer. Whatever it does, every guest is
/// approved once and gets one message.
@Suite("A provider that fails", .timeLimit(.minutes(10)))
struct LostReplyTests {
    /// A misfortune, and the requests to its provider that have to follow, in their order.
    struct Mishap: Sendable, CustomTestStringConvertible {
        let place: String
        let fault: String
        var seconds = 0.0
        /// Without the provider's name.
        let requests: String

        var testDescription: String { "\(place) \(fault)" }

        var provider: String { String(place.prefix { $0 != "." }) }
    }

    /// Read back before anything is repeated; a second send only after the report knew nothing
    /// twice.
    private static let mishaps: [Mishap] = [
        Mishap(
            place: "luma.update-status", fault: "reset_after_effect",
            requests: "get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "timeout_after_effect", seconds: 0.5,
            requests: "get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "timeout_before_effect", seconds: 0.5,
            requests: "get update-status get get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "status_500_after_effect",
            requests: "get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "status_500",
            requests: "get update-status get get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "status_503_html",
            requests: "get update-status get get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "garbage_json",
            requests: "get update-status get"),
        Mishap(
            place: "luma.update-status", fault: "slow_body", seconds: 0.5,
            requests: "get update-status get"),
        Mishap(
            place: "luma.get", fault: "garbage_json",
            requests: "get get update-status get"),
        Mishap(place: "netgsm.send", fault: "reset_after_effect", requests: "send report"),
        Mishap(
            place: "netgsm.send", fault: "timeout_after_effect", seconds: 0.5,
            requests: "send report"),
        Mishap(
            place: "netgsm.send", fault: "timeout_before_effect", seconds: 0.5,
            requests: "send report report send"),
        Mishap(place: "netgsm.send", fault: "garbage_json", requests: "send report"),
        Mishap(
            place: "netgsm.send", fault: "status_503_html",
            requests: "send report report send"),
        Mishap(place: "netgsm.send", fault: "slow_body", seconds: 0.5, requests: "send"),
    ]

    /// One agent for each provider; both run side by side, for most of the time is waiting.
    @Test("is read back first, and every guest is served once", arguments: ["luma", "netgsm"])
    func mishaps(provider: String) async throws {
        let mishaps = Self.mishaps.filter { $0.provider == provider }
        let site = try await Site(guests: mishaps.count)
        let agent = try site.start()
        for (guest, mishap) in mishaps.enumerated() {
            let before = try await site.sandbox.look().requests.count
            try await site.sandbox.arm(mishap.place, mishap.fault, seconds: mishap.seconds)
            try site.deliver(guest)
            try await eventually("\(mishap)") {
                try site.read { try $0.counts().effects[.done] == 2 * (guest + 1) }
            }
            let places = try await site.sandbox.look().places.dropFirst(before)
                .filter { $0.hasPrefix(provider) }
                .map { String($0.dropFirst(provider.utf8.count + 1)) }
            #expect(places.joined(separator: " ") == mishap.requests, "\(mishap)")
        }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed(Array(mishaps.indices))
        await site.sandbox.stop()
    }
}
