// SPDX-License-Identifier: Apache-2.0

import Wire

/// What a failed call to Luma means for the effect, by class of status.
enum LumaFailure {
    /// Until somebody has set the key or the address right.
    static let operatorPause: Duration = .seconds(300)

    static let guestMissing = EffectOutcome.refused(
        label: "luma_guest_missing",
        hint: "No such guest on the event's list; check the registration's e-mail or guest id.")

    /// A read changes nothing, so it may simply be tried again.
    static func ofRead(_ failure: LumaAPI.Failure) -> EffectOutcome {
        switch failure {
        case .wire(let error): ofUnsent(error)
        case .malformed: .retry(after: nil, label: "luma_reply_unreadable")
        case .status(let status, let retryAfter): ofStatus(status, retryAfter)
        }
    }

    /// A write without a clear no may have taken place.
    static func ofWrite(
        _ failure: LumaAPI.Failure, guest: String, lookAgainAfter: Duration
    ) -> EffectOutcome {
        switch failure {
        case .wire(let error) where error.effect == .notSent: return ofUnsent(error)
        case .wire(let error):
            return .unknown(
                lookAgainAfter: lookAgainAfter, handle: guest, label: "luma_\(error.label.rawValue)"
            )
        case .status(let status, let retryAfter):
            // 409 was never seen; reading again tells what it meant.
            if status >= 500 || status == 408 || status == 409 {
                return .unknown(
                    lookAgainAfter: lookAgainAfter, handle: guest,
                    label: status >= 500 ? "luma_5xx" : "luma_\(status)")
            }
            return ofStatus(status, retryAfter)
        case .malformed:
            return .unknown(
                lookAgainAfter: lookAgainAfter, handle: guest, label: "luma_reply_unreadable")
        }
    }

    private static func ofUnsent(_ error: WireError) -> EffectOutcome {
        let label = "luma_\(error.label.rawValue)"
        switch error.retry {
        case .later: return .retry(after: nil, label: label)
        case .askOperator, .never: return .askOperator(label: label, hint: error.hint)
        }
    }

    private static func ofStatus(_ status: Int, _ retryAfter: Duration) -> EffectOutcome {
        switch status {
        case 300...399:
            .askOperator(label: "luma_redirect", hint: "Check the address of Luma's API.")
        case 401:
            .askOperator(
                label: "luma_401", hint: "Luma does not accept the key; make a new one and set it.")
        case 403:
            .refused(
                label: "luma_403",
                hint: "The key has no access to this event, or the event or guest does not exist.")
        case 404: guestMissing
        case 408, 409: .retry(after: nil, label: "luma_\(status)")
        case 429: .retry(after: retryAfter, label: "luma_429")
        case 400...499:
            .refused(label: "luma_4xx", hint: "Luma finds the request wrong; approve by hand.")
        default: .retry(after: nil, label: "luma_5xx")
        }
    }
}
