// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Mail

/// What the own mail host said before a group passed the mail on.
@Suite struct RelayedStatementTests {
    private static let said = "mx.ornek.example; dkim=pass header.i=@garantibbva.com.tr"

    private func trust(
        said: [String] = [said], signs: Bool = true, group: String = "gruplar.example",
        named: [String] = ["Gruplar.example"], pinned: String? = "mx.ornek.example",
        edit: (String) -> String = { $0 }
    ) throws -> TrustVerdict {
        var builder = SignedMailBuilder()
        builder.domain = group
        builder.fields += said.map { ("X-Original-Authentication-Results", $0) }
        if signs { builder.signed += ":x-original-authentication-results" }
        let raw = Array(edit(try builder.text(SignedMailBuilder.key)).utf8)
        let authenticator = Authenticator(trustedAuthserv: pinned, trustedForwarders: named)
        let record = SignedMailBuilder.record(SignedMailBuilder.key)
        let found = authenticator.authenticate(raw, now: SignedMailBuilder.arrival) { _ in
            .records([record])
        }
        let message = try MessageParser.parse(raw)
        return found.trust(
            alignedWith: ["garantibbva.com.tr"], from: message.from,
            fromFieldCount: message.fromFieldCount)
    }

    @Test func `counts when a named group signed it and the own host said it`() throws {
        #expect(
            try trust()
                == TrustVerdict(.vouched, by: "authserv mx.ornek.example via gruplar.example"))
    }

    @Test func `counts in no other case`() throws {
        func refused(_ verdict: TrustVerdict) -> Bool { !verdict.trust.allowsAutomaticApproval }
        #expect(refused(try trust(signs: false)))
        #expect(refused(try trust(named: [])))
        #expect(refused(try trust(group: "x.gruplar.example")))
        #expect(refused(try trust(pinned: nil)))
        #expect(refused(try trust(pinned: "mx.other.example")))
        #expect(refused(try trust(said: [Self.said, Self.said])))
        #expect(
            refused(try trust(said: ["mx.ornek.example; dkim=fail header.d=garantibbva.com.tr"])))
        #expect(refused(try trust(said: ["mx.ornek.example; dkim=pass header.d=ornek.example"])))
        #expect(refused(try trust { $0.replacing("1.250,00", with: "9.250,00") }))
        #expect(
            refused(
                try trust(said: ["mx.ornek.example; dkim=fail header.d=garantibbva.com.tr"]) {
                    $0.replacing("dkim=fail", with: "dkim=pass")
                }))
    }
}
