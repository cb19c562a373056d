// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Wire

/// Sends ticket messages through Netgsm's REST v2, one recipient per call.
package struct NetgsmConnector: EffectConnector {
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

        package init(usercode: String, password: Secret, header: String) {
            self.usercode = usercode
            self.password = password
            self.header = header
        }
    }

    package let lane = "netgsm"
    package let kinds: [Effect.Kind] = [.ticketSMS]
    package let repetition = Repetition.reconcileByReport
    /// Netgsm's oldest text names 100 a minute; code 80 answers what goes faster.
    package let pace = Pace(minGap: .milliseconds(500), perMinute: 60)

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
