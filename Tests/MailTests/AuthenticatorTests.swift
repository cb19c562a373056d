// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Testing

@testable import Mail

@Suite struct AuthenticatorTests {
    private let bank = ["garantibbva.com.tr"]

    private func check(
        _ raw: [UInt8], record: String? = nil, authserv: String? = nil
    ) -> Authentication {
        let record = record ?? SignedMailBuilder.record(SignedMailBuilder.key)
        return Authenticator(trustedAuthserv: authserv)
            .authenticate(raw, now: SignedMailBuilder.arrival) { _ in .records([record]) }
    }

    private func trust(
        _ result: Authentication, _ raw: [UInt8], _ domains: [String]? = nil
    ) throws -> TrustVerdict {
        let message = try MessageParser.parse(raw)
        return result.trust(
            alignedWith: domains ?? bank, from: message.from,
            fromFieldCount: message.fromFieldCount)
    }

    private func needsKey(_ result: Authentication, _ raw: [UInt8]) throws -> Bool {
        result.needsKey(alignedWith: bank, from: try MessageParser.parse(raw).from)
    }

    private func outcome(
        _ raw: [UInt8], record: String? = nil
    ) -> SignatureResult.Outcome? {
        check(raw, record: record).signatures.first?.outcome
    }

    // MARK: - What holds

    @Test(
        "a signature holds in every pair of forms",
        arguments: ["simple", "relaxed"], ["simple", "relaxed"])
    func formsHold(header: String, body: String) throws {
        var builder = SignedMailBuilder()
        builder.header = header
        builder.bodyForm = body
        let raw = try builder.mail()
        let lineFeeds = raw.filter { $0 != 13 }
        let result = check(raw)
        #expect(result.signatures.map(\.outcome) == [.pass])
        #expect(try trust(result, raw) == TrustVerdict(.verified, by: "dkim garantibbva.com.tr"))
        #expect(outcome(lineFeeds) == .pass)
        #expect(check(lineFeeds).identity == result.identity)
    }

    @Test func `an Ed25519 signature of our own holds`() throws {
        var builder = SignedMailBuilder()
        builder.algorithm = "ed25519-sha256"
        let key = try SigningKey.ed25519()
        #expect(outcome(try builder.mail(key), record: SignedMailBuilder.record(key)) == .pass)
    }

    @Test func `a subdomain of the bank may sign for the bank and the other way round`() throws {
        for (signer, sender) in [
            ("ileti.garantibbva.com.tr", "garantibbva.com.tr"),
            ("garantibbva.com.tr", "bilgi.garantibbva.com.tr"),
        ] {
            var builder = SignedMailBuilder()
            builder.domain = signer
            builder.fields[0].value = "Banka <a@\(sender)>"
            let raw = try builder.mail()
            #expect(try trust(check(raw), raw) == TrustVerdict(.verified, by: "dkim \(signer)"))
        }
    }

    @Test func `whom the bank wrote to is proven by its own signature over the only To`() throws {
        func proves(
            record: String? = nil, _ change: (inout SignedMailBuilder) -> Void
        ) throws -> Bool {
            var builder = SignedMailBuilder()
            change(&builder)
            return check(try builder.mail(), record: record).provesRecipients(alignedWith: bank)
        }
        #expect(try proves { _ in })
        #expect(try proves { $0.domain = "ileti.garantibbva.com.tr" })
        #expect(try !proves { $0.signed = "from:subject:date" })
        #expect(try !proves { $0.domain = "baska.example" })
        #expect(try !proves { $0.fields.insert(("To", "kasa@ornek.example"), at: 0) })
        #expect(try !proves(record: SignedMailBuilder.record(.rsa(bits: 1024))) { _ in })
        let raw = try SignedMailBuilder().mail()
        let other = Array(
            String(decoding: raw, as: UTF8.self)
                .replacing("organizator@", with: "baskasi@").utf8)
        #expect(!check(other).provesRecipients(alignedWith: bank))
    }

    @Test func `a date that is not signed is said to be so`() throws {
        var builder = SignedMailBuilder()
        #expect(!check(try builder.mail()).leavesDateOpen)
        builder.signed = "from:subject"
        let raw = try builder.mail()
        #expect(check(raw).leavesDateOpen)
        #expect(try trust(check(raw), raw).trust == .verified)
    }

