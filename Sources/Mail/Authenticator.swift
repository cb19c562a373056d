// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What was found out about a published key.
package enum KeyAnswer: Sendable {
    /// The TXT records of the name, the pieces of each joined.
    case records([String])
    /// The name exists without such a record, or does not exist.
    case absent
    /// No answer could be had; ask again later.
    case unavailable
}

/// Checks who signed a mail, and who forwarded it.
///
/// Source: RFC 6376 §6, RFC 8463, RFC 8601, RFC 8617.
package struct Authenticator: Sendable {
    /// Signatures that are looked at; more are a way to burn time (RFC 6376 §8.4).
    private static let signaturesMax = 8

    private let trustedAuthserv: String?
    private let trustedForwarders: Set<String>
    private let signatures: SignatureChecker
    private let chains: ChainChecker

    /// - Parameters:
    ///   - trustedAuthserv: the authserv-id of the organizer's own mail host; nil trusts none.
    ///   - trustedForwarders: the sealing domains (`d=` of ARC-Seal) whose word about a bank's
    ///     signature counts, such as `google.com`. Whoever is named here is believed for all of
    ///     its customers; none by default. They may also sign for what the pinned host said when it
    ///     took the mail in for a group (`googlegroups.com`).
    package init(
        trustedAuthserv: String?, trustedForwarders: [String] = []
    ) {
        self.trustedAuthserv = trustedAuthserv?.asciiLowercased()
        self.trustedForwarders = Set(trustedForwarders.map { $0.asciiLowercased() })
        signatures = SignatureChecker()
        chains = ChainChecker(trustedForwarders)
    }

    /// The DNS names of the keys that `authenticate` will ask for.
    ///
    /// - Parameters:
    ///   - sender: the domain of the From address.
    ///   - domains: of the rule for that sender.
    package func keyNames(
        _ raw: [UInt8], sender: String = "", domains: [String] = []
    ) -> KeyNames {
        let block = HeaderBlock(raw, limits: .standard)
        let signed = SignedMail(raw, block)
        let claimed = Authentication.claimed(domains, by: sender)
        var names = KeyNames()
        func add(_ name: String, of domain: String) {
            let proves =
                trustedForwarders.contains(domain)
                || claimed.contains { Domains.covers($0, domain) }
            names.add(name, proves: proves)
        }
        for field in Self.signatureFields(block, raw) {
            guard let signature = DKIMSignature(field, in: raw),
                signed.refusal(of: signature, now: nil) == nil
            else { continue }
            add(signature.keyName, of: signature.domain)
        }
        for (name, domain) in chains.keyNames(raw, block) { add(name, of: domain) }
        return names
    }

    /// Checks every signature of the mail and reads the statement of the pinned mail host.
    ///
    /// - Parameters:
    ///   - raw: the mail as it was fetched; lines end in CRLF or LF.
    ///   - now: the time at which a signature must not have expired: when the mail arrived.
    ///   - rsaBitsMin: RSA keys of signatures that are shorter are refused, beside those that are
    ///     refused anyway (RFC 8301 §3.2 names 1024 bits).
    ///   - isAttached: the mail came within another one. The mail host put its finding on that one;
    ///     what stands in this one anybody may have typed, so only signatures count.
    ///   - keys: what was found for a name of `keyNames`.
    package func authenticate(
        _ raw: [UInt8], now: Date, rsaBitsMin: Int? = nil, isAttached: Bool = false,
        keys: (String) -> KeyAnswer
    ) -> Authentication {
        let block = HeaderBlock(raw, limits: .standard)
        var signed = SignedMail(raw, block)
        let hasOneTo = block.all("to", in: raw).count == 1
        var results: [SignatureResult] = []
        var proofs: [SignedMail.Proof] = []
        var headerProofs: [SignedMail.Proof] = []
        var relayer: String?
        var relayNeedsKey = false
        for field in Self.signatureFields(block, raw) {
            guard let signature = DKIMSignature(field, in: raw) else {
                results.append(
                    SignatureResult(domain: "", selector: "", outcome: .fail(.malformed)))
                continue
            }
            let checked = signatures.check(
                signature, &signed, now: now, rsaBitsMin: rsaBitsMin, keys: keys)
            results.append(
                SignatureResult(
                    domain: signature.domain, selector: signature.selector,
                    outcome: checked.outcome, isDateSigned: signature.signs("date", in: raw),
                    isToSigned: hasOneTo && signature.signs("to", in: raw)))
            if trustedForwarders.contains(signature.domain),
                signature.signs("x-original-authentication-results", in: raw)
            {
                if checked.outcome == .pass { relayer = relayer ?? signature.domain }
                if checked.outcome == .keyUnavailable { relayNeedsKey = true }
            }
            guard let proof = checked.proof else { continue }
            if checked.outcome == .pass { proofs.append(proof) } else { headerProofs.append(proof) }
        }
        let chain = chains.check(raw, block, &signed, now: now, with: signatures, keys: keys)
        if let chain, let proof = chain.proof {
            // A forwarder that added a footer left the header as the bank signed it: then this copy
            // and the one that came directly are one mail. Only on the word of the witness, or a
            // forgery below a stolen header would take the place of the real mail.
            let known = chain.result.passedDomains
            proofs += headerProofs.filter { known.contains($0.domain) } + [proof]
        }
        let identity = signed.identity(proofs)
        return Authentication(
            signatures: results, hostStatement: isAttached ? nil : hostStatement(block, raw),
            relayed: relayer.flatMap { relayed(by: $0, block, raw) },
            relayNeedsKey: relayNeedsKey && relayer == nil, chain: chain?.result,
            identity: identity.value, signedContent: identity.signedContent,
            isUnambiguous: !signed.isAmbiguous)
    }

    private func hostStatement(_ block: HeaderBlock, _ raw: [UInt8]) -> HostStatement? {
        guard let trustedAuthserv,
            let field = block.first("authentication-results", in: raw),
            let statement = HostStatement(raw[field.value]),
            statement.authserv == trustedAuthserv
        else { return nil }
        return statement
    }

    /// Of several such fields nobody can say which one the group wrote.
    private func relayed(
        by forwarder: String, _ block: HeaderBlock, _ raw: [UInt8]
    ) -> RelayedStatement? {
        let fields = block.all("x-original-authentication-results", in: raw)
        guard fields.count == 1, let statement = HostStatement(raw[fields[0].value]),
            statement.authserv == trustedAuthserv
        else { return nil }
        return RelayedStatement(forwarder: forwarder, statement: statement)
    }

    private static func signatureFields(
        _ block: HeaderBlock, _ raw: [UInt8]
    ) -> ArraySlice<HeaderBlock.Field> {
        block.all("dkim-signature", in: raw).prefix(signaturesMax)
    }
}
