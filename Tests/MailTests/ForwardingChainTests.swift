// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Testing

@testable import Mail

/// What to break is taken from the case names of ValiMail's public `arc_test_suite` (`cv_…`,
/// `ams_struct_…`, `as_fields_…`, `aar_…`); mails, keys and signatures are made here.
@Suite struct ForwardingChainTests {
    private let footer = "Bu ileti otomatik iletilmiştir.\r\n"

    /// A notice of the bank that a forwarder got untouched, then changed, then sealed.
    private func changed() throws -> String { try bankMail() + footer }

    private func bankMail() throws -> String {
        try SignedMailBuilder().text(SignedMailBuilder.key)
    }

    private func check(
        _ mail: String, named: [String] = ["posta.example"],
        keys: [String: KeyAnswer] = [:]
    ) -> Authentication {
        Authenticator(trustedAuthserv: nil, trustedForwarders: named)
            .authenticate(Array(mail.utf8), now: SignedMailBuilder.arrival) { name in
                if let answer = keys[name] { return answer }
                let key =
                    name.hasPrefix("s1.") ? SignedMailBuilder.key : ForwarderBuilder.key
                return .records([SignedMailBuilder.record(key)])
            }
    }

    private func trust(_ mail: String, named: [String] = ["posta.example"]) throws -> TrustVerdict {
        let message = try MessageParser.parse(Array(mail.utf8))
        return check(mail, named: named).trust(
            alignedWith: ["garantibbva.com.tr"], from: message.from,
            fromFieldCount: message.fromFieldCount)
    }

    private func outcome(_ mail: String) -> ForwardingChain.Outcome? { check(mail).chain?.outcome }

    // MARK: - What holds

    @Test("a chain holds over one, two and three named forwarders", arguments: 1...3)
    func holds(count: Int) throws {
        var mail = try changed()
        #expect(try trust(mail).trust == .forged)
        for place in 1...count {
            var forwarder = ForwarderBuilder()
            forwarder.domain = place == 1 ? "posta.example" : "ikinci.example"
            if place > 1 { forwarder.results = "mx.ikinci.example; dkim=fail; arc=pass" }
            mail = try forwarder.forward(mail)
        }
        let named = ["Posta.example", "ikinci.example"]
        #expect(check(mail, named: named).chain?.outcome == .pass)
        let verdict = TrustVerdict(.verified, by: "arc posta.example (dkim garantibbva.com.tr)")
        #expect(try trust(mail, named: named) == verdict)
        #expect(try trust(mail.replacing("\r\n", with: "\n"), named: named) == verdict)
    }

    @Test func `an Ed25519 chain holds`() throws {
        var forwarder = ForwarderBuilder()
        let key = try SigningKey.ed25519()
        forwarder.algorithm = "ed25519-sha256"
        forwarder.key = key
        let mail = try forwarder.forward(try changed())
        let record = KeyAnswer.records([SignedMailBuilder.record(key)])
        let result = check(mail, keys: ["arc._domainkey.posta.example": record])
        #expect(result.chain?.outcome == .pass)
    }

    @Test func `a signature of the bank that holds needs no chain`() throws {
        let mail = try ForwarderBuilder().forward(try bankMail())
        #expect(try trust(mail).by == "dkim garantibbva.com.tr")
    }

    @Test func `what Google writes, with i and no d, is understood`() throws {
        var forwarder = ForwarderBuilder()
        forwarder.results =
            "mx.google.com;\r\n\tdkim=pass (a (b) c) header.i=@ileti.garantibbva.com.tr header.s=s1"
        let verdict = try trust(try forwarder.forward(try changed()))
        #expect(verdict.by == "arc posta.example (dkim ileti.garantibbva.com.tr)")
    }

    @Test func `the changed copy and the direct one are one mail`() throws {
        let direct = check(try bankMail())
        let forwarded = check(try ForwarderBuilder().forward(try changed()))
        #expect(forwarded.identity == direct.identity)
    }

