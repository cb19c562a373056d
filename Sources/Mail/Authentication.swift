// SPDX-License-Identifier: Apache-2.0

package import Domain

/// What one DKIM-Signature field is worth.
package struct SignatureResult: Hashable, Sendable {
    /// Whether the signature holds.
    package enum Outcome: Hashable, Sendable {
        case pass
        case fail(Failure)
        /// The key could not be asked for; another time it may be.
        case keyUnavailable
    }

    /// Why it does not; the raw values are stable names.
    package enum Failure: String, Hashable, Sendable, CaseIterable {
        /// The field breaks the syntax of RFC 6376.
        case malformed
        /// rsa-sha1 or an algorithm nobody knows.
        case algorithm
        /// `l=`: anybody could add text behind the signed part.
        case lengthTag = "length_tag"
        case expired
        case fromNotSigned = "from_not_signed"
        case subjectNotSigned = "subject_not_signed"
        /// A field that may stand once stands twice, or the header block is broken: readers
        /// would disagree about what was signed.
        case ambiguousHeader = "ambiguous_header"
        case keyAbsent = "key_absent"
        case keyRevoked = "key_revoked"
        case keyUnreadable = "key_unreadable"
        case keyTooShort = "key_too_short"
        /// The signer says that it is still testing (`t=y`).
        case keyTesting = "key_testing"
        case bodyChanged = "body_changed"
        case headerChanged = "header_changed"

        /// No word for or against the mail, as if it were not signed. A short key may be the bank's
        /// own: it proves nothing, and it is no sign of a forgery.
        var isSilent: Bool {
            self == .keyAbsent || self == .keyTesting || self == .keyTooShort
        }

        /// Another key under the same name could make it hold.
        var isOfKey: Bool {
            switch self {
            case .headerChanged, .keyRevoked, .keyUnreadable, .keyTooShort, .keyTesting: true
            case .malformed, .algorithm, .lengthTag, .expired, .fromNotSigned, .subjectNotSigned,
                .ambiguousHeader, .keyAbsent, .bodyChanged:
                false
            }
        }

        /// A fault of the signing itself, which no statement of a mail host heals.
        var isRefusal: Bool {
            switch self {
            case .malformed, .algorithm, .lengthTag, .expired, .fromNotSigned, .subjectNotSigned,
                .ambiguousHeader, .keyRevoked, .keyTooShort, .keyTesting:
                true
            case .keyAbsent, .keyUnreadable, .bodyChanged, .headerChanged: false
            }
        }
    }

    /// `d=`, lower case; empty when the field could not be read.
    package let domain: String
    /// `s=`, lower case.
    package let selector: String
    /// What checking it gave.
    package let outcome: Outcome
    /// Whether the Date field is signed. Who copies a mail could give one that is not a new date.
    package let isDateSigned: Bool
    /// Whether the To field is signed, and there is one of it: whom the sender wrote to.
    package let isToSigned: Bool

    /// Where its key is published.
    var keyName: String { "\(selector)._domainkey.\(domain)" }

    /// A result as it is given; tests of other rooms make their own.
    package init(
        domain: String, selector: String, outcome: Outcome, isDateSigned: Bool = true,
        isToSigned: Bool = false
    ) {
        self.domain = domain
        self.selector = selector
        self.outcome = outcome
        self.isDateSigned = isDateSigned
        self.isToSigned = isToSigned
    }
}

/// What the organizer's own mail host said when it took a mail in for a group, which the group
/// then passed on under its own signature.
///
///     X-Original-Authentication-Results: mx.google.com; dkim=pass header.i=@bank.example
///
/// It counts only if a forwarder whom the organizer named signed that very field: anybody can write
/// one.
package struct RelayedStatement: Hashable, Sendable {
    /// The named forwarder, as it stands in `d=` of its signature.
    package let forwarder: String
    /// What was said before.
    package let statement: HostStatement

    /// A statement as it is given.
    package init(forwarder: String, statement: HostStatement) {
        self.forwarder = forwarder
        self.statement = statement
    }
}

