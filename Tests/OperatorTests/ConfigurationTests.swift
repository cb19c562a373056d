// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

@testable import Operator

@Suite("the configuration")
struct ConfigurationTests {
    /// The beginning of an event that guests pay for.
    private static let paid =
        "events: [{id: a, account_holder: Dernek, iban: TR73 0006 7000 0000 0012 3456 68, "

    /// The least that is a configuration.
    static let least = """
        master_key: {file: /k}
        matching: {own_accounts: ['412-****567'], own_addresses: [kasa@example.org]}
        mailboxes:
          - name: bank
            host: imap.example.org
            user: kasa@example.org
            password: {file: /p}

        """

    private func message(_ text: String) -> String? {
        do throws(ConfigurationError) {
            _ = try Configuration(text: text, path: "mutabik.yaml")
            return nil
        } catch {
            return error.description
        }
    }

    @Test("needs a key and a mailbox; everything else has its default")
    func defaults() throws {
        let configuration = try Configuration(text: Self.least, path: "mutabik.yaml")
        #expect(configuration.stateDirectory == "/var/lib/mutabik")
        #expect(configuration.ledgerPath == "/var/lib/mutabik/ledger.sqlite")
        #expect(configuration.rulesDirectory == "/etc/mutabik/rules")
        #expect(configuration.usesDNS)
        #expect(configuration.authservID == nil)
        #expect(configuration.luma == nil && configuration.netgsm == nil)
        #expect(configuration.matching.standard[.nameAndAmount] == .approve)
        let mailbox = try #require(configuration.mailboxes.first)
        #expect(mailbox.port == 993 && mailbox.security == "tls" && mailbox.folders == ["INBOX"])
        #expect(mailbox.pollSeconds == 60 && mailbox.mailBytesMax == 26_214_400)
        #expect(configuration.smsTemplate.contains("{link}"))
    }

    @Test("names one folder or several")
    func folders() throws {
        func watched(_ lines: String) throws -> [String]? {
            try Configuration(text: Self.least + lines, path: "mutabik.yaml")
                .mailboxes.first?.folders
        }
        #expect(try watched("") == ["INBOX"])
        #expect(try watched("    folder: Banka\n") == ["Banka"])
        #expect(try watched("    folders: [INBOX, Banka]\n") == ["INBOX", "Banka"])
        #expect(try watched("    folders: [Ödemeler]\n") == ["Ödemeler"])
    }

