// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger

/// What `status` says about mails that banks write otherwise than before, and about silence.
struct AlarmStatus {
    private let drifts: [DriftGroup]
    private let silence: Date?

    /// Forms that are shown; more than that is one change seen from many sides.
    private static let driftsMax = 10

    init(in books: LedgerTransaction) throws {
        drifts = try books.drifts(limit: Self.driftsMax)
        silence = try books.silence()
    }

    func put(into line: inout JSONLine) {
        line.put("silence_since", silence)
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
        if let silence {
            let since = Timestamp.text(silence)
            lines.append(
                Terminal.painted(
                    language.pick(
                        "No notice since \(since), which is longer than usual.",
                        "\(since) tarihinden beri bildirim yok; bu alışılmıştan uzun."), .yellow))
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
