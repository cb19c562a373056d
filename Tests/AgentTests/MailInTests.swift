// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Mail that the server shows twice, or under another number.
@Suite("Mail on its way in", .serialized, .timeLimit(.minutes(10)))
struct MailInTests {
    @Test("of a folder that is numbered anew is read again, and nobody is served twice")
    func renumbered() async throws {
        let site = try await Site(guests: 2)
        try site.deliver(0)
        let agent = try InnerAgent(site, clock: ManualClock())
        try await eventually("the first guest is served") { try await site.areServed([0]) }
        try site.mailbox.resetUIDValidity()
        try site.deliver(1)
        try await eventually("both are served") { try await site.areServed([0, 1]) }
        try await eventually("the first mail is recorded again") {
            try site.hasRead(3)
        }
        try await agent.stop()
        try await site.expectServed([0, 1])
        let mails = try site.read { try $0.mails(limit: 100) }
        #expect(mails.map(\.place.epoch).sorted() == [0, 1, 1])
        #expect(mails.filter { $0.reading.copyOf != nil }.count == 1)
        await site.sandbox.stop()
    }

    @Test("in two folders counts once, and status tells how each is watched")
    func folders() async throws {
        let site = try await Site(guests: 2)
        var settings = Site.Settings()
        settings.folders = "[INBOX, Banka]"
        try site.configure(settings)
        try site.mailbox.deliver(site.mail(0), to: "Banka")
        try site.deliver(0)
        try site.deliver(1)
        let agent = try InnerAgent(site, clock: ManualClock())
        try await eventually("both are served") { try await site.areServed([0, 1]) }
        try await eventually("all three mails are recorded") {
            try site.hasRead(3)
        }
        try await eventually("both folders idle") {
            try site.read { books in
                try ["INBOX", "Banka"].allSatisfy {
                    try books.watchState(account: "bank", folder: $0)?.state == "idling"
                }
            }
        }
        try await agent.stop()
        try await site.expectServed([0, 1])
        let status = try await site.mutabik(
            ["status", "--json", "--config", site.configurationPath])
        #expect(status.output.components(separatedBy: "\"state\":\"stopped\"").count == 3)
        await site.sandbox.stop()
    }
}
