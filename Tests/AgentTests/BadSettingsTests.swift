// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Settings, rules, keys and files that cannot work, as the one who wrote them meets them.
@Suite("Bad settings", .serialized, .timeLimit(.minutes(10)))
struct BadSettingsTests {
    // MARK: - The mail server

    @Test("A wrong password is named, and not tried again and again")
    func wrongPassword() async throws {
        let site = try await Site(guests: 0)
        try site.write("guessed", to: "imap.password")
        let agent = try site.start()
        try await eventually("the agent says so") {
            agent.errors.contains("user or password refused: ")
        }
        let end = try await agent.stop()
        #expect(end.status == 0)
        #expect(end.errors.contains("again in 30 min"))
        #expect(!end.errors.contains("guessed"))
        let log = try String(
            contentsOf: site.mailbox.folder.appendingPathComponent("log"), encoding: .utf8)
        let tries = log.matches(of: /auth failed, (\d+) attempts/)
            .compactMap { Int($0.1) }.reduce(0, +)
        #expect((1...2).contains(tries), "\(log)")
        await site.sandbox.stop()
    }

    @Test("A certificate of another authority is named, and nothing is read")
    func wrongCertificate() async throws {
        let site = try await Site(guests: 1)
        var settings = Site.Settings()
        settings.caFile = site.path("other.pem")
        let other = try Dovecot()
        try withExtendedLifetime(other) {
            try FileManager.default.copyItem(atPath: other.caFile, toPath: settings.caFile ?? "")
        }
        try site.configure(settings)
        try site.deliver(0)
        let agent = try site.start()
        try await eventually("the agent says so") { agent.errors.contains("certificate refused: ") }
        #expect(try await agent.stop().status == 0)
        #expect(try site.read { try $0.mails(limit: 10) }.isEmpty)
        await site.sandbox.stop()
    }

    // MARK: - Rules

    @Test("Rule files that are wrong or unreadable are named by place; the others are in force")
    func brokenRules() async throws {
        let site = try await Site(guests: 1)
        var settings = Site.Settings()
        settings.rules = site.path("rules")
        try site.configure(settings)
        let manager = FileManager.default
        try manager.copyItem(atPath: Site.rules, toPath: settings.rules)
        let akbank = settings.rules + "/akbank/rule.yaml"
        let text = try String(contentsOfFile: akbank, encoding: .utf8)
        try (text + "\ncolour: red\n").write(toFile: akbank, atomically: true, encoding: .utf8)
        let papara = settings.rules + "/papara/rule.yaml"
        try manager.removeItem(atPath: papara)
        try manager.createSymbolicLink(atPath: papara, withDestinationPath: "/nowhere")
        try site.deliver(0)
        let agent = try site.start()
        try await eventually("the other rules are in force") { try await site.areServed([0]) }
        let end = try await agent.stop()
        #expect(end.status == 0)
        #expect(end.errors.contains(/akbank\/rule\.yaml:\d+:1: .*colour/))
        #expect(end.errors.contains("papara/rule.yaml:1:1: the file cannot be read"))
        await site.sandbox.stop()
    }

    @Test("Without any rule in force the agent does not start, and is not to be restarted")
    func noRules() async throws {
        let site = try await Site(guests: 0)
        var settings = Site.Settings()
        settings.rules = site.path("rules")
        try site.configure(settings)
        let missing = try await site.start().end()
        #expect(missing.status == 78)
        #expect(missing.errors.contains("the rules directory cannot be read"))

        try FileManager.default.createDirectory(
            atPath: settings.rules, withIntermediateDirectories: true)
        try site.write("id: [", to: "rules/only.yaml")
        let broken = try await site.start().end()
        #expect(broken.status == 78)
        #expect(broken.errors.contains(/only\.yaml:\d+:\d+:/))
        #expect(broken.errors.contains("no rule file could be loaded"))
        await site.sandbox.stop()
    }

    // MARK: - Two agents

