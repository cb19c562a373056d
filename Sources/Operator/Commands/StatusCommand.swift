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
                try mailbox.folders.map { try WatchedFolder(mailbox.name, $0, in: books) }
            }
            return (
                try books.counts(), folders, try books.afterCareCounts(), try books.imbalances(),
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
        line.put("stored_mails", counts.storedMails)
        line.put("held_mails", counts.heldMails)
        line.put("quarantined_mails", counts.quarantinedMails)
        line.put("payments", object(counts.payments))
        line.put("effects", object(counts.effects))
        line.put("open_reviews", counts.openReviews)
        line.put(
            "mailboxes",
            folders.map(\.json))
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
        lines += folders.map { $0.text(language) }
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

/// A folder as the ledger knows it.
private struct WatchedFolder {
    let name: String
    let folder: String
    let cursor: FolderCursor?
    let watch: WatchStateRow?

    init(_ name: String, _ folder: String, in books: LedgerTransaction) throws {
        self.name = name
        self.folder = folder
        cursor = try books.cursor(account: name, folder: folder)
        watch = try books.watchState(account: name, folder: folder)
    }

    var json: JSONLine {
        var line = JSONLine()
        line.put("name", name)
        line.put("folder", folder)
        line.put("state", watch?.state)
        line.put("state_since", watch?.since)
        line.put("state_detail", watch?.detail)
        line.put("uidvalidity", cursor.map { Int64($0.uidvalidity) } ?? 0)
        line.put("epoch", cursor.map { Int64($0.epoch) } ?? 0)
        line.put("settled_up_to_uid", cursor.map { Int64($0.floor) } ?? 0)
        line.put("seen_at", cursor?.seenAt)
        return line
    }

    /// `bank/INBOX: idling since 2026-11-22T09:00:00Z, looked at 2026-11-22T11:05:33Z`.
    func text(_ language: Language) -> String {
        var parts: [String] = []
        if let watch {
            let state = watch.state + (watch.detail.map { " (\($0))" } ?? "")
            let since = Timestamp.text(watch.since)
            let text = language.pick(
                "\(state) since \(since)", "\(state), \(since) tarihinden beri")
            let isWell = WatchState(rawValue: watch.state)?.isConnected ?? false
            if watch.state == WatchState.signedOut.rawValue {
                parts.append(
                    language.pick("run: mutabik login \(name)", "çalıştırın: mutabik login \(name)")
                )
            }
            parts.append(isWell ? text : Terminal.painted(text, .yellow))
        }
        let seen = cursor.map { Timestamp.text($0.seenAt) }
        parts.append(
            seen.map { language.pick("looked at \($0)", "son bakış \($0)") }
                ?? language.pick("not read yet", "henüz okunmadı"))
        return "\(name)/\(folder): " + parts.joined(separator: ", ")
    }
}