/// How far a mail may be believed, before it is known whose it claims to be.
package struct Authentication: Sendable {
    /// One per signature that was looked at, top first.
    package let signatures: [SignatureResult]
    /// The word of the organizer's own mail host; nil when it said nothing or no host is pinned.
    package let hostStatement: HostStatement?
    /// The word that the same host gave earlier, for a group; nil when nobody signed such a one.
    package let relayed: RelayedStatement?
    /// A named forwarder may have signed such a word, and his key could not be had.
    package let relayNeedsKey: Bool
    /// What forwarders say; nil when the mail has no chain of them.
    package let chain: ForwardingChain?
    /// 32 bytes. Of the signed content when a signature passes or a named forwarder vouches for it,
    /// so that copies of a mail with other Received fields are one mail; of all bytes otherwise. No
    /// forgery shares the identity of the real mail.
    package let identity: [UInt8]
    /// 32 bytes that are the same for all mails which say the same, when the signature does not
    /// cover the Message-ID; nil otherwise. Then `identity` rests on unsigned fields: who changes
    /// them makes another mail of a copy.
    package let signedContent: [UInt8]?
    /// Whether the header block reads the same for everyone.
    package let isUnambiguous: Bool

    /// What was found, as it is given; tests of other rooms make their own.
    package init(
        signatures: [SignatureResult], hostStatement: HostStatement? = nil,
        relayed: RelayedStatement? = nil, relayNeedsKey: Bool = false,
        chain: ForwardingChain? = nil, identity: [UInt8], signedContent: [UInt8]? = nil,
        isUnambiguous: Bool = true
    ) {
        self.signatures = signatures
        self.hostStatement = hostStatement
        self.relayed = relayed
        self.relayNeedsKey = relayNeedsKey
        self.chain = chain
        self.identity = identity
        self.signedContent = signedContent
        self.isUnambiguous = isUnambiguous
    }

    /// Some key could not be had that may prove the mail as one of `domains`, and nothing else
    /// does: worth another try later. The key of a stranger proves nothing and is not waited for.
    package func needsKey(alignedWith domains: [String], from: [MailAddress]) -> Bool {
        let own = signatures(alignedWith: domains, from: from)
        return chain?.outcome == .keyUnavailable || relayNeedsKey
            || own.contains { $0.outcome == .keyUnavailable }
                && !own.contains { $0.outcome == .pass }
    }

    /// The names of keys with which nothing holds that could have: a domain that changes its key
    /// may do so under the same name, so they are worth another question before a mail is said to
    /// be forged.
    package func doubtedKeys(alignedWith domains: [String], from: [MailAddress]) -> [String] {
        let own = signatures(alignedWith: domains, from: from)
        guard !own.contains(where: { $0.outcome == .pass }) else { return [] }
        return own.compactMap { result in
            guard case .fail(let failure) = result.outcome, failure.isOfKey else { return nil }
            return result.keyName
        } + [chain?.doubtedKey].compactMap(\.self)
    }

    private func signatures(
        alignedWith domains: [String], from: [MailAddress]
    ) -> [SignatureResult] {
        guard from.count == 1 else { return [] }
        let claimed = Self.claimed(domains, by: from[0].domain)
        return signatures.filter { result in
            claimed.contains { Domains.covers($0, result.domain) }
        }
    }

    /// Those of a rule's domains under which the sender's lies.
    static func claimed(_ domains: [String], by sender: String) -> [String] {
        domains.map { $0.asciiLowercased() }.filter { domain in
            !PublicSuffix.contains(domain) && Domains.covers(domain, sender.asciiLowercased())
        }
    }

    /// A signature passes, but none that passes covers the Date field: it may be an old mail with a
    /// new date.
    package var leavesDateOpen: Bool {
        let passing = signatures.filter { $0.outcome == .pass }
        return !passing.isEmpty && !passing.contains { $0.isDateSigned }
    }

    /// Whether To says whom one of `domains`, a rule's own, wrote to: who passes a genuine mail on
    /// can address the envelope anew, but not what the bank signed.
    package func provesRecipients(alignedWith domains: [String]) -> Bool {
        let own = domains.map { $0.asciiLowercased() }
        return signatures.contains { result in
            result.outcome == .pass && result.isToSigned
                && own.contains { Domains.covers($0, result.domain) }
        }
    }

    /// The trust that a mail deserves as one of `domains`, a rule's own.
    ///
    /// A domain stands for itself and everything below it, label by label, never for what is
    /// above. The signer and the From address must lie under the same one.
    package func trust(
        alignedWith domains: [String], from: [MailAddress], fromFieldCount: Int
    ) -> TrustVerdict {
        guard fromFieldCount <= 1, from.count <= 1 else { return TrustVerdict(.forged) }
        guard let sender = from.first?.domain else { return TrustVerdict(.unverified) }
        let claimed = Self.claimed(domains, by: sender)
        guard !claimed.isEmpty else {
            let passes = signatures.contains { $0.outcome == .pass }
            return TrustVerdict(passes ? .forged : .unverified)
        }
        func isAligned(_ domain: String) -> Bool {
            claimed.contains { Domains.covers($0, domain) }
        }
        let aligned = signatures.filter { isAligned($0.domain) }
        if let proof = aligned.first(where: { $0.outcome == .pass }) {
            return TrustVerdict(.verified, by: "dkim \(proof.domain)")
        }
        let isRefused = aligned.contains { result in
            if case .fail(let failure) = result.outcome { failure.isRefusal } else { false }
        }
        if !isRefused, isUnambiguous, let chain, chain.outcome == .pass,
            let forwarder = chain.witness, let domain = chain.passedDomains.first(where: isAligned)
        {
            return TrustVerdict(.verified, by: "arc \(forwarder) (dkim \(domain))")
        }
        if !isRefused, isUnambiguous, let hostStatement,
            hostStatement.passedDomains.contains(where: isAligned)
        {
            return TrustVerdict(.vouched, by: "authserv \(hostStatement.authserv)")
        }
        if !isRefused, isUnambiguous, let relayed,
            relayed.statement.passedDomains.contains(where: isAligned)
        {
            return TrustVerdict(
                .vouched, by: "authserv \(relayed.statement.authserv) via \(relayed.forwarder)")
        }
        if chain?.outcome == .keyUnavailable { return TrustVerdict(.unverified) }
        return TrustVerdict(Self.withoutProof(aligned, signatures))
    }

    /// Nothing proves the mail: is there something that speaks against it?
    private static func withoutProof(
        _ aligned: [SignatureResult], _ all: [SignatureResult]
    ) -> Trust {
        if aligned.contains(where: { $0.outcome == .keyUnavailable }) { return .unverified }
        let relevant = aligned.isEmpty ? all : aligned
        let speaksAgainst = relevant.contains { result in
            switch result.outcome {
            case .pass: true
            case .fail(let failure): !failure.isSilent
            case .keyUnavailable: false
            }
        }
        return speaksAgainst ? .forged : .unverified
    }
}