    @Test(
        "a domain that belongs to everybody aligns nobody",
        arguments: ["com.tr", "tr", "COM.TR", "co.uk", ""])
    func publicSuffix(domain: String) throws {
        let raw = try SignedMailBuilder().mail()
        #expect(try trust(check(raw), raw, [domain]).trust == .forged)
        #expect(try trust(check(raw), raw, [domain, "garantibbva.com.tr"]).trust == .verified)
    }

    @Test func `names in h that have no field, or are given twice, do no harm`() throws {
        var builder = SignedMailBuilder()
        builder.signed += ":from:subject:reply-to"
        #expect(outcome(try builder.mail()) == .pass)
    }

    @Test func `of two fields of one name the lower is signed first`() throws {
        var builder = SignedMailBuilder()
        builder.fields.insert(("X-Note", "upper"), at: 0)
        builder.fields.append(("X-Note", "lower"))
        builder.signed += ":x-note"
        let raw = try builder.text(SignedMailBuilder.key)
        #expect(outcome(Array(raw.utf8)) == .pass)
        #expect(outcome(Array(raw.replacing("upper", with: "other").utf8)) == .pass)
        #expect(
            outcome(Array(raw.replacing("lower", with: "other").utf8)) == .fail(.headerChanged))
    }

    @Test func `a Message-ID that Gmail replaced is put back`() throws {
        var builder = SignedMailBuilder()
        builder.fields[4].value = "4711"
        let text = try builder.text(SignedMailBuilder.key)
        let moved = text.replacing(
            "Message-ID: 4711",
            with: "X-Google-Original-Message-ID: 4711\r\nMessage-ID: <x@mx.google.com>")
        #expect(check(Array(moved.utf8)).identity == check(Array(text.utf8)).identity)
        #expect(outcome(Array(moved.utf8)) == .pass)
        let other = moved.replacing("ID: 4711", with: "ID: 4712")
        #expect(outcome(Array(other.utf8)) == .fail(.headerChanged))
    }

    // MARK: - What fails

    @Test(
        "a changed mail fails",
        arguments: [
            ("1.250,00", "9.250,00", SignatureResult.Failure.bodyChanged),
            ("geldi.\r\n", "geldi.\r\nx\r\n", .bodyChanged),
            ("para geldi", "para gitti", .headerChanged),
            ("To: organizator@ornek.example\r\n", "", .headerChanged),
            ("<1@garanti", "<2@garanti", .headerChanged),
            ("s=s1", "s=s2", .headerChanged),
            ("Subject: ", "Subject: x\r\nSubject: ", .ambiguousHeader),
            ("From: ", "From: b@garantibbva.com.tr\r\nFrom: ", .ambiguousHeader),
            ("Content-Type: ", "Content-Type: text/html\r\nContent-Type: ", .ambiguousHeader),
            ("To: ", "no field at all\r\nTo: ", .ambiguousHeader),
            ("v=1", "v=2", .malformed),
            ("a=rsa-sha256", "a=rsa-sha1", .algorithm),
            ("d=garantibbva.com.tr", "d=garantibbva.com.tr; d=x.example", .malformed),
            ("d=garantibbva.com.tr", "d=garantibbva.com.tr; i=@example.com", .malformed),
        ])
    func changedFails(old: String, new: String, failure: SignatureResult.Failure) throws {
        let text = try SignedMailBuilder().text(SignedMailBuilder.key)
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != text)
        let raw = Array(changed.utf8)
        #expect(outcome(raw) == .fail(failure))
        #expect(try trust(check(raw), raw).trust == .forged)
    }

    @Test(
        "a signature that leaves a way in is refused",
        arguments: [
            (" l=10;", "from:to:subject:date", SignatureResult.Failure.lengthTag),
            (" l=100000;", "from:subject", .lengthTag),
            (" x=1795334732;", "from:subject", .expired),
            (" t=9; x=8;", "from:subject", .expired),
            ("", "to:subject:date", .fromNotSigned),
            ("", "from:to:date", .subjectNotSigned),
        ])
    func refused(extra: String, signed: String, failure: SignatureResult.Failure) throws {
        var builder = SignedMailBuilder()
        builder.extra = extra
        builder.signed = signed
        let raw = try builder.mail()
        #expect(outcome(raw) == .fail(failure))
        #expect(try trust(check(raw), raw).trust == .forged)
        #expect(
            Authenticator(trustedAuthserv: nil).keyNames(raw).all.isEmpty
                == (failure != .expired || extra.contains("t=9")))
    }

    @Test func `an expiry that lies ahead does no harm`() throws {
        var builder = SignedMailBuilder()
        builder.extra = " t=1795334000; x=1795334733;"
        #expect(outcome(try builder.mail()) == .pass)
    }

    @Test func `a short RSA key is refused`() throws {
        let key = try SigningKey.rsa(bits: 512)
        let raw = try SignedMailBuilder().mail(key)
        #expect(outcome(raw, record: SignedMailBuilder.record(key)) == .fail(.keyTooShort))
    }

    @Test("a key that is too short for the rule proves nothing", arguments: [1024, 1025])
    func shortForRule(rsaBitsMin: Int) throws {
        let key = try SigningKey.rsa(bits: 1024)
        let raw = try SignedMailBuilder().mail(key)
        func result(_ bits: Int?) -> Authentication {
            Authenticator(trustedAuthserv: nil).authenticate(
                raw, now: SignedMailBuilder.arrival, rsaBitsMin: bits
            ) { _ in .records([SignedMailBuilder.record(key)]) }
        }
        let proven = result(nil)
        let found = result(rsaBitsMin)
        #expect(
            found.signatures.map(\.outcome) == [rsaBitsMin > 1024 ? .fail(.keyTooShort) : .pass])
        // Nor does it pass for the mail that a longer key signs: that one is still to come.
        #expect((found.identity == proven.identity) == (rsaBitsMin == 1024))
        #expect(try trust(found, raw).trust == (rsaBitsMin == 1024 ? .verified : .unverified))
    }

    @Test(
        "key records",
        arguments: [
            ("v=DKIM1; p=", SignatureResult.Outcome.fail(.keyRevoked)),
            ("v=DKIM1; p=AAAA", .fail(.keyUnreadable)),
            ("v=DKIM2; p=KEY", .fail(.keyUnreadable)),
            ("p=KEY; v=DKIM1", .fail(.keyUnreadable)),
            ("v=DKIM1; h=sha1; p=KEY", .fail(.keyUnreadable)),
            ("v=DKIM1; s=chat; p=KEY", .fail(.keyUnreadable)),
            ("v=DKIM1; k=dsa; p=KEY", .fail(.keyUnreadable)),
            ("v=DKIM1; k=ed25519; p=KEY", .fail(.keyUnreadable)),
            ("v=DKIM1; t=y; p=KEY", .fail(.keyTesting)),
            ("v=DKIM1; h=sha1:sha256; s=email; t=s; n=x; p=KEY;", .pass),
            ("p=KEY", .pass),
        ])
    func keyRecords(record: String, expected: SignatureResult.Outcome) throws {
        let key = try #require(SignedMailBuilder.key)
        let record = record.replacing("KEY", with: Base64.encode(key.publicKey))
        #expect(outcome(try SignedMailBuilder().mail(), record: record) == expected)
    }

    @Test(
        "of several keys under a name each is tried",
        arguments: [
            (["OTHER", "KEY"], SignatureResult.Outcome.pass), (["KEY", "OTHER"], .pass),
            (["v=spf1 -all", "p=", "KEY"], .pass),
            (["OTHER", "OTHER; t=y"], .fail(.headerChanged)),
            (["OTHER", "KEY; t=y"], .fail(.keyTesting)), (["p=", "x"], .fail(.keyRevoked)),
            (["x", "y"], .fail(.keyUnreadable)), ([], .fail(.keyAbsent)),
        ])
    func severalKeys(records: [String], expected: SignatureResult.Outcome) throws {
        let keys = [
            "KEY": SignedMailBuilder.record(SignedMailBuilder.key),
            "OTHER": SignedMailBuilder.record(try SigningKey.rsa(bits: 1024)),
        ]
        let published = records.map { record in
            keys.reduce(record) { $0.replacing($1.key, with: $1.value) }
        }
        let result = Authenticator(trustedAuthserv: nil).authenticate(
            try SignedMailBuilder().mail(), now: SignedMailBuilder.arrival
        ) { _ in .records(published) }
        #expect(result.signatures.map(\.outcome) == [expected])
    }

    @Test func `a strict key refuses a subdomain as identity`() throws {
        var builder = SignedMailBuilder()
        builder.extra = " i=@a.garantibbva.com.tr;"
        let record = SignedMailBuilder.record(SignedMailBuilder.key)
        #expect(outcome(try builder.mail()) == .pass)
        #expect(
            outcome(try builder.mail(), record: record + "; t=s") == .fail(.keyUnreadable))
    }

    @Test func `a key that cannot be had is asked for again, one that is not there is not`() throws
    {
        let raw = try SignedMailBuilder().mail()
        let checker = Authenticator(trustedAuthserv: nil)
        let unavailable = checker.authenticate(raw, now: SignedMailBuilder.arrival) { _ in
            .unavailable
        }
        #expect(try needsKey(unavailable, raw))
        #expect(try trust(unavailable, raw).trust == .unverified)
        let absent = checker.authenticate(raw, now: SignedMailBuilder.arrival) { _ in .absent }
        #expect(try !needsKey(absent, raw))
        #expect(try trust(absent, raw).trust == .unverified)
    }

    // MARK: - Alignment

    @Test(
        "a passing signature of another domain proves nothing",
        arguments: [
            "notgarantibbva.com.tr", "garantibbva.com.tr.example", "com.tr", "sender.example",
        ])
    func unaligned(signer: String) throws {
        var builder = SignedMailBuilder()
        builder.domain = signer
        let raw = try builder.mail()
        let result = check(raw)
        #expect(result.signatures.map(\.outcome) == [.pass])
        #expect(try trust(result, raw).trust == .forged)
    }

    @Test func `a rule that lists a single label trusts nobody`() throws {
        let raw = try SignedMailBuilder().mail()
        #expect(try trust(check(raw), raw, ["tr", ""]).trust != .verified)
    }

    @Test func `the From address must lie under the domain that signed`() throws {
        for sender in [
            "a@garantıbbva.com.tr", "a@evil.example", "a@garantibbva.com.tr.evil.example",
        ] {
            var builder = SignedMailBuilder()
            builder.fields[0].value = "Garanti BBVA <\(sender)>"
            let raw = try builder.mail()
            #expect(try trust(check(raw), raw).trust == .forged)
        }
    }

    @Test func `two addresses in From are refused`() throws {
        var builder = SignedMailBuilder()
        builder.fields[0].value = "a@garantibbva.com.tr, b@evil.example"
        let raw = try builder.mail()
        #expect(try trust(check(raw), raw).trust == .forged)
    }

    @Test func `an unsigned mail is unverified`() throws {
        let raw = Array("From: a@garantibbva.com.tr\nSubject: x\n\nx\n".utf8)
        #expect(try trust(check(raw), raw) == TrustVerdict(.unverified))
    }

    // MARK: - Identity

    @Test func `copies with other Received fields are one mail, forgeries are another`() throws {
        let raw = try SignedMailBuilder().mail()
        let copy = Array("Received: from a by b; Sun, 22 Nov 2026 11:06:00 +0300\r\n".utf8) + raw
        let forged = Array(
            String(decoding: raw, as: UTF8.self).replacing("1.250", with: "9.250").utf8)
        #expect(check(copy).identity == check(raw).identity)
        #expect(check(forged).identity != check(raw).identity)
        #expect(check(raw).identity.count == 32)
    }

    @Test func `a stranger's own signature on a copy does not make a second mail`() throws {
        let text = try SignedMailBuilder().text(SignedMailBuilder.key)
        var stranger = SignedMailBuilder()
        stranger.domain = "evil.example"
        let own = try stranger.text(SignedMailBuilder.key)
        let fieldEnd = try #require(own.start(of: "\r\nFrom:"))
        let copy = Array((own[..<fieldEnd] + "\r\n" + text).utf8)
        let result = check(copy)
        #expect(result.signatures.map(\.outcome) == [.pass, .pass])
        #expect(result.identity == check(Array(text.utf8)).identity)
    }
}

extension String {
    /// Where `word` begins.
    fileprivate func start(of word: String) -> String.Index? {
        firstRange(of: word)?.lowerBound
    }
}
