// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// The ARC fields of a mail, put in order. Source: RFC 8617 §4, §5.2.
struct ARCChain {
    /// What one forwarder added.
    struct Instance {
        let results: HeaderBlock.Field
        let message: DKIMSignature
        let seal: ARCSeal
    }

    /// The standard allows 50. Mail that is forwarded between providers has two or three; each one
    /// more costs a key look-up and the hashing of all before it.
    static let instancesMax = 10

    /// In the order in which they were added.
    let instances: [Instance]

    /// Nil when the mail has no ARC field at all.
    static func read(
        _ raw: [UInt8], _ block: HeaderBlock
    ) -> Result<ARCChain, ForwardingChain.Failure>? {
        let results = block.all("arc-authentication-results", in: raw)
        let messages = block.all("arc-message-signature", in: raw)
        let seals = block.all("arc-seal", in: raw)
        let count = max(results.count, messages.count, seals.count)
        guard count > 0 else { return nil }
        guard count <= instancesMax else { return .failure(.tooLong) }
        guard results.count == count, messages.count == count, seals.count == count,
            let resultsInOrder = ordered(results, in: raw, until: ASCII.semicolon),
            let messagesInOrder = ordered(messages, in: raw),
            let sealsInOrder = ordered(seals, in: raw)
        else { return .failure(.structure) }
        var instances: [Instance] = []
        for place in 0..<count {
            guard
                let message = DKIMSignature(messagesInOrder[place], in: raw, of: .arc),
                !message.signs("arc-seal", in: raw),
                let seal = ARCSeal(sealsInOrder[place], in: raw)
            else { return .failure(.structure) }
            instances.append(
                Instance(results: resultsInOrder[place], message: message, seal: seal))
        }
        // The first found no chain, every other one a good one (RFC 8617 §5.2 step 3C).
        for (place, instance) in instances.enumerated()
        where instance.seal.verdict != (place == 0 ? .none : .pass) {
            return .failure(.brokenBefore)
        }
        return .success(ARCChain(instances: instances))
    }

    /// What the seal of the instance at `place` was made over: all fields up to it, by instance.
    func sealedDigest(at place: Int, of raw: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(4096)
        let form = Canonicalization.relaxed
        for index in 0...place {
            let instance = instances[index]
            for field in [instance.results, instance.message.field] {
                form.append(field, of: raw, to: &data)
                data += [ASCII.carriageReturn, ASCII.lineFeed]
            }
            if index < place {
                form.append(instance.seal.field, of: raw, to: &data)
                data += [ASCII.carriageReturn, ASCII.lineFeed]
            } else {
                form.append(
                    instance.seal.field, of: raw, without: instance.seal.signatureRange, to: &data)
            }
        }
        return Digest.sha256(data)
    }

    /// The fields by their `i=`, which must be 1, 2, … without a gap and none twice.
    ///
    /// - Parameter end: where the list of tags ends; the results field goes on in another syntax.
    private static func ordered(
        _ fields: [HeaderBlock.Field], in raw: [UInt8], until end: UInt8? = nil
    ) -> [HeaderBlock.Field]? {
        var places = [HeaderBlock.Field?](repeating: nil, count: fields.count)
        for field in fields {
            var range = field.value
            if let end {
                guard let place = raw[range].firstIndex(of: end) else { return nil }
                range = range.lowerBound..<place
            }
            guard let tags = TagList(raw, range), let text = tags.text("i", in: raw),
                text.utf8.count <= 2, text.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(text), (1...fields.count).contains(number),
                places[number - 1] == nil
            else { return nil }
            places[number - 1] = field
        }
        let found = places.compactMap { $0 }
        return found.count == fields.count ? found : nil
    }
}

/// One ARC-Seal field. Source: RFC 8617 §4.1.3.
struct ARCSeal {
    /// `cv=`: what the sealer found when the mail came.
    enum Verdict: String { case none, pass, fail }

    let field: HeaderBlock.Field
    let algorithm: DKIMSignature.Algorithm
    let signature: [UInt8]
    /// What is left out of the field when it is hashed.
    let signatureRange: Range<Int>
    let verdict: Verdict
    let domain: String
    let selector: String

    /// Nil when the field is not a seal that could be checked at all.
    init?(_ field: HeaderBlock.Field, in raw: [UInt8]) {
        guard let tags = TagList(raw, field.value),
            // A seal covers the ARC fields and nothing else.
            tags.tag("h", in: raw) == nil,
            let algorithm = tags.text("a", in: raw).map(DKIMSignature.Algorithm.init),
            algorithm != .other,
            let signatureTag = tags.tag("b", in: raw),
            let signature = DKIMSignature.base64(raw, signatureTag), !signature.isEmpty,
            let verdict = tags.text("cv", in: raw).flatMap({
                Verdict(rawValue: $0.asciiLowercased())
            }),
            let domain = tags.text("d", in: raw).flatMap(DKIMSignature.name),
            domain.utf8.contains(46),
            let selector = tags.text("s", in: raw).flatMap(DKIMSignature.name),
            DKIMSignature.seconds(tags.text("t", in: raw)) != nil
        else { return nil }
        self.field = field
        self.algorithm = algorithm
        self.signature = signature
        signatureRange = signatureTag.wide
        self.verdict = verdict
        self.domain = domain
        self.selector = selector
    }

    /// Where the key is published.
    var keyName: String { "\(selector)._domainkey.\(domain)" }
}
