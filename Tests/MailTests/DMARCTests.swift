// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Mail

/// Source: RFC 7489 §6.3, §6.6.3, appendix B.
@Suite struct DMARCTests {
    private func finding(_ domain: String, _ zone: [String: [String]]) -> DMARCFinding {
        DMARC.finding(for: domain) { zone[$0].map { .records($0) } ?? .absent }
    }

    @Test(
        "the organization above a domain",
        arguments: [
            ("ileti.ziraatbank.com.tr", "ziraatbank.com.tr"),
            ("a.b.c.bank.example", "bank.example"),
            ("bank.example", "bank.example"), ("com.tr", "com.tr"), ("example", "example"),
            ("x.co.uk", "x.co.uk"),
        ])
    func organization(domain: String, above: String) {
        #expect(PublicSuffix.organizationalDomain(of: domain) == above)
    }

    @Test func `two names at most are asked for, and only those of domains`() {
        #expect(
            DMARC.names(for: "a.b.Bank.com.tr") == ["_dmarc.a.b.bank.com.tr", "_dmarc.bank.com.tr"])
        #expect(DMARC.names(for: "bank.com.tr") == ["_dmarc.bank.com.tr"])
        for name in ["", "bank", "a..b", "garantı.example", "a b.example", "[192.0.2.1]"] {
            #expect(DMARC.names(for: name).isEmpty)
        }
        #expect(DMARC.names(for: String(repeating: "a.", count: 200) + "b").isEmpty)
    }

    @Test(
        "records",
        arguments: [
            ("v=DMARC1; p=reject", "reject bank.example"),
            ("v=DMARC1;p=QUARANTINE;pct=50", "quarantine 50% bank.example"),
            (" v = DMARC1 ; p = none ; rua=mailto:a@bank.example", "none bank.example"),
            ("v=DMARC1; p=reject; pct=150", "reject bank.example"),
            ("v=DMARC1; p=reject; p=none", "reject bank.example"),
            // Without a valid p=, reports or nothing.
            ("v=DMARC1; p=strict; rua=mailto:a@bank.example", "none bank.example"),
            ("v=DMARC1; rua=mailto:a@bank.example", "none bank.example"),
            ("v=DMARC1; p=reject; sp=all", "not published bank.example"),
            ("v=DMARC1", "not published bank.example"),
            ("v=dmarc1; p=reject", "not published bank.example"),
            ("p=reject; v=DMARC1", "not published bank.example"),
            ("v=spf1 -all", "not published bank.example"),
            ("", "not published bank.example"),
        ])
    func records(record: String, text: String) {
        #expect(finding("bank.example", ["_dmarc.bank.example": [record]]).text == text)
    }

    @Test func `the organization's record counts for what lies below it`() {
        let zone = ["_dmarc.bank.example": ["v=DMARC1; p=reject; sp=quarantine"]]
        #expect(finding("bank.example", zone).text == "reject bank.example")
        #expect(finding("mail.bank.example", zone).text == "quarantine bank.example")
        let own = zone.merging(["_dmarc.mail.bank.example": ["v=DMARC1; p=none"]]) { $1 }
        #expect(finding("mail.bank.example", own).text == "none mail.bank.example")
    }

    @Test func `other records beside it are passed over, two policies are none`() {
        let policy = "v=DMARC1; p=reject"
        #expect(DMARC.record(among: ["v=spf1 -all", policy]) == policy)
        #expect(DMARC.record(among: [policy, "v=DMARC1; p=none"]) == nil)
        #expect(DMARC.record(among: [policy + String(repeating: " ", count: 5000)]) == nil)
        #expect(
            finding("bank.example", ["_dmarc.bank.example": [policy, policy]]).text
                == "not published bank.example")
    }

    @Test func `without an answer nothing is said`() {
        #expect(DMARC.finding(for: "bank.example") { _ in .unavailable } == .unknown)
        #expect(DMARC.finding(for: "bank.example") { _ in .unavailable }.text == nil)
        #expect(finding("nonsense", [:]) == .unknown)
    }
}
