// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain

/// What a replay came to: how many mails, of which kind, decided how.
struct ReplaySummary {
    private(set) var mails = 0
    /// Files that could not be read at all; the rest was.
    var unreadableFiles = 0
    private var outcomes: [MailOutcome: Int] = [:]
    private var verdicts: [Verdict.Kind: Int] = [:]
    private var effects = 0

    mutating func count(_ report: MailReport) {
        if (report.movement ?? 1) == 1 { mails += 1 }
        outcomes[report.outcome, default: 0] += 1
        verdicts[report.verdict.kind, default: 0] += 1
        effects += report.effects.count
    }

    func text(language: Language) -> String {
        func list<Key: RawRepresentable<String>>(_ counts: [Key: Int]) -> String {
            counts.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key.rawValue)" }
                .joined(separator: ", ")
        }
        return Terminal.painted(
            language.pick(mails.of("mail"), "\(mails) e-posta"), .bold)
            + ": \(list(outcomes))\n"
            + language.pick("decided: ", "karar: ") + "\(list(verdicts))\n"
            + language.pick(
                "\(effects) effects would follow; nothing was sent.",
                "\(effects) işlem yapılacaktı; hiçbir şey gönderilmedi.")
    }
}
