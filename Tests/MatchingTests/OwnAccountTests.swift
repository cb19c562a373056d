// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Matching

@Suite("Whose account it is")
struct OwnAccountTests {
    private static let elif = guest("elif", "Elif Karaca", "KTF6HV349")
    private static let iban = "TR73 0006 7000 0000 0012 3456 68"
    private static let ours = MatchingPolicy.Own.these(["412-0001567", iban, "7***3", "3", "5001"])
    private static let us = MatchingPolicy.Own.these(["Kasa@example.org"])

    /// What stands first against an approval; nil for an approval.
    private func doubt(
        _ account: String?, _ accounts: MatchingPolicy.Own, _ addresses: MatchingPolicy.Own,
        to recipients: [String]
    ) throws -> Reason? {
        let verdict = try Matcher(
            policy: MatchingPolicy(ownAccounts: accounts, ownAddresses: addresses)
        ).verdict(
            for: notice(125_000, from: nil, "KTF6HV349", account: account),
            trust: TrustVerdict(.verified), recipients: recipients,
            lookup: Book(registrations: [Self.elif]))
        guard verdict.kind != .approve else { return nil }
        #expect(verdict.kind == .review && verdict.allocations.isEmpty)
        #expect(verdict.candidates.map(\.registration) == [Self.elif.id])
        return verdict.reasons.first
    }

    /// An account as the bank prints it, and what is said when its signature covers a To of ours,
    /// a stranger's, or none.
    struct Row: CustomTestStringConvertible, Sendable {
        let account: String?
        let toUs, toAnother, toNobody: Reason?

        var testDescription: String { account ?? "none" }

        static func same(_ account: String) -> Row {
            Row(account: account, toUs: nil, toAnother: nil, toNobody: nil)
        }
        static func perhaps(_ account: String?) -> Row {
            Row(
                account: account, toUs: nil, toAnother: .accountUnknown, toNobody: .accountUnknown)
        }
        static func different(_ account: String) -> Row {
            Row(
                account: account, toUs: .foreignAccount, toAnother: .foreignAccount,
                toNobody: .foreignAccount)
        }
    }

    static let rows: [Row] = [
        .same("412-0001567"), .same("4120001567"), .same("412-****567"), .same("412-XXXX-567"),
        .same(iban), .same("tr730006700000000012345668"), .same("TR73 0006 **** 2345 668"),
        .same("*****45668"), .same("41200*"),
        // Too little of it is shown: what the bank and every customer share does not count.
        .perhaps(nil), .perhaps("3"), .perhaps("5001"), .perhaps("7***3"), .perhaps("***5668"),
        .perhaps("TR73 0006 7000 0000 00XX XXXX 68"), .perhaps("TR73 0006 7***"),
        .perhaps("412-*7"), .perhaps("****"), .perhaps("X"),
        .different("413-****567"), .different("412-****568"), .different("412-0001568"),
        .different("4"), .different("5002"), .different("9***5"),
        .different("TR33 0006 1005 1978 6457 8413 26"), .different("TR73 0006 **** 3456 69"),
        .different("-"),
        // More digits than the whole number has.
        .different("4120001*1567"),
    ]

    @Test(
        "goes by the print, and by the To that is signed where it prints too little",
        arguments: rows)
    func prints(row: Row) throws {
        for (recipients, expected) in [
            (["x@example.org", "KASA@example.org"], row.toUs),
            (["x@example.org", "kasa@example.org.example"], row.toAnother), ([], row.toNobody),
        ] {
            #expect(
                try doubt(row.account, Self.ours, Self.us, to: recipients) == expected,
                "\(recipients)")
        }
    }

    @Test("is not asked where the organizer says any, and only there", arguments: rows)
    func any(row: Row) throws {
        #expect(try doubt(row.account, .any, .any, to: []) == nil)
        let isPrinted = row.account != nil
        #expect(
            try doubt(row.account, .any, Self.us, to: []) == (isPrinted ? nil : .accountUnknown))
        let isForeign = row.toUs == .foreignAccount
        #expect(
            try doubt(row.account, Self.ours, .any, to: []) == (isForeign ? .foreignAccount : nil))
    }

    @Test("is nobody's where nothing is ours", arguments: rows)
    func nothing(row: Row) throws {
        #expect(
            try doubt(row.account, .these([]), .these([]), to: ["kasa@example.org"])
                == (row.account == nil ? .accountUnknown : .foreignAccount))
    }

    @Test(
        "of an entry that shows little is decided by the To, however much the notice prints",
        arguments: ["4*", "****567", "TR73 0006 7*", "0000000*"])
    func weakEntry(entry: String) throws {
        let account =
            entry.hasPrefix("TR")
            ? Self.iban : entry.hasPrefix("0") ? "00000000412567" : "412-0001567"
        #expect(try doubt(account, .these([entry]), Self.us, to: []) == .accountUnknown)
        #expect(try doubt(account, .these([entry]), Self.us, to: ["kasa@example.org"]) == nil)
    }

    @Test(
        "is refused as our own where no bank can mean it",
        arguments: [
            ("412-****567", nil), ("3", nil), ("XX1234", nil), (iban, nil), ("TR73 0006 7*", nil),
            ("DE89 3704 0044 0532 0130 00", nil), ("AB12", nil),
            ("TR73-0006-7000-0000-0012-3456-68", nil),
            ("***", "shows no digit"), ("any", "shows no digit"), ("kasa", "shows no digit"),
            ("", "shows no digit"), ("*1*", "shows no digit"),
            ("TR73 0006 7000 0000 0012 3456 69", noIBAN), ("TR73 0006 7000 0000 0012 3456", noIBAN),
            ("TR73 0006", noIBAN), ("DE89 3704 0044 0532 0130 01", noIBAN),
        ] as [(String, String?)])
    func flaws(text: String, flaw: String?) {
        #expect(AccountMask.flaw(of: text) == flaw)
    }

    private static let noIBAN =
        "is no IBAN: a sign is wrong or missing; Turkish ones have 26, and * stands for what the "
        + "bank hides"
}
