// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mailbox
internal import Matching
internal import Rules

/// Tells what happens: coloured lines for a person at a terminal, JSON lines for a journal.
///
/// The JSON line begins with `<6>` and the like when journald reads it (sd-daemon(3)).
struct EventLog: Sendable {
    enum Form: Sendable { case person, journal }

    let form: Form
    let language: Language
    let now: @Sendable () -> Date

    func write(_ event: AgentEvent) {
        switch form {
        case .person: Terminal.line(person(event))
        case .journal: Terminal.error(journal(event))
        }
    }

    // MARK: - For a journal

    /// syslog(3): 3 error, 4 warning, 5 notice, 6 information, 7 debug.
    private func level(_ event: AgentEvent) -> Int {
        switch event {
        case .started, .stopping: 5
        case .mail(let report): report.verdict.kind == .review ? 5 : 6
        case .effect(_, let state, _, _):
            switch state {
            case .done, .ready, .running: 6
            case .waiting, .unknown: 5
            case .refused, .dead: 4
            }
        case .allRead: 7
        case .held, .expired, .rulesChanged, .readAgain, .silenceOver: 5
        case .ruleProblem, .drift, .silence: 4
        case .afterCare(_, _, let event): Self.level(event)
        case .lanePaused, .trouble: 4
        case .mailbox(_, _, let event): Self.level(event)
        }
    }

    private static func level(_ event: AfterCareEvent) -> Int {
        switch event {
        case .done: 6
        case .renumbered: 5
        case .postponed: 4
        }
    }

    private static func level(_ event: MailboxEvent) -> Int {
        switch event {
        case .connecting, .announced, .idling, .polling, .caughtUp: 7
        case .connected, .stopped: 6
        case .credentialsRefused, .signInNeeded, .certificateRefused, .misconfigured, .intakeFailed:
            3
        case .disconnected, .newEpoch, .tooLarge, .unfetched, .quarantined, .unannounced,
            .lateUID, .bankMailInJunk, .alert:
            4
        }
    }

    func journal(_ event: AgentEvent) -> String {
        var line = JSONLine()
        line.put("at", Timestamp.text(now()))
        switch event {
        case .started(let version):
            line.put("event", "started")
            line.put("version", version)
        case .stopping: line.put("event", "stopping")
        case .expired(let count):
            line.put("event", "expired")
            line.put("count", count)
        case .mailbox(let account, let folder, let event):
            line.put("event", "mailbox")
            line.put("account", account)
            line.put("folder", folder)
            line.put("message", event.description)
        case .mail(let report):
            line.put("event", "mail")
            line.put("source", report.source)
            line.put("outcome", report.outcome.rawValue)
            line.put("rule", report.rule?.text)
            line.put("trust", report.trust.trust.rawValue)
            line.put("verdict", report.verdict.kind.rawValue)
            line.put("registrations", report.verdict.allocations.map(\.registration.text))
            line.put("reasons", report.verdict.reasons.map(\.rawValue))
            line.put("effects", report.effects.map(\.key))
        case .afterCare(let account, let folder, let event):
            line.put("event", "after_care")
            line.put("account", account)
            line.put("folder", folder)
            line.put("message", event.description)
        case .held(let source, let explanation):
            line.put("event", "held")
            line.put("source", source)
            line.put("message", explanation)
        case .effect(let key, let state, let label, let hint):
            line.put("event", "effect")
            line.put("key", key)
            line.put("state", state.rawValue)
            line.put("label", label)
            line.put("hint", hint)
        case .lanePaused(let lane, let label, let hint):
            line.put("event", "lane_paused")
            line.put("lane", lane)
            line.put("label", label)
            line.put("hint", hint)
        case .rulesChanged(let files):
            line.put("event", "rules_changed")
            line.put("files", files)
        case .ruleProblem(let problem):
            line.put("event", "rule_problem")
            line.put("message", problem.description)
            line.put("message_tr", problem.turkishDescription)
        case .drift(let drift):
            line.put("event", "drift")
            line.put("file", drift.file)
            line.put("rule", drift.rule?.text)
            line.put("missing", drift.missing)
            line.put("shape", drift.shape)
            line.put("sample", drift.sample)
        case .silence(let bank, let since, let missed):
            line.put("event", "silence")
            line.put("file", bank)
            line.put("since", Timestamp.text(since))
            line.put("missed", missed)
        case .silenceOver(let bank, let since):
            line.put("event", "silence_over")
            line.put("file", bank)
            line.put("since", Timestamp.text(since))
        case .allRead(let mails):
            line.put("event", "all_read")
            line.put("mails", mails)
        case .readAgain(let mails):
            line.put("event", "read_again")
            line.put("mails", mails)
        case .trouble(let message):
            line.put("event", "trouble")
            line.put("message", message)
        }
        return "<\(level(event))>" + line.finished
    }

