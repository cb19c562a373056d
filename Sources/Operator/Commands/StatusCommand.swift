// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mailbox

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How everything stands, in a few lines.")

    @OptionGroup var options: ListOptions

    func run() throws {
        let configuration = try Configuration.load(options.config.path)
        let ledger = try options.ledger()
        let (counts, folders, cares, imbalances, alarms) = try ledger.read { books in
            let folders = try configuration.mailboxes.flatMap { mailbox in
                try mailbox.folders.map {
                    try WatchedFolder(
                        mailbox.name, $0, renewalSeconds: mailbox.idleRenewalSeconds, in: books)
                }
            }
            return (
                try books.counts(statements: StatementDesk.account), folders,
                try books.afterCareCounts(), try books.imbalances(),
                try AlarmStatus(in: books)
            )
        }
        if options.json {
            Terminal.line(json(counts, folders, cares, imbalances, alarms))
        } else {
            Terminal.line(text(counts, folders, cares, imbalances, alarms))
        }
        if !imbalances.isEmpty {
            throw Failure(message: "the books do not balance", code: .negative)
        }
    }

    private func json(
        _ counts: LedgerCounts, _ folders: [WatchedFolder], _ cares: [String: AfterCareCounts],
        _ imbalances: [Imbalance], _ alarms: AlarmStatus
    ) -> String {
        func object<Key: RawRepresentable<String>>(_ counts: [Key: Int]) -> JSONLine {
            var line = JSONLine()
            for (key, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                line.put(key.rawValue, count)
            }
            return line
        }
        var line = JSONLine()
        line.put("registrations", object(counts.registrations))
        line.put("mails", object(counts.mails))
        line.put("statement_lines", counts.statementLines)
        line.put("stored_mails", counts.storedMails)
        line.put("held_mails", counts.heldMails)
        line.put("quarantined_mails", counts.quarantinedMails)
        line.put("payments", object(counts.payments))
        line.put("effects", object(counts.effects))
        line.put("open_reviews", counts.openReviews)
        line.put("mailboxes", folders.map { $0.json(at: Date()) })
        line.put(
            "after_care",
            cares.sorted { $0.key < $1.key }.map { account, counts in
                var line = JSONLine()
                line.put("name", account)
                line.put("waiting", counts.waiting)
                line.put("refused", counts.refused)
                line.put("last_error", counts.lastError)
                return line
            })
        alarms.put(into: &line)
        line.put("books_balance", imbalances.isEmpty)
        return line.finished
    }

    private func text(
        _ counts: LedgerCounts, _ folders: [WatchedFolder], _ cares: [String: AfterCareCounts],
        _ imbalances: [Imbalance], _ alarms: AlarmStatus
    ) -> String {
        let language = options.language
        func line<Key: RawRepresentable<String>>(_ title: String, _ counts: [Key: Int]) -> String {
            let parts = counts.sorted { $0.key.rawValue < $1.key.rawValue }
                .filter { $0.value > 0 }.map { "\($0.value) \(language.word($0.key))" }
            let head = Terminal.painted(title, .bold)
            let gap = String(repeating: " ", count: max(1, 16 - title.count))
            return head + gap + (parts.isEmpty ? "–" : parts.joined(separator: ", "))
        }
        var lines = [
            line(language.pick("Registrations", "Kayıtlar"), counts.registrations),
            line(language.pick("Mails", "E-postalar"), counts.mails),
            line(language.pick("Payments", "Ödemeler"), counts.payments),
            line(language.pick("Effects", "İşlemler"), counts.effects),
        ]
        if counts.statementLines > 0 {
            lines.append(
                language.pick(
                    "Lines of statements that were applied: \(counts.statementLines)",
                    "Uygulanan ekstre satırları: \(counts.statementLines)"))
        }
        if counts.openReviews > 0 {
            lines.append(
                Terminal.painted(
                    language.pick(
                        "\(counts.openReviews) questions for a person: mutabik review list",
                        "Karar bekleyen \(counts.openReviews) soru var: mutabik review list"),
                    .yellow))
        }
        if counts.storedMails > 0 {
            lines.append(
                language.pick(
                    "\(counts.storedMails) mails are fetched and not read yet.",
                    "\(counts.storedMails) e-posta alındı, henüz okunmadı."))
        }
        if counts.heldMails > 0 {
            lines.append(
                language.pick(
                    "\(counts.heldMails) mails wait for their signing key.",
                    "\(counts.heldMails) e-posta imza anahtarını bekliyor."))
        }
        lines += folders.map { $0.text(language, at: Date()) }
        lines += alarms.lines(language)
        for (account, counts) in cares.sorted(by: { $0.key < $1.key }) where counts.refused > 0 {
            let reason = counts.lastError ?? ""
            lines.append(
                Terminal.painted(
                    language.pick(
                        "\(account): \(counts.refused) settled mails not looked after: \(reason)",
                        "\(account): \(counts.refused) e-posta işaretlenemedi ya da taşınamadı: "
                            + reason), .yellow))
        }
        if !imbalances.isEmpty {
            lines.append(
                Terminal.painted(
                    language.pick("The books do not balance.", "Hesaplar tutmuyor."), .red))
        }
        return lines.joined(separator: "\n")
    }
}
