// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import FoundationEssentials

/// Checks single signatures with published keys, those of senders and those of forwarders.
struct SignatureChecker: Sendable {
    /// What one signature gave.
    struct Checked {
        let outcome: SignatureResult.Outcome
        /// What the header signature held over; it may hold although the body was changed.
        var proof: SignedMail.Proof?
    }

    /// The keys that fit a signature, at least one, or why there is none.
    enum Found {
        case keys([DKIMKey])
        case none(SignatureResult.Outcome)
    }

    /// Shorter RSA keys are refused (RFC 8301 §3.2).
    private static let rsaBitsMin = 1024
    private let keyCache = DKIMKeyCache()

    func check(
        _ signature: DKIMSignature, _ signed: inout SignedMail, now: Date,
        rsaBitsMin: Int? = nil,
        keys: (String) -> KeyAnswer
    ) -> Checked {
        if let refusal = signed.refusal(of: signature, now: now) {
            return Checked(outcome: .fail(refusal))
        }
        let fitting: [DKIMKey]
        switch find(signature.keyName, signature.algorithm, rsaBitsMin: rsaBitsMin, keys) {
        case .none(let outcome): return Checked(outcome: outcome)
        case .keys(let found): fitting = found
        }
        let allowed = fitting.filter {
            !$0.isStrict || signature.identityDomain == signature.domain
        }
        guard !allowed.isEmpty else { return Checked(outcome: .fail(.keyUnreadable)) }
        func signer(_ proof: SignedMail.Proof) -> DKIMKey? {
            holder(of: signature.signature, signature.algorithm, proof.digest, among: allowed)
        }
        var proof = signed.proof(signature)
        var key = signer(proof)
        if key == nil, let restored = signed.restoredMessageID(signature) {
            proof = signed.proof(signature, messageID: restored)
            key = signer(proof)
        }
        let held = key?.isTesting == false ? proof : nil
        guard signed.bodyHash(signature.body) == signature.bodyHash else {
            return Checked(outcome: .fail(.bodyChanged), proof: held)
        }
        guard let key else { return Checked(outcome: .fail(.headerChanged)) }
        return Checked(outcome: key.isTesting ? .fail(.keyTesting) : .pass, proof: held)
    }

    /// Asks for the keys of a name and refuses those that do not fit the algorithm.
    func find(
        _ name: String, _ algorithm: DKIMSignature.Algorithm, rsaBitsMin: Int? = nil,
        _ keys: (String) -> KeyAnswer
    ) -> Found {
        switch keys(name) {
        case .unavailable: return .none(.keyUnavailable)
        case .absent: return .none(.fail(.keyAbsent))
        case .records(let records):
            let least = max(Self.rsaBitsMin, rsaBitsMin ?? 0)
            var keys: [DKIMKey] = []
            var failure: SignatureResult.Failure?
            for record in records.prefix(DKIM.keysMax) {
                switch keyCache.read(record) {
                case .key(let key):
                    let reason = unfit(key, for: algorithm, rsaBitsMin: least)
                    if reason == nil { keys.append(key) }
                    failure = failure ?? reason
                case .revoked: failure = failure ?? .keyRevoked
                // Records beside the key are passed over.
                case .unreadable: break
                }
            }
            guard keys.isEmpty else { return .keys(keys) }
            return .none(.fail(failure ?? (records.isEmpty ? .keyAbsent : .keyUnreadable)))
        }
    }

    /// The key with which a signature over a SHA-256 digest holds (RFC 6376 §3.3, RFC 8463 §3).
    func holder(
        of signature: [UInt8], _ algorithm: DKIMSignature.Algorithm, _ digest: [UInt8],
        among keys: [DKIMKey]
    ) -> DKIMKey? {
        keys.first { key in
            algorithm == .ed25519SHA256
                ? key.key.verifies(signature: signature, message: digest)
                : key.key.verifies(signature: signature, digestSHA256: digest)
        }
    }

    private func unfit(
        _ key: DKIMKey, for algorithm: DKIMSignature.Algorithm, rsaBitsMin: Int
    ) -> SignatureResult.Failure? {
        guard let bits = key.key.rsaBits else {
            return algorithm == .ed25519SHA256 ? nil : .keyUnreadable
        }
        guard algorithm == .rsaSHA256 else { return .keyUnreadable }
        return bits < rsaBitsMin ? .keyTooShort : nil
    }
}