    @Test func `keys of a chain are asked for only when its newest sealer is named`() throws {
        let mail = Array(try ForwarderBuilder().forward(try changed()).utf8)
        let own = "s1._domainkey.garantibbva.com.tr"
        func names(_ forwarders: [String]) -> [String] {
            Authenticator(trustedAuthserv: nil, trustedForwarders: forwarders).keyNames(mail).all
        }
        #expect(names(["posta.example"]) == ["arc._domainkey.posta.example", own])
        #expect(names(["other.example"]) == [own])
        #expect(names([]) == [own])
    }

    @Test func `a chain whose key cannot be had now waits`() throws {
        let mail = try ForwarderBuilder().forward(try changed())
        let result = check(mail, keys: ["arc._domainkey.posta.example": .unavailable])
        #expect(result.chain?.outcome == .keyUnavailable)
        #expect(result.needsKey(alignedWith: [], from: []))
        let message = try MessageParser.parse(Array(mail.utf8))
        #expect(
            result.trust(
                alignedWith: ["garantibbva.com.tr"], from: message.from, fromFieldCount: 1)
                == TrustVerdict(.unverified))
    }

    // MARK: - Whose word counts

    @Test func `a forwarder that is not named proves nothing`() throws {
        let mail = try ForwarderBuilder().forward(try changed())
        for named in [[], ["example"], ["x.posta.example"], ["posta.example.tr"]] {
            #expect(check(mail, named: named).chain?.outcome == .fail(.notNamed))
            #expect(try trust(mail, named: named).trust == .forged)
        }
        var below = ForwarderBuilder()
        below.domain = "musteri.posta.example"
        #expect(try trust(try below.forward(try changed())).trust == .forged)
    }

    @Test func `a stranger's word below a named seal does not count`() throws {
        var stranger = ForwarderBuilder()
        stranger.domain = "yabanci.example"
        var honest = ForwarderBuilder()
        honest.results = "mx.posta.example; dkim=fail header.d=garantibbva.com.tr; arc=pass"
        let mail = try honest.forward(try stranger.forward(try changed()))
        #expect(outcome(mail) == .pass)
        #expect(try trust(mail).trust == .forged)
        // Named as well, he is the witness.
        #expect(try trust(mail, named: ["posta.example", "yabanci.example"]).trust == .verified)
    }

    @Test func `a stranger behind a named forwarder voids its word`() throws {
        var stranger = ForwarderBuilder()
        stranger.domain = "yabanci.example"
        var mail = try stranger.forward(try ForwarderBuilder().forward(try changed()))
        #expect(try trust(mail).trust == .forged)
        var last = ForwarderBuilder()
        last.results = "mx.posta.example; dkim=fail; arc=pass"
        mail = try last.forward(mail)
        #expect(outcome(mail) == .pass)
        #expect(try trust(mail).trust == .forged)
    }

    @Test(
        "a look-alike of the results proves nothing",
        arguments: [
            "mx; dkim=pass header.d=garantibbva.com.tr.example",
            "mx; dkim=pass header.d=notgarantibbva.com.tr",
            "mx; dkim=pass header.d=com.tr",
            "mx; dkim=fail header.d=garantibbva.com.tr",
            "mx; dkim=none (dkim=pass header.d=garantibbva.com.tr)",
            "mx; spf=pass smtp.mailfrom=\"x; dkim=pass header.d=garantibbva.com.tr;\"@b.example",
            "mx; x-dkim=pass header.d=garantibbva.com.tr",
            "mx; dmarc=pass header.from=garantibbva.com.tr",
            "mx; dkim=pass header.b=garantibbva.com.tr",
            "mx; none",
            "dkim=pass header.d=garantibbva.com.tr",
        ])
    func lookAlike(results: String) throws {
        var forwarder = ForwarderBuilder()
        forwarder.results = results
        let mail = try forwarder.forward(try changed())
        #expect(outcome(mail) == .pass)
        #expect(try trust(mail).trust == .forged)
    }

    @Test func `a chain does not heal a fault of the signing itself`() throws {
        var bank = SignedMailBuilder()
        bank.extra = " l=10;"
        let mail = try ForwarderBuilder().forward(try bank.text(SignedMailBuilder.key))
        #expect(outcome(mail) == .pass)
        #expect(try trust(mail).trust == .forged)
    }

    @Test func `a forgery below a stolen header does not take its identity`() throws {
        var honest = ForwarderBuilder()
        honest.results = "mx; dkim=fail header.d=garantibbva.com.tr"
        let forged = check(try honest.forward(try changed()))
        #expect(forged.chain?.outcome == .pass)
        #expect(forged.identity != check(try bankMail()).identity)
    }

    // MARK: - What fails

    @Test(
        "a chain that was touched fails",
        arguments: [
            // as_fields_b_mod_sig, ams_fields_b_mod_sig, as_fields_b_aar1
            ("cv=none;", "cv=none; x=1;", ForwardingChain.Failure.seal),
            ("dkim=pass", "dkim=pass ", nil),
            ("dkim=pass", "dkim=pass x.y=z", .seal),
            ("h=from:to", "h=from:cc:to", .message),
            // ams_fields_bh_mod_body, ams_fields_b_mod_headers
            ("iletilmiştir.", "iletilmistir.", .message),
            ("1.250,00", "9.250,00", .message),
            ("para geldi", "para gitti", .message),
            // cv_fail_i1_as_pass, cv_fail_i1_as_cv_fail, as_fields_cv_na
            ("cv=none", "cv=pass", .brokenBefore),
            ("cv=none", "cv=fail", .brokenBefore),
            ("cv=none", "cv=perhaps", .structure),
            ("cv=none;", "", .structure),
            // as_fields_h_present, as_fields_a_sha1, as_fields_d_na, as_fields_s_na, …_t_invalid
            ("cv=none;", "cv=none; h=from;", .structure),
            ("a=rsa-sha256; cv", "a=rsa-sha1; cv", .structure),
            ("d=posta.example; s=arc; b=", "s=arc; b=", .structure),
            ("cv=none;", "cv=none; t=soon;", .structure),
            ("cv=none;", "cv=none; cv=none;", .structure),
            // ams_fields_a_sha1, ams_fields_h_includes_as, ams_fields_c_invalid
            ("a=rsa-sha256; c=", "a=rsa-sha1; c=", .message),
            ("h=from", "h=arc-seal:from", .structure),
            ("c=relaxed/relaxed; d=posta", "c=loose; d=posta", .structure),
            // as_struct_i_…, ams_struct_i_…, aar_struct_i_…
            ("ARC-Seal: i=1", "ARC-Seal: i=0", .structure),
            ("ARC-Seal: i=1", "ARC-Seal: i=2", .structure),
            ("ARC-Seal: i=1", "ARC-Seal: i=+1", .structure),
            ("ARC-Seal: i=1;", "ARC-Seal: i=;", .structure),
            ("ARC-Seal: i=1;", "ARC-Seal:", .structure),
            ("ARC-Message-Signature: i=1", "ARC-Message-Signature: i=x", .structure),
            ("ARC-Authentication-Results: i=1; ", "ARC-Authentication-Results: ", .structure),
            ("ARC-Authentication-Results: i=1;", "ARC-Authentication-Results: i=1", .structure),
            // aar_missing, ams_struct_missing, as_struct_missing
            ("ARC-Authentication-Results", "X-Results", .structure),
            ("ARC-Message-Signature", "X-Signature", .structure),
            ("ARC-Seal", "X-Seal", .structure),
            // A second From field, or a header that readers would not agree about.
            ("From: ", "From: b@garantibbva.com.tr\r\nFrom: ", .message),
            ("To: ", "no field at all\r\nTo: ", .message),
        ])
    func touched(old: String, new: String, failure: ForwardingChain.Failure?) throws {
        let mail = try ForwarderBuilder().forward(try changed())
        let broken = mail.replacing(old, with: new, maxReplacements: 1)
        #expect(broken != mail)
        #expect(outcome(broken) == failure.map { .fail($0) } ?? .pass)
        if failure != nil { #expect(try trust(broken).trust == .forged) }
    }

    @Test func `a field that stands twice breaks the chain`() throws {
        let mail = try ForwarderBuilder().forward(try changed())
        for name in ["ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"] {
            let start = try #require(mail.firstRange(of: name + ":")).lowerBound
            let rest = mail[start...]
            let line = rest[
                ..<(try #require(
                    rest.firstRange(of: "\r\nARC-")
                        ?? rest.firstRange(of: "\r\nDKIM-"))).lowerBound]
            #expect(outcome(line + "\r\n" + mail) == .fail(.structure))
        }
    }

    @Test(
        "an instance that is missing, doubled or out of place breaks the chain",
        arguments: [[1, 3], [2], [1, 1], [1, 2, 2], [2, 3]])
    func instances(_ numbers: [Int]) throws {
        var mail = try changed()
        for number in numbers {
            var forwarder = ForwarderBuilder()
            forwarder.instance = number
            mail = try forwarder.forward(mail)
        }
        #expect(outcome(mail) == .fail(.structure))
    }

    @Test(
        "a seal that says none or fail above the first breaks the chain",
        arguments: ["none", "fail"])
    func laterVerdict(_ verdict: String) throws {
        var second = ForwarderBuilder()
        second.verdict = verdict
        let mail = try second.forward(try ForwarderBuilder().forward(try changed()))
        #expect(outcome(mail) == .fail(.brokenBefore))
    }

    @Test func `the older signatures may be broken, the older seals not`() throws {
        // cv_pass_i2_1_ams1_invalid, cv_fail_i2_as1_invalid
        let first = try ForwarderBuilder().forward(try changed())
        let relabelled = first.replacing("To: ", with: "To: x, ", maxReplacements: 1)
        #expect(outcome(relabelled) == .fail(.message))
        #expect(outcome(try ForwarderBuilder().forward(relabelled)) == .pass)
        let resealed = first.replacing("cv=none;", with: "cv=none; x=1;")
        #expect(outcome(try ForwarderBuilder().forward(resealed)) == .fail(.seal))
    }

    @Test(
        "a signature of the forwarder that leaves a way in is refused",
        arguments: [
            ("to:subject:date", ""), ("from:to:date", ""), ("from:subject", " l=10;"),
            ("from:subject", " x=1795334732;"),
        ])
    func openSignature(signed: String, extra: String) throws {
        var forwarder = ForwarderBuilder()
        forwarder.signed = signed
        forwarder.messageExtra = extra
        #expect(outcome(try forwarder.forward(try changed())) == .fail(.message))
    }

    @Test(
        "a key that is gone, revoked, in test or too weak breaks the chain",
        arguments: ["v=DKIM1; p=", "v=DKIM1; p=AAAA", "test", "absent", "weak"])
    func key(_ record: String) throws {
        let good = SignedMailBuilder.record(ForwarderBuilder.key)
        let answer: KeyAnswer =
            switch record {
            case "absent": .absent
            case "test": .records([good + "; t=y"])
            case "weak": .records([SignedMailBuilder.record(try SigningKey.rsa(bits: 768))])
            default: .records([record])
            }
        let mail = try ForwarderBuilder().forward(try changed())
        let result = check(mail, keys: ["arc._domainkey.posta.example": answer])
        #expect(result.chain?.outcome == .fail(.message))
    }

    @Test func `more instances than the limit are not looked at`() throws {
        var mail = try changed()
        for _ in 0..<ARCChain.instancesMax { mail = try ForwarderBuilder().forward(mail) }
        #expect(outcome(mail) == .pass)
        #expect(outcome(try ForwarderBuilder().forward(mail)) == .fail(.tooLong))
    }

    @Test func `a mail without a chain has none`() throws {
        #expect(check(try bankMail()).chain == nil)
    }

    @Test func `no bytes of a chain trap`() throws {
        let mail = Array(try ForwarderBuilder().forward(try changed()).utf8)
        let checker = Authenticator(trustedAuthserv: nil, trustedForwarders: ["posta.example"])
        let end = mail.count / 2
        for place in stride(from: 0, to: end, by: 7) {
            var bytes = mail
            bytes[place] = bytes[place] &+ UInt8(truncatingIfNeeded: place &* 37 | 1)
            let record = SignedMailBuilder.record(ForwarderBuilder.key)
            _ = checker.keyNames(bytes)
            let result = checker.authenticate(bytes, now: SignedMailBuilder.arrival) { _ in
                .records([record])
            }
            let cut = checker.authenticate(
                Array(mail[..<place]), now: SignedMailBuilder.arrival
            ) { _ in .absent }
            #expect(result.identity.count == 32 && cut.chain?.outcome != .pass)
        }
    }
}