    // MARK: - For a person

    private func person(_ event: AgentEvent) -> String {
        let clock = Terminal.painted(String(Timestamp.text(now()).dropFirst(11).prefix(8)), .dim)
        switch event {
        case .started(let version):
            return "\(clock) mutabik \(version) " + language.pick("started", "başladı")
        case .stopping: return "\(clock) " + language.pick("stopping", "duruyor")
        case .mailbox(let account, let folder, let event):
            let text = "\(account)/\(folder): \(event.description)"
            return "\(clock) "
                + Terminal.painted(text, Self.level(event) <= 4 ? .yellow : .dim)
        case .mail(let report): return "\(clock) " + mail(report)
        case .afterCare(let account, let folder, let event):
            let place = folder.map { "\(account)/\($0)" } ?? account
            return "\(clock) "
                + Terminal.painted("\(place): \(event)", Self.level(event) <= 4 ? .yellow : .dim)
        case .expired(let count):
            return "\(clock) "
                + language.pick(
                    "\(count) registrations have expired", "\(count) kaydın ödeme süresi doldu")
        case .held(let source, let explanation):
            return "\(clock) \(source): \(language.explanation(explanation))"
        case .effect(let key, let state, let label, let hint):
            let mark = Terminal.painted(Self.mark(state), Self.colour(state))
            let detail = [label, hint].compactMap(\.self).filter { !$0.isEmpty }
            return "\(clock)   \(mark) \(key) \(state.rawValue)"
                + (detail.isEmpty ? "" : ": " + detail.joined(separator: ". "))
        case .lanePaused(let lane, let label, let hint):
            let text = language.pick("\(lane) rests", "\(lane) bekliyor")
            return "\(clock) " + Terminal.painted("\(text): \(label). \(hint)", .red)
        case .rulesChanged(let files):
            let list = files.joined(separator: ", ")
            return "\(clock) "
                + language.pick("rules in force: \(list)", "kurallar yürürlükte: \(list)")
        case .ruleProblem(let problem):
            let text = language.pick(problem.description, problem.turkishDescription)
            return "\(clock) " + Terminal.painted(text, .red)
        case .drift(let drift):
            let missing = drift.missing.map(language.explanation).joined(separator: "; ")
            let text = language.pick(
                "\(drift.file) writes otherwise than its rule knows: \(missing)",
                "\(drift.file) kuralının bildiğinden başka yazıyor: \(missing)")
            return "\(clock) " + Terminal.painted(text, .yellow) + "\n" + drift.sample
        case .silence(let bank, let since, let missed):
            let text =
                SilenceText.noNotice(of: bank, since: since, language)
                + language.pick(
                    "; about \(missed) should have come",
                    "; yaklaşık \(missed) bildirim beklenirdi")
            return "\(clock) " + Terminal.painted(text, .yellow)
        case .silenceOver(let bank, let since):
            let time = Timestamp.text(since)
            return "\(clock) "
                + language.pick(
                    (bank.map { "notices of \($0) come" } ?? "notices come")
                        + " again, after a silence since \(time)",
                    (bank.map { "\($0) bildirimleri" } ?? "bildirimler")
                        + " yeniden geliyor; \(time) tarihinden beri yoktu")
        case .allRead(let mails):
            return "\(clock) "
                + language.pick(
                    "\(mails.of("mail")) read, none waits",
                    "\(mails) e-posta okundu, bekleyen yok")
        case .readAgain(let mails):
            return "\(clock) "
                + language.pick(
                    "\(mails) mails say something else now",
                    "\(mails) e-posta artık başka okunuyor")
        case .trouble(let message): return "\(clock) " + Terminal.painted(message, .red)
        }
    }

    private func mail(_ report: MailReport) -> String {
        let trace = MailTrace(language: language)
        return trace.head(report) + "\n" + trace.decision(report, indent: "             ")
    }

    private static func mark(_ state: EffectState) -> String {
        switch state {
        case .done: "✓"
        case .ready, .running, .waiting: "…"
        case .unknown: "?"
        case .refused, .dead: "✗"
        }
    }

    private static func colour(_ state: EffectState) -> Terminal.Colour {
        switch state {
        case .done: .green
        case .ready, .running, .waiting: .dim
        case .unknown: .yellow
        case .refused, .dead: .red
        }
    }
}
