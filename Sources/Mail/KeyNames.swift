// SPDX-License-Identifier: Apache-2.0

/// The DNS names that the proofs of a mail lead to: `s1._domainkey.bank.example`.
package struct KeyNames: Hashable, Sendable {
    /// Of those whose word can prove the mail: the domain of the sender's rule, and forwarders whom
    /// the organizer named. Nobody else runs the name servers of these.
    package private(set) var own: [String] = []
    /// Of all others. Whoever writes a mail may put into it what he likes.
    package private(set) var others: [String] = []

    /// A mail that is not signed leads to none.
    package init() {}

    /// Every name, those first that can prove something.
    package var all: [String] { own + others }

    /// Adds a name that is not among them yet.
    package mutating func add(_ name: String, proves: Bool) {
        if proves {
            others.removeAll { $0 == name }
            if !own.contains(name) { own.append(name) }
        } else if !own.contains(name), !others.contains(name) {
            others.append(name)
        }
    }

    /// Adds those of a mail that is attached.
    package mutating func add(_ names: KeyNames) {
        for name in names.own { add(name, proves: true) }
        for name in names.others { add(name, proves: false) }
    }

    /// The first of them.
    package func first(_ count: Int) -> KeyNames {
        var first = self
        first.own = Array(own.prefix(count))
        first.others = Array(others.prefix(count - first.own.count))
        return first
    }
}
