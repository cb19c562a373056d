// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import Matching

/// What became of a mail and why, in a few lines for a person.
///
///     season.mbox#12  garanti-bbva/incoming-transfer  payment  verified (dkim garantibbva.com.tr)
///         1.250,00 TL  KTF6HV349  → approve reg-17: luma.approve, ticket.sms
///         The code names this registration. The amount is what is due.
struct MailTrace {
    let language: Language

    func head(_ report: MailReport) -> String {
        var parts = [Terminal.painted(report.source, .bold), report.rule?.text ?? "–"]
        parts.append(report.outcome.rawValue)
        let trust = report.trust.trust
        let colour: Terminal.Colour =
            trust.allowsAutomaticApproval ? .green : trust == .forged ? .red : .yellow
        let by = report.trust.by.map { " (\($0))" } ?? ""
        parts.append(Terminal.painted(trust.rawValue, colour) + by)
        if let policy = report.policy {
            parts.append(Terminal.painted("dmarc \(policy)", .dim))
        }
        return parts.joined(separator: "  ")
    }

    func decision(_ report: MailReport, indent: String) -> String {
        var line: [String] = []
        if let notice = report.notice { line.append(notice.amount.description) }
        if let reference = report.verdict.reference { line.append(reference.text) }
        var verdict =
            "→ " + Terminal.painted(report.verdict.kind.rawValue, colour(report.verdict.kind))
        let registrations = report.verdict.allocations.map(\.registration.text)
        if !registrations.isEmpty { verdict += " " + registrations.joined(separator: ", ") }
        if !report.effects.isEmpty {
            verdict += ": " + report.effects.map(\.kind.rawValue).joined(separator: ", ")
        }
        line.append(verdict)
        if !report.verdict.candidates.isEmpty {
            line.append(
                language.pick("candidates: ", "adaylar: ")
                    + report.verdict.candidates.map(\.registration.text).joined(separator: ", "))
        }
        var text = indent + line.joined(separator: "  ")
        let sentences = report.verdict.reasons.map {
            ReasonText.sentence($0, language: language == .turkish ? .turkish : .english)
        }
        let why =
            sentences.isEmpty
            ? language.explanation(report.explanation) : sentences.joined(separator: " ")
        if !why.isEmpty { text += "\n" + indent + Terminal.painted(why, .dim) }
        return text
    }

    private func colour(_ kind: Verdict.Kind) -> Terminal.Colour {
        switch kind {
        case .approve, .overpaid, .split: .green
        case .underpaid, .credit, .duplicate: .yellow
        case .review: .red
        case .none: .dim
        }
    }
}
