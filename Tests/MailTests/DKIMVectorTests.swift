// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Testing

@testable import Mail

/// The worked examples of the standards. Source: RFC 6376 §3.4.4–3.4.5, appendix A; RFC 8463
/// appendix A.
@Suite struct DKIMVectorTests {
    static let twoSignatures = """
        DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=brisbane; t=1528637909; h=from : to :
         subject : date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
         Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=test; t=1528637909; h=from : to : subject :
         date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
         DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
         dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game.  Are you hungry yet?

        Joe.

        """
    static let keys = [
        "brisbane._domainkey.football.example.com":
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "test._domainkey.football.example.com":
            "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
            + "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1L"
            + "xj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
    ]
    static let simpleSigned = """
        DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
              c=simple/simple; q=dns/txt; i=joe@football.example.com;
              h=Received : From : To : Subject : Date : Message-ID;
              bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
              b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
              4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
              KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
              4bmp/YzhwvcubU4=;
        Received: from client1.football.example.com  [192.0.2.1]
              by submitserver.example.com with SUBMISSION;
              Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game. Are you hungry yet?

        Joe.

        """
    static let simpleKey =
        "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7"
        + "/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0"
        + "fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"

    static let lineEnds = ["\n", "\r\n"]

    @Test("both signatures of RFC 8463 hold, with LF and with CRLF", arguments: lineEnds)
    func twoSignaturesHold(lineEnd: String) {
        let raw = Array(Self.twoSignatures.replacing("\n", with: lineEnd).utf8)
        let checker = Authenticator(trustedAuthserv: nil)
        #expect(checker.keyNames(raw).all.sorted() == Self.keys.keys.sorted())
        let result = checker.authenticate(raw, now: SignedMailBuilder.arrival) { name in
            Self.keys[name].map { .records([$0]) } ?? .absent
        }
        #expect(result.signatures.map(\.outcome) == [.pass, .pass])
        #expect(result.signatures.map(\.selector) == ["brisbane", "test"])
    }

    @Test("the example of RFC 6376 appendix A holds", arguments: lineEnds)
    func simpleHolds(lineEnd: String) {
        let raw = Array(Self.simpleSigned.replacing("\n", with: lineEnd).utf8)
        let result = Authenticator(trustedAuthserv: nil)
            .authenticate(raw, now: SignedMailBuilder.arrival) { _ in .records([Self.simpleKey]) }
        #expect(result.signatures.map(\.outcome) == [.pass])
    }

    @Test("a blank more in the simple example breaks the body, one in the header the header")
    func simpleIsStrict() {
        for (old, new, failure) in [
            ("game. Are", "game.  Are", SignatureResult.Failure.bodyChanged),
            ("dinner ready", "dinner  ready", .headerChanged),
        ] {
            let raw = Array(Self.simpleSigned.replacing(old, with: new).utf8)
            let result = Authenticator(trustedAuthserv: nil)
                .authenticate(raw, now: SignedMailBuilder.arrival) { _ in
                    .records([Self.simpleKey])
                }
            #expect(result.signatures.map(\.outcome) == [.fail(failure)])
        }
    }

    @Test("the canonical forms of RFC 6376 §3.4.5")
    func canonicalForms() {
        let raw = Array("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n".utf8)
        let block = HeaderBlock(raw, limits: .standard)
        func written(_ form: Canonicalization) -> [String] {
            block.fields.map { field in
                var out: [UInt8] = []
                form.append(field, of: raw, to: &out)
                return String(decoding: out, as: UTF8.self)
            }
        }
        #expect(written(.relaxed) == ["a:X", "b:Y Z"])
        #expect(written(.simple) == ["A: X", "B : Y\t\r\n\tZ  "])
        let relaxed = Digest.sha256(Array(" C\r\nD E\r\n".utf8))
        let simple = Digest.sha256(Array(" C \r\nD \t E\r\n".utf8))
        #expect(Canonicalization.relaxed.bodyDigest(raw, from: block.bodyStart) == relaxed)
        #expect(Canonicalization.simple.bodyDigest(raw, from: block.bodyStart) == simple)
    }

    @Test(
        "bodies without text, without a last line break, or of many pieces",
        arguments: [
            ("", "", "\r\n"),
            ("\r\n\r\n", "", "\r\n"),
            ("\n \t\n", "", "\r\n \t\r\n"),
            ("a", "a\r\n", "a\r\n"),
            ("a\r", "a\r\n", "a\r\n"),
            ("a \n\n\nb\n\n", "a\r\n\r\n\r\nb\r\n", "a \r\n\r\n\r\nb\r\n"),
        ])
    func bodies(body: String, relaxed: String, simple: String) {
        let raw = Array(body.utf8)
        #expect(
            Canonicalization.relaxed.bodyDigest(raw, from: 0)
                == Digest.sha256(Array(relaxed.utf8)))
        #expect(
            Canonicalization.simple.bodyDigest(raw, from: 0)
                == Digest.sha256(Array(simple.utf8)))
    }

    @Test func `a body of many pieces`() {
        let raw = Array(String(repeating: "0123456789\n", count: 3000).utf8)
        let digest = Digest.sha256(
            Array(String(repeating: "0123456789\r\n", count: 3000).utf8))
        #expect(Canonicalization.relaxed.bodyDigest(raw, from: 0) == digest)
        #expect(Canonicalization.simple.bodyDigest(raw, from: 0) == digest)
    }
}
