// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Sandbox
import Testing

/// `mutabik replay` as an operator runs it.
@Suite("A replay", .serialized, .timeLimit(.minutes(10)))
struct ReplayTests {
    /// A season of all banks in every form that a mailbox is kept in.
    private final class Shelf {
        let folder: URL
        let season: SampleSeason
        static let guests = 28

        init() throws {
            folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("replay-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("eml"), withIntermediateDirectories: true)
            season = SampleSeason(seed: 3, count: Self.guests)
            let bank = try SampleBank()
            for layout in [SampleFiles.Layout.mbox, .maildir] {
                try SampleFiles.write(
                    season, bank: bank, attacks: true, as: layout, to: folder.path)
            }
            for (number, mail) in season.mails(attacks: true).enumerated() {
                let name = "eml/\(1_000 + number).eml"
                try Data(bank.mail(mail.transfer, mail.variant))
                    .write(to: folder.appendingPathComponent(name))
            }
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// Runs a replay; relative paths are below the folder.
        func replay(
            _ arguments: [String], environment: [String: String] = [:]
        ) async throws -> Program.End {
            try await Program.run(
                "mutabik", ["replay"] + arguments, in: folder, environment: environment)
        }

        static let inputs = [
            "--rules", Site.rules, "--registrations", "registrations.csv", "--dkim-keys",
            "keys.tsv", "--json",
        ]
    }

    private typealias Line = [String: Any]

    private static func objects(_ end: Program.End) throws -> [Line] {
        try end.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Line)
        }
    }

    @Test("decides alike on an mbox, a Maildir and single files")
    func layouts() async throws {
        let shelf = try Shelf()
        var texts: [[String]] = []
        for path in ["season.mbox", "Maildir", "eml"] {
            let end = try await shelf.replay(Shelf.inputs + [path])
            #expect(end.status == 0, "\(end.errors)")
            // "source" is the first key of each line.
            texts.append(
                end.lines.map { $0.replacing(/^\{"source":"[^"]*",/, with: "{") })
        }
        // A Maildir is read by the names of its files, which put the forgeries between the others.
        #expect(texts[1].sorted() == texts[0].sorted())
        #expect(texts[2] == texts[0])
        #expect(texts.map(\.count) == [Shelf.guests, Shelf.guests, Shelf.guests])
        #expect(texts[0].count { $0.contains(#""verdict":"approve""#) } > Shelf.guests / 2)
    }

    private static let keys: Set<String> = [
        "source", "message_id", "received_at", "outcome", "rule", "trust", "trust_by", "dmarc",
        "payment",
        "verdict", "reasons", "effects", "explanation",
    ]
    private static let sometimes: Set<String> = [
        "registration", "registrations", "movement", "candidates", "notes",
    ]
    private static let paymentKeys: Set<String> = [
        "amount_minor", "currency", "payer", "reference", "description", "occurred_at",
        "time_from", "transaction_id", "id_from",
    ]

    @Test("writes the documented keys and words, and approves whom the mails name")
    func contents() async throws {
        let shelf = try Shelf()
        let end = try await shelf.replay(Shelf.inputs + ["season.mbox"])
        let lines = try Self.objects(end)
        #expect(lines.count == Shelf.guests)
        for line in lines {
            let keys = Set(line.keys)
            #expect(Self.keys.isSubset(of: keys))
            #expect(keys.subtracting(Self.keys).isSubset(of: Self.sometimes))
            #expect(keys.contains("registration") != keys.contains("registrations"))
            #expect(MailOutcome(rawValue: line["outcome"] as? String ?? "") != nil)
            #expect(Verdict.Kind(rawValue: line["verdict"] as? String ?? "") != nil)
            #expect(Trust(rawValue: line["trust"] as? String ?? "") != nil)
            for reason in line["reasons"] as? [String] ?? [] {
                #expect(Reason(rawValue: reason) != nil)
            }
            if let payment = line["payment"] as? Line {
                #expect(Set(payment.keys) == Self.paymentKeys)
            }
        }
        // Each genuine mail approves its guest, in the order of arrival; no other approves any.
        let mails = shelf.season.mails(attacks: true)
        let arrivals = shelf.season.arrivals
        for (mail, line) in zip(mails, lines) {
            let owner = arrivals.first { $0.transfer == mail.transfer }?.registration.id.text
            let isGenuine = mail.variant == .genuine
            #expect(line["registration"] as? String == (isGenuine ? owner : nil))
            #expect((line["verdict"] as? String == "approve") == isGenuine)
            #expect(
                line["effects"] as? [String] == (isGenuine ? ["luma.approve", "ticket.sms"] : []))
        }
    }

    @Test("takes the second of two equal files for copies")
    func twice() async throws {
        let shelf = try Shelf()
        let once = try await shelf.replay(Shelf.inputs + ["season.mbox"])
        let twice = try await shelf.replay(Shelf.inputs + ["season.mbox", "season.mbox"])
        #expect(twice.status == 0)
        #expect(Array(twice.lines.prefix(Shelf.guests)) == once.lines)
        let copies = try Self.objects(twice).dropFirst(Shelf.guests)
        #expect(copies.count == Shelf.guests)
        for copy in copies {
            #expect(copy["verdict"] as? String == "duplicate")
            #expect(copy["reasons"] as? [String] == ["seen_before"])
            #expect((copy["effects"] as? [String])?.isEmpty == true)
        }
    }

    @Test("is the same each time, and tells a person at the end what it came to")
    func repeatable() async throws {
        let shelf = try Shelf()
        let inputs = Shelf.inputs.filter { $0 != "--json" } + ["season.mbox"]
        let first = try await shelf.replay(inputs, environment: ["LANG": "tr_TR.UTF-8"])
        let second = try await shelf.replay(inputs, environment: ["LANG": "tr_TR.UTF-8"])
        #expect(first.output == second.output)
        #expect(first.output.contains("\(Shelf.guests) e-posta"))
        #expect(first.output.contains("hiçbir şey gönderilmedi"))
        #expect(!first.output.contains("\u{1B}"))
        let english = try await shelf.replay(inputs)
        #expect(english.output.contains("nothing was sent"))
    }

    @Test("takes what is ours from its options, and says at the end what it was not told")
    func own() async throws {
        let shelf = try Shelf()
        let inputs = Shelf.inputs.filter { $0 != "--json" } + ["season.mbox"]
        let accounts = SampleBank.accounts.flatMap { ["--own-account", $0] }
        let address = ["--own-address", SampleBank.recipient]
        let whole = try await shelf.replay(Shelf.inputs + accounts + address + ["season.mbox"])
        let any = try await shelf.replay(Shelf.inputs + ["season.mbox"])
        // Nobody but us got money in this season.
        #expect(whole.lines == any.lines && any.status == 0)
        let told = try await shelf.replay(accounts + address + inputs)
        #expect(!told.output.contains("--own"))
        let untold = try await shelf.replay(inputs)
        #expect(
            untold.lines.last
                == "Money of strangers counts here, too: name what is yours with --own-account, "
                + "--own-address.")
        let half = try await shelf.replay(
            address + inputs, environment: ["LANG": "tr_TR.UTF-8"])
        #expect(
            half.lines.last
                == "Başkasına gelen para da sayıldı; size ait olanı belirtin: --own-account.")
        let others = ["--own-account", "733-****120", "--own-address", "x@baska.example"]
        let strange = try Self.objects(
            await shelf.replay(Shelf.inputs + others + ["season.mbox"]))
        #expect(strange.count == Shelf.guests)
        #expect(strange.allSatisfy { ($0["effects"] as? [String]) == [] })
        let reasons = Set(strange.compactMap { ($0["reasons"] as? [String])?.first })
        #expect(reasons.isSuperset(of: ["foreign_account", "account_unknown"]))
    }

    @Test("leaves nothing behind, and needs no network")
    func sendsNothing() async throws {
        let shelf = try Shelf()
        let before = try FileManager.default.subpathsOfDirectory(atPath: shelf.folder.path)
        let sandbox = try await SandboxServer.start(
            SandboxOptions(
                lumaKey: Secret("sandbox-luma-key"), netgsmUser: "8500000000",
                netgsmPassword: Secret("sandbox-password"), netgsmHeader: "MUTABIK"))
        let end = try await shelf.replay(
            Shelf.inputs + ["season.mbox"],
            environment: ["http_proxy": sandbox.url, "https_proxy": sandbox.url])
        #expect(end.status == 0)
        #expect(try await sandbox.look().requests.isEmpty)
        await sandbox.stop()
        // In a network of its own, in which not even loopback is up, where the kernel grants one.
        let alone = try await Program.run(
            "/usr/bin/unshare",
            ["-rn", Program.path("mutabik"), "replay"] + Shelf.inputs
                + ["season.mbox"], in: shelf.folder)
        if !alone.errors.hasPrefix("unshare: ") {
            #expect(alone.status == 0)
            #expect(alone.output == end.output)
        }
        let after = try FileManager.default.subpathsOfDirectory(atPath: shelf.folder.path)
            .filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }
        #expect(Set(after) == Set(before))
    }

