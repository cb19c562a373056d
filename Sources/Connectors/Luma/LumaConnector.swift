// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Wire

/// Approves guests on Luma.
package struct LumaConnector: EffectConnector {
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

        package init(apiKey: Secret) { self.apiKey = apiKey }
    }

    package let lane = "luma"
    package let kinds: [Effect.Kind] = [.lumaApprove]
    package let repetition = Repetition.readBackFirst
    /// An approval is three requests, one of them a write: 45 requests and 15 writes a minute stay
    /// below every limit that Luma ever published.
    package let pace = Pace(minGap: .seconds(1), perMinute: 15)

    private let settings: Settings
    private let http: HTTPClient

    package init(settings: Settings, http: HTTPClient) {
        self.settings = settings
        self.http = http
    }

    package func attemptHandle(for task: EffectTask) -> String? { nil }

    package func perform(_ task: EffectTask) async -> EffectOutcome {
        .retry(after: nil, label: "not_built")
    }

    package func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        .retry(after: nil, label: "not_built")
    }
}