    @Test("A second agent on the same ledger ends at once, and the first goes on")
    func secondAgent() async throws {
        let site = try await Site(guests: 1)
        let first = try site.start()
        try await eventually("the first is connected") { first.errors.contains("connected") }
        let second = try await site.start().end()
        #expect(second.status == 75)
        try site.deliver(0)
        try await eventually("the first goes on") { try await site.areServed([0]) }
        #expect(try await first.stop().status == 0)
        try await site.expectServed([0])
        await site.sandbox.stop()
    }

    // MARK: - Configuration and keys

    /// What is replaced in the configuration, and what is then said, after the file's name.
    private static let mistakes: [(old: String, new: String, message: String)] = [
        ("tickets:", "colour: red\ntickets:", #":\d+:1: unknown key `colour` in the file"#),
        ("    user: inbox", "    usr: inbox", #":\d+:5: unknown key `usr` in `mailboxes\[1\]`"#),
        ("poll_seconds: 1", "poll_seconds: often", #":\d+:19: `.*poll_seconds` is a whole number"#),
        ("poll_seconds: 1", "poll_seconds: 0", #":\d+:19: .* from 1 to 85"#),
        ("dns: false", "dns: perhaps", #":\d+:\d+: `trust\.dns` is true or false"#),
        ("mailboxes:\n", "mailboxes: bank\nluma2:\n", #":\d+:\d+: "#),
        (
            "api_key: {file", "api_key: luma-key-in-the-open #",
            #":\d+:12: `luma\.api_key` must not stand here itself"#
        ),
        ("header: MUTABIK", "header: [MUTABIK", #":\d+:\d+: not readable as YAML"#),
        ("luma:\n", "luma:\n\tsend_email: true\n", #":\d+:\d+: .*indent with blanks"#),
        ("host: localhost", "#", #":\d+:\d+: `mailboxes\[1\]\.host` is missing"#),
        ("master_key", "#", #":\d+:\d+: `master_key` is missing"#),
        ("own_addresses", "code: review} #", #":\d+:\d+: `matching\.own_addresses` is missing"#),
        ("port:", "security: none\n    port:", ""),
    ]

    @Test("A mistake in the configuration is named by line and column; status 78 stops restarts")
    func badConfiguration() async throws {
        let site = try await Site(guests: 0)
        let good = try String(contentsOfFile: site.configurationPath, encoding: .utf8)
        for mistake in Self.mistakes where !mistake.message.isEmpty {
            let bad = good.replacingOccurrences(of: mistake.old, with: mistake.new)
            try #require(bad != good)
            try site.write(bad, to: "mutabik.yaml")
            let pattern = try Regex("mutabik\\.yaml" + mistake.message)
            for command in [["run"], ["config", "check"], ["status"]] {
                let end = try await site.mutabik(command + ["--config", site.configurationPath])
                #expect(end.status == 78, "\(mistake.new)")
                #expect(end.errors.contains(pattern), "\(mistake.new): \(end.errors)")
                #expect(!end.errors.contains("luma-key-in-the-open"))
            }
        }
        await site.sandbox.stop()
    }

    @Test("A wrong, broken or missing master key stops the agent with status 78")
    func masterKey() async throws {
        let site = try await Site(guests: 0)
        let cases = [
            (Base64.encode(try SealingKey.random().export()), "the master key does not fit"),
            ("c2hvcnQ=", "not 32 bytes in base64"), ("", "the file of the secret is empty"),
        ]
        for (key, message) in cases {
            try site.write(key, to: "master.key")
            let end = try await site.start().end()
            #expect(end.status == 78)
            #expect(end.errors.contains(message), "\(end.errors)")
            #expect(key.isEmpty || !end.errors.contains(key))
        }
        try FileManager.default.removeItem(atPath: site.path("master.key"))
        let end = try await site.start().end()
        #expect(end.status == 78)
        #expect(end.errors.contains("master.key: the secret cannot be read"))
        await site.sandbox.stop()
    }
}
