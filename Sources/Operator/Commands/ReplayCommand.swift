// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Cryptography
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Mailbox
internal import Matching
internal import Rules
internal import Wire

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs saved mail through the agent's own pipeline. Nothing can be sent.",
        discussion: """
            Reads mbox files, Maildirs, .eml files and folders of them; - is standard input.
            The ledger is a temporary one: the real one is neither read nor changed.
            """)

    @Option(name: .customLong("rules"), help: "The rules directory.")
    var rulesDirectory = "/etc/mutabik/rules"

    @Option(help: "The folder of your own rules beside it.")
    var localRules: String?

    @Option(help: "A CSV file of registrations to match against.")
    var registrations: String?

    @Option(
        help:
            "DKIM keys: selector._domainkey.domain, a tab, the TXT record; DMARC policies likewise under _dmarc.domain. DNS is not asked."
    )
    var dkimKeys: String?

    @Option(help: "The host whose first Authentication-Results header is believed.")
    var trustAuthserv: String?

    @Option(help: "A forwarder whose sealed word (ARC) counts, such as google.com. Repeatable.")
    var trustForwarder: [String] = []

    @OptionGroup var own: OwnOptions

    @Option(
        help: "Another rules directory: only what it decides differently is shown, exit code 1.")
    var compare: String?

    @Option(help: "The folder of own rules beside the other directory.")
    var compareLocalRules: String?

    @Flag(help: "One JSON object per mail on a line of its own.")
    var json = false

    @Argument(help: "Saved mailboxes.")
    var mailboxes: [String]

    /// Mails that are read by one task and settled in one go.
    private static let lotMails = 128
    /// Lots that are under way at once: enough for every core while an earlier one is settled.
    private static let lotsMax = 8
    /// Bytes of mail in memory, give or take one mail.
    private static let bytesMax = 32 << 20

    func run() async throws {
        LargeBlocks.giveBack()
        let environment = ProcessInfo.processInfo.environment
        let (rules, problems) = try RuleDirectory(path: rulesDirectory, local: localRules).compile()
        for problem in problems { Terminal.error(Manner.ofProcess.text(of: problem)) }
        guard rules.fileCount > 0 else {
            throw ConfigurationError(
                path: rulesDirectory, line: 0, column: 0,
                message: Manner.ofProcess.pick(
                    "no rule file could be loaded; name another folder with --rules",
                    "yüklenebilen kural dosyası yok; --rules ile başka klasör verin"))
        }
        if let compare {
            return try await self.compare(rules, with: compare, problemsBefore: problems.count)
        }
        let ledger = try LedgerDatabase.temporary(
            masterKey: .random())
        // Meanwhile the first mails are read; they are settled only afterwards.
        let imported = Task { [registrations] in
            guard let registrations else { return }
            let entries = try RegistrationFile.load(registrations, prefixes: [:], now: Date())
            _ = try ledger.write {
                try RegistrationImport.insert(entries, path: registrations, in: $0)
            }
        }
        let replay = Replay(
            reader: MailReader(
                rules: rules,
                authenticator: Authenticator(
                    trustedAuthserv: trustAuthserv, trustedForwarders: trustForwarder),
                readPDF: PDFProgram.reader()),
            pipeline: PaymentPipeline(matcher: Matcher(policy: own.policy)),
            ledger: ledger, now: Date(), keys: try keys())
        var summary = ReplaySummary()
        let trace = MailTrace(language: Language(environment: environment))
        for path in mailboxes {
            try await self.replay(
                path, with: replay, after: imported, trace: trace, summary: &summary)
        }
        if !json {
            Terminal.line(summary.text(language: trace.language) + own.note(trace.language))
        }
        if summary.unreadableFiles > 0 {
            throw Failure(
                message: Manner.ofProcess.pick(
                    "\(summary.unreadableFiles.of("file")) could not be read",
                    "\(summary.unreadableFiles) dosya okunamadı"), code: .data)
        }
    }

    private func compare(
        _ rules: RuleBook, with folder: String, problemsBefore: Int
    ) async throws {
        let (others, problems) = try RuleDirectory(path: folder, local: compareLocalRules).compile()
        for problem in problems { Terminal.error(Manner.ofProcess.text(of: problem)) }
        guard others.fileCount > 0 else {
            throw ConfigurationError(
                path: folder, line: 0, column: 0,
                message: Manner.ofProcess.pick(
                    "no rule file could be loaded; name another folder with --compare",
                    "yüklenebilen kural dosyası yok; --compare ile başka klasör verin"))
        }
        let keys = try keys()
        let manner = Manner.ofProcess
        let comparison = ReplayComparison(
            before: try ReplayComparison.replay(rules: rules, like: self, keys: keys),
            after: try ReplayComparison.replay(rules: others, like: self, keys: keys),
            json: json, manner: manner, write: { Terminal.write($0) })
        let result = try await comparison.run(mailboxes)
        let broken = problemsBefore + problems.count
        // A count over rules that were left out says nothing.
        if !json, broken == 0 { Terminal.line(result.text(manner) + own.note(manner.language)) }
        if result.unreadableFiles > 0 {
            throw Failure(
                message: Manner.ofProcess.pick(
                    result.unreadableFiles == 1
                        ? "1 file could not be read"
                        : "\(result.unreadableFiles.of("file")) could not be read",
                    "\(result.unreadableFiles) dosya okunamadı"), code: .data)
        }
        if broken > 0 {
            throw Failure(
                message: manner.pick(
                    "rule files have problems (\(broken)), so not all rules were compared; correct "
                        + "what is named above",
                    "kural dosyalarında sorun var (\(broken)), kuralların hepsi karşılaştırılmadı; "
                        + "yukarıda sayılanları düzeltin"), code: .configuration)
        }
        if result.different > 0 {
            throw Failure(
                message: manner.pick(
                    "the rule sets differ on \(result.different) "
                        + (result.different == 1 ? "mail" : "mails"),
                    "iki kural kümesi \(result.different) e-postada ayrılıyor"), code: .negative)
        }
    }

    /// Some mails that are being read by a task of their own.
    private struct Lot {
        let bytes: Int
        let mails: Int
        /// How far the reading is behind the last of them.
        let bytesReadSoFar: Int64
        let read: Task<[Replay.ReadMail], Never>
    }

    private func replay(
        _ path: String, with replay: Replay, after imported: Task<Void, any Error>,
        trace: MailTrace, summary: inout ReplaySummary
    ) async throws {
        var mailbox: SavedMailbox
        do throws(MailboxError) {
            mailbox = try SavedMailbox(path: path)
        } catch {
            return tell(error, of: path, &summary)
        }
        let bar = ProgressBar(total: mailbox.totalBytes)
        defer { bar.clear() }
        let isPipe = mailbox.totalBytes == nil
        var (mailsRead, bytesRead) = (0, Int64(0))
        var lots: [Lot] = []
        var isAtEnd = false
        while true {
            while !isAtEnd, lots.count < Self.lotsMax,
                lots.reduce(0, { $0 + $1.bytes }) < Self.bytesMax
            {
                guard let lot = lot(&mailbox, replay, path, &summary) else {
                    isAtEnd = true
                    break
                }
                lots.append(lot)
                mailsRead += lot.mails
                // A pipe may be slow: there, what was read counts, not what is settled.
                bytesRead = lot.bytesReadSoFar
                if isPipe { bar.advance(to: bytesRead, mails: mailsRead) }
            }
            guard !lots.isEmpty else { break }
            let lot = lots.removeFirst()
            try await imported.value
            let reports = try await replay.settle(await lot.read.value)
            var output = ""
            for report in reports {
                summary.count(report)
                output +=
                    json
                    ? report.json.finished
                    : trace.head(report) + "\n"
                        + trace.decision(report, indent: "    ")
                output += "\n"
            }
            bar.clear()
            Terminal.write(output)
            bar.advance(
                to: isPipe ? bytesRead : lot.bytesReadSoFar,
                mails: isPipe ? mailsRead : summary.mails)
        }
        try await imported.value
    }

    private func lot(
        _ mailbox: inout SavedMailbox, _ replay: Replay, _ path: String,
        _ summary: inout ReplaySummary
    ) -> Lot? {
        var mails: [SavedMail] = []
        var bytes = 0
        while mails.count < Self.lotMails, bytes < Self.bytesMax {
            do throws(MailboxError) {
                guard let mail = try mailbox.next() else { break }
                if let remark = mail.remark {
                    Terminal.error("mutabik: \(path): " + Language.ofProcess.text(of: remark))
                }
                bytes += mail.raw.count
                mails.append(mail)
            } catch {
                // One file that cannot be read does not keep the others from being read.
                tell(error, of: path, &summary)
            }
        }
        guard let last = mails.last else { return nil }
        return Lot(
            bytes: bytes, mails: mails.count, bytesReadSoFar: last.bytesReadSoFar,
            read: Task { [mails] in replay.read(mails) })
    }

    private func tell(
        _ error: MailboxError, of path: String, _ summary: inout ReplaySummary
    ) {
        Terminal.error("mutabik: \(path): " + Language.ofProcess.text(of: error))
        summary.unreadableFiles += 1
    }

    private func keys() throws -> @Sendable (String) -> KeyAnswer {
        if let dkimKeys {
            let ring = KeyRing(file: try KeyFile.read(dkimKeys), resolver: nil)
            return { ring.answer($0) }
        }
        let cache = KeyCache(resolver: KeyResolver())
        // What a domain asks for today says nothing about the day of an old mail.
        return { $0.hasPrefix(DMARC.prefix) ? .unavailable : cache.answer($0) }
    }
}
