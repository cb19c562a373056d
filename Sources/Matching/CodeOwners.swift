// SPDX-License-Identifier: Apache-2.0

import Domain

/// Whose codes stand in the description.
extension Evidence {
    /// The open registrations whose codes stand there with one slip, beside any that are right.
    func repairedOwners() throws -> [Registration] {
        guard let description = notice.description else { return [] }
        let prefixes = try lookup.referencePrefixes()
        return try openOwners(of: ReferenceFinder.slips(in: description, prefixes: prefixes))
    }

    /// The open registrations whose codes stand there.
    func exactOwners() throws -> [Registration] {
        guard let description = notice.description else { return [] }
        let found = ReferenceFinder.find(in: description, prefixes: try lookup.referencePrefixes())
        return try openOwners(
            of: found.compactMap { if case .exact(let code) = $0 { code } else { nil } })
    }

    func openOwners(of codes: [ReferenceCode]) throws -> [Registration] {
        var seen: Set<RegistrationID> = []
        return try codes.prefix(repairsMax).compactMap { code in
            guard let owner = try lookup.registration(reference: code), owner.standing == .open,
                seen.insert(owner.id).inserted
            else { return nil }
            return owner
        }
    }
}

/// Two damaged codes give fewer than 40 candidates; what is more is noise.
private let repairsMax = 64
