// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

@testable import Operator

@Suite("what is the organizer's own, in the configuration")
struct OwnSettingsTests {
    /// Six lines, and what is put behind them begins the seventh.
    private static let rest = """
        master_key: {file: /k}
        mailboxes:
          - name: bank
            host: imap.example.org
            user: kasa@example.org
            password: {file: /p}

        """
    private static let iban = "TR33 0006 1005 1978 6457 8413 26"

    private func read(_ lines: String) throws(ConfigurationError) -> Configuration {
        try Configuration(text: Self.rest + lines + "\n", path: "mutabik.yaml")
    }

    @Test(
        "is a list, or the word any, and any says what is risked",
        arguments: [
            (
                "['412-****567', 3, '\(iban)']",
                MatchingPolicy.Own.these(["412-****567", "3", iban])
            ),
            ("any", .any), ("'any'", .any), ("\n    - XX1234", .these(["XX1234"])),
        ])
    func accounts(value: String, own: MatchingPolicy.Own) throws {
        let configuration = try read(
            "matching:\n  own_addresses: [k@example.org]\n  own_accounts: \(value)")
        #expect(configuration.matching.ownAccounts == own)
        #expect(configuration.matching.ownAddresses == .these(["k@example.org"]))
        #expect(configuration.risks.count == (own == .any ? 1 : 0))
        #expect(configuration.risks.allSatisfy { $0.hasPrefix("matching.own_accounts is any: ") })
    }

    @Test("a folder of own rules that is not there is said, in both languages")
    func ownRules() throws {
        let matching = "matching: {own_accounts: ['412-****567'], own_addresses: [a@b.example]}\n"
        let there = try read(matching + "local_rules_directory: /tmp")
        #expect(there.risks == [])
        let missing = try read(matching + "local_rules_directory: /nowhere/rules")
        #expect(
            missing.risks == [
                "local_rules_directory: there is no folder /nowhere/rules; no rule of yours is in force"
            ])
        #expect(
            missing.risks.map(Language.turkish.message) == [
                "local_rules_directory: /nowhere/rules diye bir klasör yok; kendi kurallarınızın hiçbiri "
                    + "geçerli değil"
            ])
    }

    @Test("is a list of addresses, or the word any, and any says what is risked")
    func addresses() throws {
        let listed = try read(
            "matching: {own_accounts: ['412-****567'], own_addresses: [a@b.example, ö@ö.example]}")
        #expect(listed.matching.ownAddresses == .these(["a@b.example", "ö@ö.example"]))
        #expect(listed.risks.isEmpty)
        let any = try read("matching: {own_accounts: ['412-****567'], own_addresses: any}")
        #expect(any.matching.ownAddresses == .any)
        #expect(any.risks.map { String($0.prefix(32)) } == ["matching.own_addresses is any: a"])
    }

    @Test("are the accounts that guests are told to pay to, too; any stays any")
    func events() throws {
        let events = """

            events:
              - {id: b, iban: TR73 0006 7000 0000 0012 3456 68, account_holder: Dernek}
              - {id: a, iban: '\(Self.iban)', account_holder: Dernek}
              - {id: c}
            """
        let listed = try read(
            "matching: {own_accounts: ['3'], own_addresses: [k@example.org]}" + events)
        #expect(
            listed.matching.ownAccounts
                == .these(["3", "TR330006100519786457841326", "TR730006700000000012345668"]))
        let any = try read("matching: {own_accounts: any, own_addresses: [k@example.org]}" + events)
        #expect(any.matching.ownAccounts == .any)
    }

    private static let accountsHint =
        "Write own_accounts: ['TR33 0006 1005 1978 6457 8413 26', '412-****567'], or own_accounts: "
        + "any; `mutabik config describe` says what that risks"
    private static let addressesHint =
        "Write own_addresses: [kasa@example.org], or own_addresses: any; `mutabik config describe` "
        + "says what that risks"
    private static let noIBAN =
        "`matching.own_accounts`: one of them is no IBAN: a sign is wrong or missing; Turkish ones "
        + "have 26, and * stands for what the bank hides"
    private static let noAddress =
        "`matching.own_addresses`: one of them is no address such as kasa@example.org"

    @Test(
        "must be said: with the place and what to write",
        arguments: [
            ("", "1:1", "`matching.own_accounts` is missing. " + accountsHint),
            ("matching: {}", "7:11", "`matching.own_accounts` is missing. " + accountsHint),
            (
                "matching: {code: review, own_accounts: any}", "7:11",
                "`matching.own_addresses` is missing. " + addressesHint
            ),
            (
                "matching: {own_addresses: any}", "7:11",
                "`matching.own_accounts` is missing. " + accountsHint
            ),
            (
                "matching:\n  own_accounts: []\n  own_addresses: any", "8:17",
                "`matching.own_accounts` lists nothing. " + accountsHint
            ),
            (
                "matching:\n  own_accounts: any\n  own_addresses: []", "9:18",
                "`matching.own_addresses` lists nothing. " + addressesHint
            ),
            (
                "matching: {own_accounts: 412}", "7:26",
                "`matching.own_accounts` is a list or the word any. " + accountsHint
            ),
            (
                "matching: {own_accounts: ~}", "7:26",
                "`matching.own_accounts` is a list or the word any. " + accountsHint
            ),
            (
                "matching: {own_accounts: Any}", "7:26",
                "`matching.own_accounts` is a list or the word any. " + accountsHint
            ),
            (
                "matching: {own_accounts: {any: true}}", "7:26",
                "`matching.own_accounts` is a list or the word any. " + accountsHint
            ),
            (
                "matching: {own_addresses: kasa@example.org, own_accounts: any}", "7:27",
                "`matching.own_addresses` is a list or the word any. " + addressesHint
            ),
            (
                "matching: {own_accounts: [~]}", "7:27",
                "`matching.own_accounts` is a list of texts"
            ),
            (
                "matching: {own_accounts: ['3', [4]]}", "7:32",
                "`matching.own_accounts` is a list of texts"
            ),
            (
                "matching: {own_accounts: ['3', any]}", "7:32",
                "`matching.own_accounts`: one of them shows no digit"
            ),
            (
                "matching:\n  own_accounts:\n    - '\(iban)'\n"
                    + "    - TR33 0006 1005 1978 6457 8413 27", "10:7", noIBAN
            ),
            ("matching: {own_accounts: [TR33 0006 1005 1978 6457 8413]}", "7:27", noIBAN),
            (
                "matching: {own_accounts: any, own_addresses: [a@b.example, any]}", "7:60",
                noAddress
            ),
            (
                "matching: {own_accounts: any, own_addresses: ['a <a@b.example>']}", "7:47",
                noAddress
            ),
            ("matching: {own_accounts: any, own_addresses: [a@]}", "7:47", noAddress),
        ])
    func refuses(lines: String, place: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(lines) }
        #expect(error?.description == "mutabik.yaml:\(place): \(message)")
    }
}