    @Test("says what is missing, and ends with the status of the mistake")
    func mistakes() async throws {
        let shelf = try Shelf()
        try Data([0, 1, 2, 3]).write(to: shelf.folder.appendingPathComponent("noise.mbox"))
        try Data("no tab".utf8).write(to: shelf.folder.appendingPathComponent("bad.tsv"))
        try Data("id,event\n".utf8).write(to: shelf.folder.appendingPathComponent("bad.csv"))
        let rules = ["--rules", Site.rules]
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (rules + ["missing.mbox"], 65, "missing.mbox"),
            (rules + ["noise.mbox"], 65, "noise.mbox"),
            (rules + ["--registrations", "bad.csv", "season.mbox"], 65, "bad.csv:1:1: "),
            (rules + ["--registrations", "none.csv", "season.mbox"], 65, "none.csv: "),
            (rules + ["--dkim-keys", "bad.tsv", "season.mbox"], 78, "bad.tsv:1:1: expected"),
            (rules + ["--dkim-keys", "none.tsv", "season.mbox"], 78, "none.tsv: "),
            (["--rules", "none", "season.mbox"], 78, "the rules directory cannot be read"),
            (rules, 64, "Missing expected argument"),
            (rules + ["--own-account", "***", "season.mbox"], 64, "one of them shows no digit"),
            (rules + ["--own-address", "kasa", "season.mbox"], 64, "one of them is no address"),
            (rules + ["--colour", "season.mbox"], 64, "Unknown option"),
        ]
        for wrong in cases {
            let end = try await shelf.replay(wrong.arguments)
            #expect(end.status == wrong.status, "\(wrong.arguments)")
            #expect(end.errors.contains(wrong.message), "\(end.errors)")
        }
    }
}
