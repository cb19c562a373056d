// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Finds reference codes in what a payer or a bank wrote around them.
package enum ReferenceFinder {
    package enum Found: Hashable, Sendable {
        /// Nine right signs, however they were written.
        case exact(ReferenceCode)
        /// One slip away from these codes; at most one of them can be meant.
        case repaired(candidates: [ReferenceCode])
    }

    /// The codes in `text`, in their order, each once.
    package static func find(in text: String, prefixes: Set<String>) -> [Found] { [] }
}
