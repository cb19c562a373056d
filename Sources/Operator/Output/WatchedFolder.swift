// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mailbox

/// A folder as the ledger knows it, for `status`.
struct WatchedFolder {
    let name: String
    let folder: String
    let cursor: FolderCursor?
    let watch: WatchStateRow?
    /// The folder is looked at in these gaps, whether or not mail comes.
    let renewalSeconds: Int

    /// What is looked at each minute is written down each minute.
    private static let writingGap = 60.0

    /// A folder whose agent was killed is said to be well for ever; the time of the last look tells
    /// otherwise. A long first reading writes no look before its end.
    private func isStale(at now: Date) -> Bool {
        guard let cursor, let watch, let state = WatchState(rawValue: watch.state),
            state == .idling || state == .polling
        else { return false }
        let last = max(cursor.seenAt, watch.since)
        return now.timeIntervalSince(last) > 2 * Double(renewalSeconds) + Self.writingGap
    }

    func json(at now: Date) -> JSONLine {
        var line = JSONLine()
        line.put("name", name)
        line.put("folder", folder)
        line.put("state", watch?.state)
        line.put("state_since", watch?.since)
        line.put("state_detail", watch?.detail)
        line.put("is_stale", isStale(at: now))
        line.put("uidvalidity", cursor.map { Int64($0.uidvalidity) } ?? 0)
        line.put("epoch", cursor.map { Int64($0.epoch) } ?? 0)
        line.put("settled_up_to_uid", cursor.map { Int64($0.floor) } ?? 0)
        line.put("seen_at", cursor?.seenAt)
        return line
    }

    /// `bank/INBOX: idling since 2026-11-22T09:00:00Z, looked at 2026-11-22T11:05:33Z`.
    func text(_ language: Language, at now: Date) -> String {
        var parts: [String] = []
        if let watch {
            let detail = watch.detail.map { " (\(language.watchWord($0)))" } ?? ""
            let state = language.watchWord(watch.state) + detail
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
        if isStale(at: now) {
            parts.append(
                Terminal.painted(
                    language.pick(
                        "nobody has looked since: does the agent run?",
                        "o zamandan beri bakılmadı: hizmet çalışıyor mu?"), .yellow))
        }
        return "\(name)/\(folder): " + parts.joined(separator: ", ")
    }
}

extension WatchedFolder {
    init(
        _ name: String, _ folder: String, renewalSeconds: Int, in books: LedgerTransaction
    ) throws {
        self.init(
            name: name, folder: folder,
            cursor: try books.cursor(account: name, folder: folder),
            watch: try books.watchState(account: name, folder: folder),
            renewalSeconds: renewalSeconds)
    }
}

extension Language {
    /// How a folder is watched, or what went wrong with it, in people's words.
    func watchWord(_ name: String) -> String { pick(name, Self.turkishWatchWords[name] ?? name) }

    static let turkishWatchWords = [
        "connecting": "bağlanıyor", "reading": "okuyor", "idling": "haber bekliyor",
        "polling": "aralıklarla soruyor", "waiting": "yeniden deneyecek",
        "refused": "giriş reddedildi", "signed_out": "oturum açılmalı",
        "untrusted": "sertifikaya güvenilmiyor", "misconfigured": "ayarı yanlış",
        "stopped": "durdu",
        "network": "ağ", "bye": "sunucu kapattı", "busy": "sunucu meşgul",
        "silence": "sunucu sustu", "refusal": "sunucu reddetti",
        "not_opened": "klasör açılmıyor; adı doğru mu?", "violation": "sunucu kural dışı konuştu",
        "credentials": "kullanıcı ya da parola", "certificate": "sertifika",
        "configuration": "ayar", "intake": "defter yazılamadı",
    ]
}
