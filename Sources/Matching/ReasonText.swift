// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Reasons in words that an organizer understands.
package enum ReasonText {
    package enum Language: String, Sendable, Codable, CaseIterable { case english, turkish }

    /// One sentence with a full stop, without personal data.
    package static func sentence(_ reason: Reason, language: Language) -> String {
        reason.rawValue
    }
}
