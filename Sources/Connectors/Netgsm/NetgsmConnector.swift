// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
import Synchronization
package import Wire

/// Sends ticket messages through Netgsm's REST v2, one recipient per call.
///
/// Netgsm has no idempotency key: a job with many recipients could not be repeated in part, and a
/// lost reply is only cleared up by the report, which lags. So the reference of an attempt is in
/// the ledger before the call, and a message that two looks did not find is sent anew once.
package struct NetgsmConnector: EffectConnector {
    /// What the organizer sets, and what tests shorten.
    package struct Settings: Sendable {
        package var baseURL = "https://api.netgsm.com.tr"
        /// The subscriber number.
        package var usercode: String
        /// The password of the API sub-user.
        package var password: Secret
        /// The approved sender name, 3 to 11 characters.
        package var header: String
        package var timeout: Duration = .seconds(30)
        /// From a lost reply to the first look into the report, which lags behind sending.
        package var firstLookAfter: Duration = .seconds(120)
        /// From an empty look to the next; two empty ones this far apart mean: never arrived.
        package var nextLookAfter: Duration = .seconds(600)
        /// Netgsm's oldest text names 100 a minute; code 80 answers what goes faster.
        package var pace = Pace(minGap: .zero, perMinute: 60)

        package init(usercode: String, password: Secret, header: String) {
            self.usercode = usercode
            self.password = password
            self.header = header
        }
    }

    package let lane = "netgsm"
    package let kinds = Effect.Kind.messages(by: .sms)
    package let repetition = Repetition.reconcileByReport
    package let pace: Pace

    private let api: NetgsmAPI
    private let looks = LookLimit()

    package init(settings: Settings, http: HTTPClient) {
        pace = settings.pace
        api = NetgsmAPI(settings: settings, http: http)
    }

    /// The `referansID` of the attempt.
    package func attemptHandle(for task: EffectTask) -> String? {
        let earlier = task.handle.flatMap { NetgsmHandle($0) }
        return NetgsmHandle(key: task.key, attempt: task.attempt, earlier: earlier).text
    }

    /// `task.handle` is what `attemptHandle` gave for this attempt.
    package func perform(_ task: EffectTask) async -> EffectOutcome {
        guard case .sms(let target) = task.target else { return Self.wrongTarget }
        guard target.phone.isTurkishMobile else {
            return .refused(
                label: "netgsm_number_abroad",
                hint: "Messages go to Turkish mobile numbers only; send the ticket by mail.")
        }
        guard let text = task.handle, let handle = NetgsmHandle(text), handle.emptySince == nil
        else {
            return .refused(
                label: "netgsm_no_reference", hint: "The attempt has no reference in the ledger.")
        }
        do {
            guard let reply = try await api.send(target, reference: handle.reference) else {
                return unknown(handle, "netgsm_reply_unreadable")
            }
            return outcome(of: reply, handle)
        } catch {
            guard error.effect == .notSent else {
                return unknown(handle, "netgsm_\(error.label.rawValue)")
            }
            let label = "netgsm_\(error.label.rawValue)"
            return error.retry == .later
                ? .retry(after: nil, label: label) : .askOperator(label: label, hint: error.hint)
        }
    }

    package func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        guard case .sms(let target) = task.target else { return Self.wrongTarget }
        let handle =
            task.handle.flatMap { NetgsmHandle($0) }
            ?? NetgsmHandle(key: task.key, attempt: task.attempt, earlier: nil)
        guard let startedAt = task.startedAt else {
            return .givenUp(
                label: "netgsm_start_unknown",
                hint: "Nobody knows when the message was sent; look for it in Netgsm's panel.")
        }
        // A clock that was set back must not turn the wait into years.
        let age = max(Duration.zero, .seconds(now.timeIntervalSince(startedAt)))
        if age < api.settings.firstLookAfter {
            return .unknown(
                lookAgainAfter: api.settings.firstLookAfter - age, handle: handle.text,
                label: "netgsm_report_too_early")
        }
        guard looks.take(at: now) else {
            return .unknown(
                lookAgainAfter: .seconds(60), handle: handle.text, label: "netgsm_report_pace")
        }
        // Clocks differ a little, and a slow send is booked later than it was started.
        let rows = await api.report(
            from: startedAt.addingTimeInterval(-120), to: now.addingTimeInterval(60))
        switch rows {
        case .failed(let label, let retryAfter):
            return .unknown(
                lookAgainAfter: retryAfter ?? api.settings.firstLookAfter, handle: handle.text,
                label: label)
        case .found(let rows):
            if let row = Self.match(rows, handle, target.phone) {
                return NetgsmCodes.outcome(of: row)
            }
            return foundNothing(handle, now)
        }
    }

    // MARK: - Parts

    private func outcome(
        of reply: NetgsmAPI.SendReply, _ handle: NetgsmHandle
    ) -> EffectOutcome {
        switch NetgsmCodes.meaning(of: reply) {
        case .decided(let outcome): outcome
        case .unknown(let label): unknown(handle, label)
        }
    }

    private func unknown(_ handle: NetgsmHandle, _ label: String) -> EffectOutcome {
        .unknown(
            lookAgainAfter: api.settings.firstLookAfter, handle: handle.text, label: label)
    }

    /// Our reference, or, in rows without any, the last ten digits of the number.
    private static func match(
        _ rows: [NetgsmAPI.Row], _ handle: NetgsmHandle, _ phone: PhoneNumber
    ) -> NetgsmAPI.Row? {
        rows.first { $0.referansID?.text == handle.reference }
            ?? rows.first { row in
                (row.referansID?.text ?? "").isEmpty
                    && row.number?.text.map { $0.suffix(10) == phone.digits.suffix(10) } == true
            }
    }

    private func foundNothing(_ handle: NetgsmHandle, _ now: Date) -> EffectOutcome {
        let second = Int64(now.timeIntervalSince1970)
        guard let since = handle.emptySince else {
            return .unknown(
                lookAgainAfter: api.settings.nextLookAfter,
                handle: handle.foundNothing(at: second).text, label: "netgsm_not_in_report")
        }
        let left = api.settings.nextLookAfter - .seconds(max(0, second - since))
        if left > .zero {
            return .unknown(
                lookAgainAfter: left, handle: handle.text, label: "netgsm_not_in_report")
        }
        guard handle.generation < NetgsmHandle.generationsMax else {
            return .givenUp(
                label: "netgsm_lost_twice",
                hint: "Two messages were sent and neither shows in Netgsm's report; "
                    + "ask the guest and send the ticket by hand.")
        }
        return .notThere
    }

    private static let wrongTarget = EffectOutcome.refused(
        label: "netgsm_wrong_target", hint: "The effect does not name a phone.")
}

/// Netgsm answers ten report queries a minute; more bring code 80 and no answer.
private final class LookLimit: Sendable {
    private static let perMinute = 10

    private let taken = Mutex<[Date]>([])

    func take(at now: Date) -> Bool {
        taken.withLock { taken in
            taken.removeAll { abs(now.timeIntervalSince($0)) >= 60 }
            guard taken.count < Self.perMinute else { return false }
            taken.append(now)
            return true
        }
    }
}
