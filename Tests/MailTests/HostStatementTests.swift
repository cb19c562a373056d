// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Mail

@Suite struct HostStatementTests {
    private func trust(_ header: String, authserv: String? = "mx.ornek.example") throws
        -> TrustVerdict
    {
        let mail = header + "From: Banka <a@garantibbva.com.tr>\nSubject: x\n\nx\n"
        let raw = Array(mail.utf8)
        let message = try MessageParser.parse(raw)
        return Authenticator(trustedAuthserv: authserv)
            .authenticate(raw, now: SignedMailBuilder.arrival) { _ in .absent }
            .trust(
                alignedWith: ["garantibbva.com.tr"], from: message.from,
                fromFieldCount: message.fromFieldCount)
    }

    private let vouched = TrustVerdict(.vouched, by: "authserv mx.ornek.example")

    @Test(
        "the pinned host's word counts",
        arguments: [
            "mx.ornek.example; dkim=pass header.d=garantibbva.com.tr",
            "MX.ornek.example 1; spf=fail; dkim = pass header.i=@bilgi.garantibbva.com.tr",
            "mx.ornek.example (a; b (c)) ; dkim=pass (2048-bit \\) key)\n header.d=\"garantibbva.com.tr\"",
            "mx.ornek.example; dkim=fail header.d=x.example; dkim/1=pass header.d=garantibbva.com.tr",
            "mx.ornek.example; dkim=pass header.i=@garantibbva.com.tr; spf=pass smtp.mailfrom=a@b.example",
            "mx.ornek.example; dkim=pass header.i=@garantibbva.com.tr; spf=pass smtp.mailfrom=a;x=y@b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=a@b.example; dkim=pass header.d=garantibbva.com.tr",
            "mx.ornek.example; spf=pass smtp.mailfrom=b.example; dkim=pass header.d=garantibbva.com.tr"
                + " header.i=@garantibbva.com.tr; dmarc=pass header.from=b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=\"a;b\"@c.example; dkim=pass header.d=garantibbva.com.tr",
        ])
    func counts(value: String) throws {
        #expect(try trust("Authentication-Results: \(value)\n") == vouched)
    }

    @Test(
        "anything else does not count",
        arguments: [
            "mx.evil.example; dkim=pass header.d=garantibbva.com.tr",
            "mx.ornek.example.evil.example; dkim=pass header.d=garantibbva.com.tr",
            "mx.ornek.example; dkim=fail header.d=garantibbva.com.tr",
            "mx.ornek.example; dkim=pass header.d=evil.example",
            "mx.ornek.example; dkim=pass header.d=evil.example header.d=garantibbva.com.tr",
            "mx.ornek.example; spf=pass header.d=garantibbva.com.tr",
            "mx.ornek.example; dkim=pass",
            "mx.ornek.example; x=(dkim=pass header.d=garantibbva.com.tr",
            "mx.ornek.example; dkim=fail (; dkim=pass header.d=garantibbva.com.tr)",
            "mx.ornek.example; dkim=fail reason=\"; dkim=pass header.d=garantibbva.com.tr\"",
            "dkim=pass header.d=garantibbva.com.tr",
            // Hosts that leave out the quotes of what the sender chose.
            "mx.ornek.example; spf=pass smtp.mailfrom=a;dkim=pass header.d=garantibbva.com.tr;x@b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=a; dkim=pass header.i=@garantibbva.com.tr; @b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=a@c;dkim=pass header.d=garantibbva.com.tr;x=y@b.example; dmarc=none",
            "mx.ornek.example; spf=pass smtp.mailfrom=a;dkim=pass header.d=garantibbva.com.tr x=@b.example; spf=none smtp.helo = q@b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=a;dkim=pass header.d=garantibbva.com.tr x=@b.example",
            "mx.ornek.example; spf=pass smtp.mailfrom=a;dkim=pass header.d=garantibbva.com.tr header.i=@b.example",
            "mx.ornek.example; dkim=pass header.i=a;dkim=pass header.d=garantibbva.com.tr;x@b.example header.d=b.example",
            "", ";", "mx.ornek.example",
        ])
    func countsNot(value: String) throws {
        #expect(try trust("Authentication-Results: \(value)\n").trust == .unverified)
    }

    @Test func `only the first field is read`() throws {
        let good =
            "Authentication-Results: mx.ornek.example; dkim=pass header.d=garantibbva.com.tr\n"
        let bad = "Authentication-Results: mx.ornek.example; dkim=none\n"
        #expect(try trust(good + bad) == vouched)
        #expect(try trust(bad + good).trust == .unverified)
        #expect(
            try trust("Authentication-Results: other.example; dkim=none\n" + good).trust
                == .unverified)
    }

    @Test func `without a pinned host nobody vouches`() throws {
        let good =
            "Authentication-Results: mx.ornek.example; dkim=pass header.d=garantibbva.com.tr\n"
        #expect(try trust(good, authserv: nil).trust == .unverified)
    }

    @Test func `the host's word does not heal a signature that leaves a way in`() throws {
        var builder = SignedMailBuilder()
        builder.extra = " l=5;"
        let text = try builder.text(SignedMailBuilder.key)
        let raw = Array(
            ("Authentication-Results: mx.ornek.example; dkim=pass header.d=garantibbva.com.tr\r\n"
                + text).utf8)
        let message = try MessageParser.parse(raw)
        let verdict = Authenticator(trustedAuthserv: "mx.ornek.example")
            .authenticate(raw, now: SignedMailBuilder.arrival) { _ in .absent }
            .trust(alignedWith: ["garantibbva.com.tr"], from: message.from, fromFieldCount: 1)
        #expect(verdict.trust == .forged)
    }
}
