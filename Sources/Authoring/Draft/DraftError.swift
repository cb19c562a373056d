// SPDX-License-Identifier: Apache-2.0

package import Rules

/// Why no rule can be drafted from a mail.
package struct DraftError: Error, Hashable, Sendable {
    /// What was being done: `reading the mail`.
    package let operation: String
    /// Which mail, from 1; nil when it is about all of them.
    package let mail: Int?
    /// What is in the way.
    package let cause: Wording
    /// What to do instead.
    package let hint: Wording
}
