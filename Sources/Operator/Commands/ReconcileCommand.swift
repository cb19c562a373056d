// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Cryptography
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Statements

extension PaymentsCommand {
    struct Reconcile: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares the bank's statement with what its mails told.",
            discussion: """
                Reads MT940, CAMT.053 and, with --mapping, CSV. Says what only the mails know, \
                what only the bank knows, and what both know. With --apply, a line that a mail \
                told of is joined to its payment, and one that no mail told of becomes a payment, \
                is matched and may approve: you answer for the file. The same line is never \
                counted twice. What is uncertain is left alone until you say it with --pair or \
                --new. Exit code 1: something is uncertain, only mails know of it, or a line that \
                you named was applied meanwhile; 65: what you named does not fit.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "Files of the bank.") var statements: [String]
        @Option(help: "How a CSV is to be read (YAML).") var mapping: String?
        @Option(help: "Whose statement it is, where the file does not say: one of own_accounts.")
        var account: String?
        @Option(help: "The first day to look at: 2026-11-01.") var from: String?
        @Option(help: "The last day.") var to: String?
        @Option(help: "LINE=PAYMENT: this line tells of that payment. As often as needed.")
        var pair: [LinePair] = []
        @Option(
            help:
                "LINE: neither a mail nor another statement told of it, it is a payment of its own."
        )
        var new: [Int] = []
        @Flag(help: "Book what is certain.") var apply = false
        @Flag(help: "Do not ask before --apply.") var yes = false

        func validate() throws {
            guard !statements.isEmpty else { throw ValidationError("Name a statement.") }
            guard !yes || apply else { throw ValidationError("--yes goes with --apply.") }
            guard choices.isEmpty || statements.count == 1 else {
                throw ValidationError("--pair and --new name lines of one statement.")
            }
            _ = try days()
        }

        func run() throws {
            let mapping = try mapping.map { path throws(Failure) in try MappingFile.load(path) }
            let configuration = try Configuration.load(options.list.config.path)
            let desk = StatementDesk(pipeline: configuration.pipeline)
            let ledger = try options.list.ledger()
            // A clock that stands before the last thing in the books is wrong.
            let written = try ledger.read { try $0.lastAuditTime() }
            let today = BankDay(of: max(Date(), written ?? Date()))
            let files = try statements.map { try StatementFile($0, mapping, account, today) }
            let days = try days()
            if apply { try confirm() }
            var isClear = true
            var earlier = StatementDesk.Earlier()
            for file in files {
                let asked = StatementDesk.File(
                    file.statements, sha256: file.sha256, days: days, choices: choices)
                let result =
                    apply
                    ? try book(asked, desk, ledger)
                    : try ledger.read { try desk.compare(asked, after: &earlier, in: $0) }
                show(
                    ReconciliationText(
                        path: file.path, statements: file.statements, result: result,
                        isApplied: apply))
                isClear = isClear && result.isClear
            }
            guard isClear else { throw ExitCode(FailureCode.negative.rawValue) }
        }

        private var choices: [StatementChoice] {
            pair.map { .same(line: $0.line, payment: $0.payment) } + new.map { .new(line: $0) }
        }

        private func book(
            _ file: StatementDesk.File, _ desk: StatementDesk, _ ledger: LedgerDatabase
        ) throws -> Reconciliation {
            let lines = file.statements.flatMap(\.lines).filter {
                $0.isIncoming && file.days?.contains($0.booked) != false
            }
            let bar = ProgressBar(total: Int64(lines.count))
            defer { bar.clear() }
            return try desk.apply(file, by: options.actor, now: Date(), in: ledger) {
                done, total in
                bar.advance(to: Int64(done), label: "\(done) / \(total)")
            }
        }

        private func show(_ text: ReconciliationText) {
            if options.list.json {
                for line in text.json { Terminal.line(line.finished) }
            } else {
                if statements.count > 1 { Terminal.line("\(text.path):") }
                Terminal.line(text.text(options.list.language))
            }
        }

        /// Who applies a statement answers for it: nobody can prove where a file comes from.
        private func confirm() throws {
            guard !yes else { return }
            let language = options.list.language
            guard Terminal.isInputTerminal else {
                throw Failure(
                    message: language.pick(
                        "--apply asks on a terminal; elsewhere it needs --yes",
                        "--apply uçbirimde sorar; başka yerde --yes gerekir"), code: .data)
            }
            Terminal.error(
                language.pick(
                    "These lines count as the bank's word and may approve guests. Did you "
                        + "download the file from the bank yourself? [y/N]",
                    "Bu satırlar bankanın sözü sayılır ve konukları onaylayabilir. Dosyayı "
                        + "bankadan kendiniz mi indirdiniz? [e/H]"))
            guard ["y", "yes", "e", "evet"].contains(readLine()?.lowercased() ?? "") else {
                throw Failure(
                    message: language.pick("Nothing was changed.", "Hiçbir şey değişmedi."),
                    code: .negative)
            }
        }

        private func days() throws -> ClosedRange<BankDay>? {
            guard from != nil || to != nil else { return nil }
            func day(_ text: String?, _ otherwise: BankDay?) throws -> BankDay {
                guard let text else {
                    guard let otherwise else { throw ValidationError("Name a day.") }
                    return otherwise
                }
                guard let day = DayPattern("yyyy-MM-dd")?.read(text)?.day else {
                    throw ValidationError("\(text): not a day; write 2026-11-01")
                }
                return day
            }
            let first = try day(from, BankDay(year: 1970, month: 1, day: 1))
            let last = try day(to, BankDay(year: 2200, month: 12, day: 31))
            guard first <= last else { throw ValidationError("--from lies after --to.") }
            return first...last
        }
    }
}

/// `12=345`: a line of a statement and a payment.
struct LinePair: ExpressibleByArgument {
    let line: Int
    let payment: PaymentID

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let line = Int(parts[0]), let number = Int64(parts[1]) else {
            return nil
        }
        self.line = line
        payment = PaymentID(number)
    }
}

/// A file that was read as statements.
struct StatementFile {
    let path: String
    let sha256: [UInt8]
    let statements: [Statement]

    /// - Parameter account: whose it is, where the file does not say.
    init(
        _ path: String, _ mapping: StatementMapping?, _ account: String?, _ today: BankDay
    ) throws(Failure) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(place: path, message: "cannot be read", code: .data)
        }
        let bytes = [UInt8](data)
        self.path = path
        sha256 = Digest.sha256(bytes)
        do throws(StatementError) {
            statements = try StatementReader.read(
                bytes, mapping: mapping, account: account, today: today)
        } catch {
            throw Failure(
                place: path, message: Language.ofProcess.text(of: error), code: .data)
        }
    }
}
