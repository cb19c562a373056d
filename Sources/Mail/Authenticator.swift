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
        var isHeld = holds(signature, proof, key)
        if !isHeld, let restored = signed.restoredMessageID(signature) {
            proof = signed.proof(signature, messageID: restored)
            isHeld = holds(signature, proof, key)
        }
        guard isHeld else { return .fail(.headerChanged) }
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

/// A mail seen from its signatures: which fields count, what is hashed.
struct SignedMail {
    /// A signature that held, and what it held over.
    struct Proof {
        let domain: String
        let digest: [UInt8]
    }

    private let raw: [UInt8]
    private let block: HeaderBlock
    private let subjectStands: Bool
    private var simpleBodyHash: [UInt8]?
    private var relaxedBodyHash: [UInt8]?
    /// A field that may stand once stands twice, or the block is broken.
    let isAmbiguous: Bool

    init(_ raw: [UInt8], _ block: HeaderBlock) {
        self.raw = raw
        self.block = block
        func count(_ name: StaticString) -> Int {
            block.fields.reduce(0) { $0 + (ASCII.equal(raw, $1.name, name) ? 1 : 0) }
        }
        let subjects = count("subject")
        subjectStands = subjects > 0
        isAmbiguous =
            !block.isWellFormed || !block.isWhole || count("from") != 1 || subjects > 1
            || count("date") > 1 || count("content-type") > 1
            || count("content-transfer-encoding") > 1
    }

    /// What speaks against the signature before any key is asked for.
    func refusal(of signature: DKIMSignature, now: Date?) -> SignatureResult.Failure? {
        if signature.algorithm == .other { return .algorithm }
        if signature.hasLength { return .lengthTag }
        if isAmbiguous { return .ambiguousHeader }
        if !signature.signs("from", in: raw) { return .fromNotSigned }
        if subjectStands, !signature.signs("subject", in: raw) { return .subjectNotSigned }
        if let expiry = signature.expiresAt {
            if let signedAt = signature.signedAt, signedAt > expiry { return .expired }
            if let now, now.timeIntervalSince1970 > Double(expiry) { return .expired }
        }
        return nil
    }

    mutating func bodyHash(_ form: Canonicalization) -> [UInt8] {
        switch form {
        case .simple:
            let hash = simpleBodyHash ?? form.bodyDigest(raw, from: block.bodyStart)
            simpleBodyHash = hash
            return hash
        case .relaxed:
            let hash = relaxedBodyHash ?? form.bodyDigest(raw, from: block.bodyStart)
            relaxedBodyHash = hash
            return hash
        }
    }

    /// The digest that was signed. Of fields with the same name the lowest counts first
    /// (RFC 6376 §5.4.2); a name without a field adds nothing.
    func proof(_ signature: DKIMSignature, messageID: HeaderBlock.Field? = nil) -> Proof {
        var data: [UInt8] = []
        data.reserveCapacity(2048)
        var used = [Bool](repeating: false, count: block.fields.count)
        for name in signature.signedNames {
            guard
                let index = block.fields.indices.last(where: {
                    !used[$0] && ASCII.equal(raw, block.fields[$0].name, name)
                })
            else { continue }
            used[index] = true
            var field = block.fields[index]
            if let messageID, ASCII.equal(raw, field.name, "message-id") { field = messageID }
            signature.header.append(field, of: raw, to: &data)
            data.append(ASCII.carriageReturn)
            data.append(ASCII.lineFeed)
        }
        signature.header.append(
            signature.field, of: raw, without: signature.signatureRange, to: &data)
        return Proof(domain: signature.domain, digest: Digest.sha256(data))
    }

    /// The Message-ID as the sender signed it, when Gmail replaced it and kept the old one: it does
    /// so with the bare numbers that VakıfBank writes. Only for relaxed headers, where the letters
    /// of the name and the blanks around the value do not count.
    func restoredMessageID(_ signature: DKIMSignature) -> HeaderBlock.Field? {
        guard case .relaxed = signature.header, signature.signs("message-id", in: raw),
            let current = block.first("message-id", in: raw),
            let kept = block.first("x-google-original-message-id", in: raw)
        else { return nil }
        return HeaderBlock.Field(name: current.name, value: kept.value)
    }

    /// Of the signature that the sender's own domain gave if there is one: a stranger who adds a
    /// signature of his own to a copy must not make a second mail of it.
    func identity(_ proofs: [Proof]) -> [UInt8] {
        guard let proof = proofs.first(where: isSendersOwn) ?? proofs.first else {
            var hasher = Digest.SHA256Hasher()
            hasher.update(Array("raw:".utf8))
            hasher.update(raw)
            return hasher.finish()
        }
        return Digest.sha256(Array("dkim:\(proof.domain)\n".utf8) + proof.digest)
    }

    private func isSendersOwn(_ proof: Proof) -> Bool {
        guard let field = block.first("from", in: raw),
            let at = raw[field.value].lastIndex(of: 64)
        else { return false }
        let rest = raw[raw.index(after: at)..<field.value.upperBound]
        let domain = rest.prefix { $0 != 62 && !ASCII.isFolding($0) && $0 != 40 }
        return Domains.covers(
            proof.domain, String(decoding: domain.map(ASCII.lower), as: UTF8.self))
    }
}
