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

    /// A key that fits its signature, or why there is none.
    enum Found {
        case key(DKIMKey)
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
        let key: DKIMKey
        switch find(signature.keyName, signature.algorithm, rsaBitsMin: rsaBitsMin, keys) {
        case .none(let outcome): return Checked(outcome: outcome)
        case .key(let found): key = found
        }
        if key.isStrict, signature.identityDomain != signature.domain {
            return Checked(outcome: .fail(.keyUnreadable))
        }
        var proof = signed.proof(signature)
        var isHeld = holds(signature.signature, signature.algorithm, proof.digest, key)
        if !isHeld, let restored = signed.restoredMessageID(signature) {
            proof = signed.proof(signature, messageID: restored)
            isHeld = holds(signature.signature, signature.algorithm, proof.digest, key)
        }
        let held = isHeld && !key.isTesting ? proof : nil
        guard signed.bodyHash(signature.body) == signature.bodyHash else {
            return Checked(outcome: .fail(.bodyChanged), proof: held)
        }
        guard isHeld else { return Checked(outcome: .fail(.headerChanged)) }
        return Checked(outcome: key.isTesting ? .fail(.keyTesting) : .pass, proof: held)
    }

    /// Asks for a key and refuses what does not fit the algorithm.
    func find(
        _ name: String, _ algorithm: DKIMSignature.Algorithm, rsaBitsMin: Int? = nil,
        _ keys: (String) -> KeyAnswer
    ) -> Found {
        switch keys(name) {
        case .unavailable: return .none(.keyUnavailable)
        case .absent: return .none(.fail(.keyAbsent))
        case .records(let records):
            switch reading(of: records) {
            case .key(let key):
                let least = max(Self.rsaBitsMin, rsaBitsMin ?? 0)
                if let failure = unfit(key, for: algorithm, rsaBitsMin: least) {
                    return .none(.fail(failure))
                }
                return .key(key)
            case .revoked: return .none(.fail(.keyRevoked))
            case .unreadable: return .none(.fail(.keyUnreadable))
            case nil: return .none(.fail(.keyAbsent))
            }
        }
    }

    /// Whether a signature holds over a SHA-256 digest (RFC 6376 §3.3, RFC 8463 §3).
    func holds(
        _ signature: [UInt8], _ algorithm: DKIMSignature.Algorithm, _ digest: [UInt8],
        _ key: DKIMKey
    ) -> Bool {
        algorithm == .ed25519SHA256
            ? key.key.verifies(signature: signature, message: digest)
            : key.key.verifies(signature: signature, digestSHA256: digest)
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
        _ key: DKIMKey, for algorithm: DKIMSignature.Algorithm, rsaBitsMin: Int
    ) -> SignatureResult.Failure? {
        guard let bits = key.key.rsaBits else {
            return algorithm == .ed25519SHA256 ? nil : .keyUnreadable
        }
        guard algorithm == .rsaSHA256 else { return .keyUnreadable }
        return bits < rsaBitsMin ? .keyTooShort : nil
    }
}
