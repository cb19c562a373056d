// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import MailServer
import Sandbox
import TestSupport
import Testing

/// Everything around one agent: a real mail server, the stand-ins for Luma and Netgsm, a season of
/// guests who owe money, a configuration. All of it is gone with the object.
final class Site {
    let folder: URL
    let mailbox: Dovecot
    let sandbox: RunningSandbox
    let bank: SampleBank
    let season: SampleSeason
    let key: SealingKey

    /// - Parameters:
    ///   - guests: how many registered; each is pending on Luma.
    ///   - banks: whose customers they are.
    ///   - registered: how many of them the ledger knows; nil: all.
    ///   - mailbox: nil: one of its own, with a password.
    init(
        guests: Int, banks: [SampleBank.Bank] = [.garanti], registered: Int? = nil,
        seed: UInt64 = 1, mailbox: Dovecot? = nil
    ) async throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("agent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("state"), withIntermediateDirectories: true)
        self.mailbox = try mailbox ?? Dovecot()
        bank = try SampleBank()
        key = try SealingKey.random()
        // Mails carry dates; the last transfer was just now.
        season = SampleSeason(
            seed: seed, count: guests, start: Date() - Double(guests * 20 + 7_300),
            event: "evt-season", banks: banks)
        var options = SandboxOptions(
            lumaKey: Secret("sandbox-luma-key"), netgsmUser: "8500000000",
            netgsmPassword: Secret("sandbox-password"), netgsmHeader: "MUTABIK")
        options.guests = season.entries.map(\.guest)
        options.lumaRequestsPerMinute = 0
        options.netgsmSendsPerMinute = 0
        options.netgsmReportsPerMinute = 0
        options.deliveryDelay = .zero
        sandbox = try await SandboxServer.start(options)
        try write(Base64.encode(key.export()), to: "master.key")
        try write(self.mailbox.password, to: "imap.password")
        try write("sandbox-luma-key", to: "luma.key")
        try write("sandbox-password", to: "netgsm.password")
        try write(bank.keyFile, to: "keys.tsv")
        try configure()
        try write { books in
            for entry in self.season.entries.prefix(registered ?? guests) {
                try books.insert(entry.registration)
            }
        }
    }

    /// Lies over the state folder, when there is one.
    var disk: SmallDisk?

