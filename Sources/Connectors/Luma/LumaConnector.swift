// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Wire

/// Approves guests on Luma: read, approve, read again.
///
/// Luma has no idempotency key, but the status is an absolute value and can be read. So nothing is
/// written before the guest was read, and a lost reply leads back to reading.
package struct LumaConnector: EffectConnector {
    /// What the organizer sets, and what tests shorten.
    package struct Settings: Sendable {
        package var baseURL = "https://public-api.luma.com"
        package var apiKey: Secret
        /// Whether Luma mails the guest on approval. Luma's own mail is the guest's confirmation
        /// with the calendar entry; a lost reply is read back before anything is repeated, so
        /// nobody is mailed twice.
        package var sendsEmail = true
        /// For one request. Luma answers within two seconds; half a minute is certainly lost.
        package var timeout: Duration = .seconds(30)
        /// How long after a lost reply the guest is read back.
        package var lookAgainAfter: Duration = .seconds(2)

        /// An approval is three requests, one of them a write: 45 requests and 15 writes a minute
        /// stay below every limit that Luma ever published.
        package var pace = Pace(minGap: .zero, perMinute: 15)

        package init(apiKey: Secret) { self.apiKey = apiKey }
    }

    package let lane = "luma"
    package let kinds: [Effect.Kind] = [.lumaUnapprove, .lumaApprove]
    package let repetition = Repetition.readBackFirst
    package let pace: Pace

    private let api: LumaAPI

    package init(settings: Settings, http: HTTPClient) {
        api = LumaAPI(settings: settings, http: http)
        pace = settings.pace
    }

    /// Nil: the guest itself tells whether it was approved.
    package func attemptHandle(for task: EffectTask) -> String? { nil }

    package func perform(_ task: EffectTask) async -> EffectOutcome {
        guard case .luma(let target) = task.target else { return Self.wrongTarget }
        if task.kind == .lumaUnapprove { return await takeBack(target, handle: task.handle) }
        switch await standing(of: target, handle: task.handle) {
        case .approvable(let id): return await approve(id, event: target.eventID)
        case .settled(let outcome): return outcome
        case .failed(let failure): return LumaFailure.ofRead(failure)
        }
    }

    package func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        guard case .luma(let target) = task.target else { return Self.wrongTarget }
        if task.kind == .lumaUnapprove {
            switch await standing(of: target, handle: task.handle) {
            case .settled(.done): return .notThere
            case .approvable, .settled: return .done(handle: task.handle)
            case .failed(let failure):
                return stillUnknown(LumaFailure.ofRead(failure), handle: task.handle)
            }
        }
        switch await standing(of: target, handle: task.handle) {
        case .approvable: return .notThere
        case .settled(let outcome): return outcome
        case .failed(let failure):
            return stillUnknown(LumaFailure.ofRead(failure), handle: task.handle)
        }
    }

    // MARK: - Reading

    /// What the guest's present status allows.
    private enum Standing {
        case approvable(id: String)
        case settled(EffectOutcome)
        case failed(LumaAPI.Failure)
    }

    private func standing(of target: LumaTarget, handle: String?) async -> Standing {
        // Luma would take an e-mail for an id, and it would stand in every access log.
        let knownID = [target.guestID, handle].compactMap { $0 }.first { !$0.contains("@") }
        do {
            let guest: LumaAPI.Guest
            if let id = knownID {
                guest = try await api.guest(id, event: target.eventID)
            } else if let email = target.email {
                guard let found = try await api.findGuest(email: email, event: target.eventID)
                else { return .settled(LumaFailure.guestMissing) }
                guest = found
            } else {
                return .settled(LumaFailure.guestMissing)
            }
            return judge(guest, knownID: knownID)
        } catch {
            return .failed(error)
        }
    }

    private func judge(_ guest: LumaAPI.Guest, knownID: String?) -> Standing {
        guard let id = guest.identifier ?? knownID else { return .failed(.malformed) }
        switch guest.approvalStatus {
        case "approved": return .settled(.done(handle: id))
        case "pending_approval", "waitlist": return .approvable(id: id)
        case "declined":
            return .settled(
                .refused(
                    label: "luma_declined",
                    hint: "A host or the guest decided so after the registration; "
                        + "decide by hand on Luma."))
        case "invited":
            return .settled(
                .refused(
                    label: "luma_only_invited",
                    hint: "The guest was invited but did not register; ask them to register."))
        default:
            return .settled(
                .refused(
                    label: "luma_status_unclear",
                    hint: "Luma shows a status that has no known meaning; approve by hand on Luma."
                ))
        }
    }

    // MARK: - Writing

    private func approve(_ id: String, event: String) async -> EffectOutcome {
        do {
            try await api.approve(id, event: event)
        } catch {
            return LumaFailure.ofWrite(
                error, guest: id, lookAgainAfter: api.settings.lookAgainAfter)
        }
        do {
            let guest = try await api.guest(id, event: event)
            guard guest.approvalStatus == "approved" else {
                return .unknown(
                    lookAgainAfter: api.settings.lookAgainAfter, handle: id,
                    label: "luma_not_yet_approved")
            }
            return .done(handle: id)
        } catch {
            // Luma said yes; only the proof is missing.
            return stillUnknown(LumaFailure.ofRead(error), handle: id)
        }
    }

    /// Whoever is not approved needs nothing.
    private func takeBack(_ target: LumaTarget, handle: String?) async -> EffectOutcome {
        let id: String
        switch await standing(of: target, handle: handle) {
        case .settled(.done(let known)):
            guard let known else { return LumaFailure.guestMissing }
            id = known
        case .approvable, .settled: return .done(handle: handle)
        case .failed(let failure): return LumaFailure.ofRead(failure)
        }
        do {
            try await api.unapprove(id, event: target.eventID)
        } catch {
            return LumaFailure.ofWrite(
                error, guest: id, lookAgainAfter: api.settings.lookAgainAfter)
        }
        return .unknown(lookAgainAfter: .zero, handle: id, label: "luma_reading_back")
    }

    /// A failed look says nothing about the effect. Whatever it suggests for itself, the effect
    /// stays unknown.
    private func stillUnknown(_ outcome: EffectOutcome, handle: String?) -> EffectOutcome {
        switch outcome {
        case .retry(let after, let label):
            .unknown(
                lookAgainAfter: after ?? api.settings.lookAgainAfter, handle: handle, label: label)
        case .askOperator(let label, _), .refused(let label, _):
            .unknown(lookAgainAfter: LumaFailure.operatorPause, handle: handle, label: label)
        case .done, .unknown, .notThere, .givenUp: outcome
        }
    }

    private static let wrongTarget = EffectOutcome.refused(
        label: "luma_wrong_target", hint: "The effect does not name a Luma guest.")
}
