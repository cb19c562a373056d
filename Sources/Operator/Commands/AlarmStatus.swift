// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger

/// What `status` says about mails that banks write otherwise than before, and about silence.
struct AlarmStatus {
    private let drifts: [DriftGroup]
    /// Each with the rule file of the bank, nil for all of them.
    private let silences: [(bank: String?, since: Date)]

    /// Forms that are shown; more than that is one change seen from many sides.
    private static let driftsMax = 10

    init(in books: LedgerTransaction) throws {
        drifts = try books.drifts(limit: Self.driftsMax)
        silences = try books.silences().sorted { $0.key < $1.key }
            .map { ($0.key.isEmpty ? nil : $0.key, $0.value) }
    }

    func put(into line: inout JSONLine) {
        line.put("silence_since", silences.map(\.since).min())
        line.put(
            "silences",
            silences.map { bank, since in
                var line = JSONLine()
                line.put("file", bank)
                line.put("since", since)
                return line
            })
        line.put(
            "drifts",
            drifts.map { group in
                var line = JSONLine()
                line.put("file", group.drift.file)
                line.put("rule", group.drift.rule?.text)
                line.put("missing", group.drift.missing)
                line.put("shape", group.drift.shape)
                line.put("mails", group.mails)
                line.put("first_at", group.first)
                line.put("last_at", group.last)
                line.put("sample", group.drift.sample)
                return line
            })
    }

    func lines(_ language: Language) -> [String] {
        var lines: [String] = []
        for (bank, since) in silences {
            let text =
                SilenceText.noNotice(of: bank, since: since, language)
                + language.pick(", which is longer than usual.", "; bu alışılmıştan uzun.")
            lines.append(Terminal.painted(text, .yellow))
        }
        for group in drifts {
            let missing = group.drift.missing.map(language.explanation).joined(separator: "; ")
            let text = language.pick(
                "\(group.mails) mails of \(group.drift.file) nearly fit its rule: \(missing)",
                "\(group.drift.file): \(group.mails) e-posta kurala neredeyse uyuyor: \(missing)")
            lines.append(Terminal.painted(text, .yellow))
            lines += group.drift.sample.split(separator: "\n").map { "    \($0)" }
        }
        return lines
    }
}

/// The sentence about a bank that stays silent, in the log and in `status`.
enum SilenceText {
    /// - Parameter bank: its rule file; nil when no bank writes.
    static func noNotice(of bank: String?, since: Date, _ language: Language) -> String {
        let time = Timestamp.text(since)
        return language.pick(
            "no notice" + (bank.map { " of \($0)" } ?? "") + " since \(time)",
            (bank.map { "\($0): " } ?? "") + "\(time) tarihinden beri bildirim yok")
    }
}
