// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import FoundationEssentials

/// A mail seen from its signatures: which fields count, what is hashed.
struct SignedMail {
    /// A signature that held, and what it held over.
    struct Proof {
        let domain: String
        let digest: [UInt8]
        /// It covers the Message-ID, so that two mails which say the same have two digests.
        let coversMessageID: Bool
    }

    /// What a mail is known by.
    struct Identity {
        let value: [UInt8]
        /// The same for all mails that say the same, when no Message-ID is signed.
        var signedContent: [UInt8]?
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
        var coversMessageID = false
        for name in signature.signedNames {
            guard
                let index = block.fields.indices.last(where: {
                    !used[$0] && ASCII.equal(raw, block.fields[$0].name, name)
                })
            else { continue }
            used[index] = true
            var field = block.fields[index]
            if ASCII.equal(raw, field.name, "message-id") {
                coversMessageID = true
                field = messageID ?? field
            }
            signature.header.append(field, of: raw, to: &data)
            data.append(ASCII.carriageReturn)
            data.append(ASCII.lineFeed)
        }
        signature.header.append(
            signature.field, of: raw, without: signature.signatureRange, to: &data)
        return Proof(
            domain: signature.domain, digest: Digest.sha256(data),
            coversMessageID: coversMessageID)
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
    ///
    /// A bank that signs no Message-ID may write the same twice, for two payments, within a second
    /// or, where it signs no Date, within a day. So the unsigned fields count as well; who changes
    /// them on a copy gets another identity, and the same `signedContent`.
    func identity(_ proofs: [Proof]) -> Identity {
        guard let proof = proofs.first(where: isSendersOwn) ?? proofs.first else {
            return Identity(value: Digest.sha256(Array("raw:".utf8) + raw))
        }
        let signed = Digest.sha256(Array("dkim:\(proof.domain)\n".utf8) + proof.digest)
        if proof.coversMessageID { return Identity(value: signed) }
        let name = LetterName(raw, block)
        let own = name.isEmpty ? raw : Array(name.text.utf8)
        return Identity(value: Digest.sha256(signed + own), signedContent: signed)
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