    deinit {
        disk = nil
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - Configuration

    var configurationPath: String { path("mutabik.yaml") }

    /// The shipped rules.
    static let rules = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("rules").path

    /// What a test writes differently.
    struct Settings {
        var rules = Site.rules
        var caFile: String?
        var trust = "dkim_keys_file: keys.tsv, dns: false"
        var own = "own_accounts: \(SampleBank.accounts), own_addresses: [\(SampleBank.recipient)]"
        var folders = "[INBOX]"
        /// `flag: …, move_to: …`
        var afterCare: String?
        /// Instead of the password.
        var oauth: String?
        /// Takes the messages instead of Netgsm.
        var mailServer: MailServer?
    }

    /// Writes the configuration: an agent in a hurry, but for that the usual one.
    func configure(_ settings: Settings = Settings()) throws {
        let trust = settings.trust.replacingOccurrences(of: "keys.tsv", with: path("keys.tsv"))
        let proof =
            settings.oauth.map { "oauth: {\($0)}" } ?? "password: {file: \(path("imap.password"))}"
        let care = settings.afterCare.map { "after_care: {\($0)}" } ?? "# it is only read"
        let mail =
            settings.mailServer.map { server in
                """
                messages: {channels: [email, sms]}
                email:
                  host: 127.0.0.1
                  port: \(server.port)
                  security: none
                  from: bilet@etkinlik.example
                  sends_per_minute: 100000
                  repeat_after_seconds: 1
                """
            } ?? "# messages go by SMS"
        try write(
            """
            state_directory: \(path("state"))
            rules_directory: \(settings.rules)
            master_key: {file: \(path("master.key"))}
            mailboxes:
              - name: bank
                host: localhost
                port: \(mailbox.tlsPort)
                user: \(mailbox.user)
                \(proof)
                \(care)
                ca_file: \(settings.caFile ?? mailbox.caFile)
                folders: \(settings.folders)
                poll_seconds: 1
                idle_renewal_seconds: 5
            trust: {\(trust)}
            matching: {\(settings.own)}
            luma:
              api_key: {file: \(path("luma.key"))}
              base_url: \(sandbox.url)
              approvals_per_minute: 100000
            netgsm:
              user: "8500000000"
              password: {file: \(path("netgsm.password"))}
              header: MUTABIK
              base_url: \(sandbox.url)
              sends_per_minute: 100000
              reconcile_after_seconds: 1
              reconcile_again_seconds: 1
            tickets:
              base_url: \(sandbox.url)/ticket
            \(mail)
            """, to: "mutabik.yaml")
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    // MARK: - Mail

    /// The mail that tells of a guest's transfer.
    func mail(_ guest: Int, _ variant: SampleBank.Variant = .genuine) throws -> [UInt8] {
        try bank.mail(season.entries[guest].transfer, variant)
    }

    func deliver(_ guest: Int, _ variant: SampleBank.Variant = .genuine) throws {
        try mailbox.deliver(mail(guest, variant))
    }

    // MARK: - The agent

    /// `mutabik run` as systemd starts it.
    func start(environment: [String: String] = [:]) throws -> Program {
        try Program(
            "mutabik", ["run", "--config", configurationPath], in: folder,
            environment: environment)
    }

    /// Any other command.
    func mutabik(_ arguments: [String]) async throws -> Program.End {
        try await Program.run("mutabik", arguments, in: folder)
    }

    // MARK: - What became of it

    /// Opens the ledger for this one look, so that no process but the agent keeps it alive.
    func read<T>(_ body: (LedgerTransaction) throws -> T) throws -> T {
        let ledger = try LedgerDatabase(path: path("state/ledger.sqlite"), masterKey: key)
        defer { try? ledger.close() }
        return try ledger.read(body)
    }

    /// Whether so many mails are in the ledger, and all of them read.
    func hasRead(_ mails: Int) throws -> Bool {
        try read { books in
            let all = try books.mails(limit: mails + 1)
            return all.count == mails && all.allSatisfy { $0.reading.state != .stored }
        }
    }

    /// Looks into a copy of the ledger: opening the ledger itself would mend what a crash left.
    func readCopy<T>(_ body: (LedgerTransaction) throws -> T) throws -> T {
        let (files, state, copy) = (FileManager.default, path("state"), path("copy"))
        try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: copy) }
        for name in ["ledger.sqlite", "ledger.sqlite-wal"]
        where files.fileExists(atPath: "\(state)/\(name)") {
            try files.copyItem(atPath: "\(state)/\(name)", toPath: "\(copy)/\(name)")
        }
        let ledger = try LedgerDatabase(path: "\(copy)/ledger.sqlite", masterKey: key)
        defer { try? ledger.close() }
        return try ledger.read(body)
    }

    func write<T>(_ body: (LedgerTransaction) throws -> T) throws -> T {
        let ledger = try LedgerDatabase(path: path("state/ledger.sqlite"), masterKey: key)
        defer { try? ledger.close() }
        return try ledger.write(body)
    }

    /// Every guest of these has been approved, and texted.
    func areServed(_ guests: some Sequence<Int>) async throws -> Bool {
        let state = try await sandbox.look()
        return guests.allSatisfy { guest in
            let registration = season.entries[guest].registration
            return state.guests[registration.id.text]?.approvals ?? 0 > 0
                && state.messages[registration.phone?.digits ?? ""] != nil
        }
    }
}

// MARK: - After a crash

extension Site {
    /// The states of effects that the agent is not through with.
    static let inHand: [EffectState] = [.ready, .running, .waiting, .unknown]

    /// A message whose sending two crashes interrupted is left to a person rather than sent a third
    /// time. The person sees that none arrived and lets it go. True when there was such a message.
    func answerForLostMessages() async throws -> Bool {
        let lost = try read { try $0.effects(in: [.dead], limit: 1_000) }
        let texted = try await sandbox.look().messages
        for effect in lost {
            try #require(effect.lastError == "netgsm_lost_twice")
            let phone = try read { try $0.registration(effect.effect.registration)?.phone }
            #expect(try texted[#require(phone).digits] == nil)
            try write { try $0.rearm(effect.key, at: Date()) }
        }
        return !lost.isEmpty
    }
}
