// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
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

/// Checks who signed a mail. Source: RFC 6376 §6, RFC 8463, RFC 8601.
package struct Authenticator: Sendable {
    /// Signatures that are looked at; more are a way to burn time (RFC 6376 §8.4).
    private static let signaturesMax = 8

    private let trustedAuthserv: String?
    private let rsaBitsMin: Int
    private let keyCache = DKIMKeyCache()

    /// - Parameters:
    ///   - trustedAuthserv: the authserv-id of the organizer's own mail host; nil trusts none.
    ///   - rsaBitsMin: shorter RSA keys are refused (RFC 8301 §3.2 names 1024).
    package init(trustedAuthserv: String?, rsaBitsMin: Int = 1024) {
        self.trustedAuthserv = trustedAuthserv?.asciiLowercased()
        self.rsaBitsMin = rsaBitsMin
    }

    /// The DNS names of the keys that `authenticate` will ask for: `s1._domainkey.bank.example`.
    package func keyNames(_ raw: [UInt8]) -> [String] {
        let block = HeaderBlock(raw, limits: .standard)
        let signed = SignedMail(raw, block)
        var names: [String] = []
        for field in Self.signatureFields(block, raw) {
            guard let signature = DKIMSignature(field, in: raw),
                signed.refusal(of: signature, now: nil) == nil,
                !names.contains(signature.keyName)
            else { continue }
            names.append(signature.keyName)
        }
        return names
    }

    /// Checks every signature of the mail and reads the statement of the pinned mail host.
    ///
    /// - Parameters:
    ///   - raw: the mail as it was fetched; lines end in CRLF or LF.
    ///   - now: the time at which a signature must not have expired: when the mail arrived.
    ///   - keys: what was found for a name of `keyNames`.
    package func authenticate(
        _ raw: [UInt8], now: Date, keys: (String) -> KeyAnswer
    ) -> Authentication {
        let block = HeaderBlock(raw, limits: .standard)
        var signed = SignedMail(raw, block)
        var results: [SignatureResult] = []
        var proofs: [SignedMail.Proof] = []
        for field in Self.signatureFields(block, raw) {
            guard let signature = DKIMSignature(field, in: raw) else {
                results.append(
                    SignatureResult(domain: "", selector: "", outcome: .fail(.malformed)))
                continue
            }
            let outcome = check(signature, &signed, now, keys, &proofs)
            results.append(
                SignatureResult(
                    domain: signature.domain, selector: signature.selector, outcome: outcome))
        }
        return Authentication(
            signatures: results, hostStatement: hostStatement(block, raw),
            identity: signed.identity(proofs), isUnambiguous: !signed.isAmbiguous)
    }

    private func check(
        _ signature: DKIMSignature, _ signed: inout SignedMail, _ now: Date,
        _ keys: (String) -> KeyAnswer, _ proofs: inout [SignedMail.Proof]
    ) -> SignatureResult.Outcome {
        if let refusal = signed.refusal(of: signature, now: now) { return .fail(refusal) }
        let key: DKIMKey
        switch keys(signature.keyName) {
        case .unavailable: return .keyUnavailable
        case .absent: return .fail(.keyAbsent)
        case .records(let records):
            switch reading(of: records) {
            case .key(let found): key = found
            case .revoked: return .fail(.keyRevoked)
            case .unreadable: return .fail(.keyUnreadable)
            case nil: return .fail(.keyAbsent)
            }
        }
        if let failure = unfit(key, for: signature) { return .fail(failure) }
        guard signed.bodyHash(signature.body) == signature.bodyHash else {
            return .fail(.bodyChanged)
        }
        var proof = signed.proof(signature)
        if !holds(signature, proof, key), let restored = signed.restoredMessageID(signature) {
            proof = signed.proof(signature, messageID: restored)
        }
        guard holds(signature, proof, key) else { return .fail(.headerChanged) }
        if key.isTesting { return .fail(.keyTesting) }
        proofs.append(proof)
        return .pass
    }

    private func holds(
        _ signature: DKIMSignature, _ proof: SignedMail.Proof, _ key: DKIMKey
    ) -> Bool {
        signature.algorithm == .ed25519SHA256
            ? key.key.verifies(signature: signature.signature, message: proof.digest)
            : key.key.verifies(signature: signature.signature, digestSHA256: proof.digest)
    }

    /// Records beside the key are passed over; nil when there are none at all.
    private func reading(of records: [String]) -> DKIMKey.Reading? {
        var last: DKIMKey.Reading?
        for record in records {
            let reading = keyCache.read(record)
            if case .unreadable = reading {
                last = last ?? reading
            } else {
                return reading
            }
        }
        return last
    }

    private func unfit(
        _ key: DKIMKey, for signature: DKIMSignature
    ) -> SignatureResult.Failure? {
        if let bits = key.key.rsaBits {
            guard signature.algorithm == .rsaSHA256 else { return .keyUnreadable }
            if bits < rsaBitsMin { return .keyTooShort }
        } else if signature.algorithm != .ed25519SHA256 {
            return .keyUnreadable
        }
        return key.isStrict && signature.identityDomain != signature.domain ? .keyUnreadable : nil
    }

    private func hostStatement(_ block: HeaderBlock, _ raw: [UInt8]) -> HostStatement? {
        guard let trustedAuthserv,
            let field = block.first("authentication-results", in: raw),
            let statement = HostStatement(raw[field.value]),
            statement.authserv == trustedAuthserv
        else { return nil }
        return statement
    }

    private static func signatureFields(
        _ block: HeaderBlock, _ raw: [UInt8]
    ) -> ArraySlice<HeaderBlock.Field> {
        block.all("dkim-signature", in: raw).prefix(signaturesMax)
    }
}
