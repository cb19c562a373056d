// SPDX-License-Identifier: Apache-2.0

/// A sentence in both languages that people see.
package struct Wording: Hashable, Sendable {
    /// English, without a full stop at its end.
    package let english: String
    /// The same in Turkish.
    package let turkish: String

    /// Both say the same.
    package init(_ english: String, _ turkish: String) {
        self.english = english
        self.turkish = turkish
    }
}