    @Test(
        "refuses folders that nobody could watch, or that are not clear",
        arguments: [
            ("    folders: [inbox, Banka, INBOX]\n", "a folder is listed twice"),
            ("    folders: [Ödemeler, '&ANY-demeler']\n", "a folder is listed twice"),
            (
                "    folder: Banka\n    folders: [INBOX]\n",
                "write either `folder` or `folders`, one of the two"
            ),
            (
                "    folder: \"a\\tb\"\n",
                "a folder's name is empty, too long or holds control characters"
            ),
        ])
    func refusesFolders(lines: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(text: Self.least + lines, path: "mutabik.yaml")
        }
        #expect(error?.message == "mailbox `bank`: \(message)")
    }

    @Test("moves mails to a folder of any name")
    func movesAnywhere() throws {
        let care = "    after_care:\n      move_to: Ödemeler\n"
        let mailbox = try Configuration(text: Self.least + care, path: "mutabik.yaml").mailboxes
        #expect(mailbox.first?.afterCare != nil)
    }

    @Test("says what stands in it")
    func values() throws {
        let configuration = try Configuration(
            text: Self.least + """
                    port: 143
                    security: starttls
                    folder: Banka
                trust: {authserv_id: mx.example.org, dns: false, forwarders: [google.com]}
                events:
                  - {id: atolye, reference_prefix: KT, luma_event: evt-7Qp}
                  - {id: konser}
                luma: {api_key: {credential: luma-api-key}, send_email: false}
                """, path: "mutabik.yaml")
        let mailbox = try #require(configuration.mailboxes.first)
        #expect(
            mailbox.port == 143 && mailbox.security == "starttls" && mailbox.folders == ["Banka"])
        #expect(configuration.authservID == "mx.example.org" && !configuration.usesDNS)
        #expect(configuration.forwarders == ["google.com"])
        #expect(configuration.lumaEvents == [EventID("atolye"): "evt-7Qp"])
        #expect(configuration.referencePrefixes == [EventID("atolye"): "KT"])
        #expect(configuration.luma?.sendEmail == false)
        #expect(configuration.luma?.approvalsPerMinute == 15)
    }

    @Test(
        "refuses what it does not know, with the place and what to write",
        arguments: [
            (
                "colour: blue",
                "mutabik.yaml:8:1: unknown key `colour` in the file. Known: email, "
                    + "events, local_rules_directory, luma, mailboxes, master_key, matching, "
                    + "messages, netgsm, rules_directory, state_directory, tickets, trust"
            ),
            (
                "trust:\n  authserv: mx",
                "mutabik.yaml:9:3: unknown key `authserv` in `trust`. Known: authserv_id, "
                    + "dkim_keys_file, dns, dns_server, forwarders"
            ),
            (
                "    port: many",
                "mutabik.yaml:8:11: `mailboxes[1].port` is a whole number from 1 to 65535"
            ),
            (
                "    port: 70000",
                "mutabik.yaml:8:11: `mailboxes[1].port` is a whole number from 1 to 65535"
            ),
            (
                "    poll_seconds: 86",
                "mutabik.yaml:8:19: `mailboxes[1].poll_seconds` is a whole number from 1 to 85"
            ),
            (
                "    idle_renewal_seconds: 86",
                "mutabik.yaml:8:27: `mailboxes[1].idle_renewal_seconds` is a whole number from 5 to "
                    + "85"
            ),
            (
                "    security: ssl",
                "mutabik.yaml:8:15: `mailboxes[1].security` is one of: tls, starttls, none"
            ),
            ("trust: {dns: maybe}", "mutabik.yaml:8:14: `trust.dns` is true or false"),
            ("trust: {authserv_id: ~}", "mutabik.yaml:8:22: `trust.authserv_id` needs a text"),
            ("trust: {authserv_id: \"\"}", "mutabik.yaml:8:22: `trust.authserv_id` needs a text"),
            ("trust:", "mutabik.yaml:8:7: `trust` must hold `key: value` lines"),
            (
                "events: {id: a}",
                "mutabik.yaml:8:9: `events` is a list: each entry begins with `- `"
            ),
            (
                "luma: {send_email: true}",
                "mutabik.yaml:8:7: `luma.api_key` is missing. The calendar's API key (Luma Plus)."
            ),
            (
                "luma: {api_key: c2VjcmV0}",
                "mutabik.yaml:8:17: `luma.api_key` must not stand here itself; write "
                    + "{credential: NAME}, {file: PATH} or {environment: NAME}"
            ),
            (
                "luma: {api_key: {file: /a, credential: b}}",
                "mutabik.yaml:8:17: `luma.api_key` needs exactly one of credential, file, "
                    + "environment"
            ),
            (
                "luma: {api_key: {}}",
                "mutabik.yaml:8:17: `luma.api_key` needs exactly one of credential, file, "
                    + "environment"
            ),
            (
                "luma: {api_key: {file: /l}, approvals_per_minute: 0}",
                "mutabik.yaml:8:51: `luma.approvals_per_minute` is a whole number from 1 to 100000"
            ),
            (
                "    security: none",
                "mutabik.yaml: mailbox `bank`: security none is for loopback only; write tls"
            ),
            (
                "  - {name: bank, host: b, user: u, password: {file: /p}}",
                "mutabik.yaml: two mailboxes have the same `name`"
            ),
            (
                "events: [{id: a, reference_prefix: kt1}]",
                "mutabik.yaml: `reference_prefix` of event `a` is two capital letters"
            ),
            ("events: [{id: a}, {id: a}]", "mutabik.yaml: event `a` stands twice"),
            ("tickets: {sms: Merhaba}", "mutabik.yaml: `tickets.sms` must contain {link}"),
            (
                "messages: {channels: [sms, email]}",
                "mutabik.yaml: `messages.channels` names email, and the section `email` is missing"
            ),
            (
                "messages: {channels: [fax]}",
                "mutabik.yaml: `messages.channels` lists, each once: sms, email"
            ),
            (
                "events: [{id: a, channels: [sms, sms]}]",
                "mutabik.yaml: `channels` of event `a` lists, each once: sms, email"
            ),
            (
                Self.paid + "pay_link: 'javascript:alert(1)'}]",
                "mutabik.yaml: `pay_link` of event `a` is an address such as "
                    + "https://example.org/ode"
            ),
            (
                Self.paid + "pay_link: example.org/ode}]",
                "mutabik.yaml: `pay_link` of event `a` is an address such as "
                    + "https://example.org/ode"
            ),
            (
                Self.paid + "instructions_text: '{amount} {code} {tutar}'}]",
                "mutabik.yaml: in the texts of event `a` only this stands in braces: {amount}, "
                    + "{iban}, {holder}, {code}, {link}, {deadline}"
            ),
            (
                Self.paid + "pay_within_hours: 48, remind_after_hours: [24, 48]}]",
                "mutabik.yaml: `remind_after_hours` of event `a` lists hours before the end of "
                    + "`pay_within_hours`"
            ),
            (
                "email: {host: mail.example.org, from: bilet}",
                "mutabik.yaml: `email.from` is an address such as bilet@example.org"
            ),
            (
                "email: {host: mail.example.org, from: b@example.org, security: none}",
                "mutabik.yaml: `email.security` may be none only for a server on this machine"
            ),
            (
                "email: {host: mail.example.org, from: b@example.org, user: b}",
                "mutabik.yaml: `email.user` and `email.password` belong together"
            ),
            (
                "email: {host: mail.example.org, from: b@example.org, headers: ['Bcc: x@y.z']}",
                "mutabik.yaml: `email.headers` lists `Name: value` in plain letters, and none that "
                    + "every mail has already"
            ),
        ])
    func refuses(added: String, message: String) {
        #expect(self.message(Self.least + added + "\n") == message)
    }

    @Test(
        "refuses a whole that is none",
        arguments: [
            ("", "mutabik.yaml: the file is empty; `mutabik config describe` prints a sample"),
            ("- a\n- b\n", "mutabik.yaml:1:1: the file must hold `key: value` lines"),
            (
                "mailboxes: []\n",
                "mutabik.yaml:1:1: `master_key` is missing. 32 bytes in base64 that unlock the "
                    + "ledger (openssl rand -base64 32). Keep a copy apart from the backups: "
                    + "without it they are unreadable."
            ),
            (
                "master_key: {file: /k}\nmailboxes: []\nmatching: {own_accounts: any, "
                    + "own_addresses: any}\n",
                "mutabik.yaml: `mailboxes` lists no mailbox"
            ),
            (
                "master_key: {file: /k}\nmailboxes:\n\t- name: bank\n",
                "mutabik.yaml:3:1: not readable as YAML: found character that cannot start any "
                    + "token; indent with blanks, not tabs"
            ),
            (
                "master_key: {file: /k}\nmaster_key: {file: /z}\n",
                "mutabik.yaml:1:1: `master_key` stands twice in this section"
            ),
            (
                "master_key: {file: /k\nmailboxes:\n",
                "mutabik.yaml:2:10: not readable as YAML: did not find expected ',' or '}'"
            ),
        ])
    func refusesWhole(text: String, message: String) {
        #expect(self.message(text) == message)
    }

    @Test("never repeats what stands in the file, where a secret may be")
    func keepsQuiet() {
        let secret = "cok-gizli-parola"
        for text in [
            "master_key: \(secret)\n", "a: \(secret)\na: \(secret)\n",
            Self.least + "    port: \(secret)\n", Self.least + "luma: {api_key: \(secret)}\n",
        ] {
            let message = message(text) ?? "it was read"
            #expect(message != "it was read")
            #expect(!message.contains(secret), "\(message)")
        }
    }

    @Test("lets a mailbox without TLS be on this machine", arguments: ["localhost", "127.0.0.1"])
    func loopback(host: String) {
        let text = Self.least.replacing("imap.example.org", with: host) + "    security: none\n"
        #expect(message(text) == nil)
    }

    @Test("is the sample, and the sample with every line in force")
    func sample() {
        let sample = SettingsSample.text(SettingsSchema.all)
        #expect(message(sample) == nil)
        let whole = sample.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let blanks = line.prefix { $0 == " " }
            let rest = line.dropFirst(blanks.count)
            let isSetting = rest.hasPrefix("#") && !rest.hasPrefix("#:") && !rest.hasPrefix("# ")
            return isSetting ? blanks + rest.dropFirst() : line
        }.joined(separator: "\n")
        #expect(whole != sample)
        // These lines exclude others.
        let possible = whole.replacing("    password: {credential: imap-password}\n", with: "")
            .replacing("    folder: Ödemeler\n", with: "")
            .replacing("provider: microsoft", with: "provider: other")
        #expect(message(possible) == nil)
    }
}
