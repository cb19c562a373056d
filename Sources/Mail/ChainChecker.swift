// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Checks a chain of forwarders against those whom the organizer named.
struct ChainChecker: Sendable {
    /// What the chain gave.
    struct Checked {
        let result: ForwardingChain
        /// What the newest forwarder signed, when the chain holds.
        var proof: SignedMail.Proof?
    }

    private let forwarders: Set<String>

    /// - Parameter forwarders: domains of sealers, compared whole: who seals below a forwarder's
    ///   domain may be its customer.
    init(_ forwarders: [String]) { self.forwarders = Set(forwarders.map { $0.asciiLowercased() }) }

    /// The keys that `check` will ask for, and whose they are.
    func keyNames(_ raw: [UInt8], _ block: HeaderBlock) -> [(name: String, domain: String)] {
        guard case .success(let chain) = ARCChain.read(raw, block), let newest = named(chain) else {
            return []
        }
        return [(newest.message.keyName, newest.message.domain)]
            + chain.instances.map { ($0.seal.keyName, $0.seal.domain) }
    }

    /// Nil when the mail has no chain. Keys are asked for only when the newest sealer is named.
    func check(
        _ raw: [UInt8], _ block: HeaderBlock, _ signed: inout SignedMail, now: Date,
        with signatures: SignatureChecker, keys: (String) -> KeyAnswer
    ) -> Checked? {
        let chain: ARCChain
        switch ARCChain.read(raw, block) {
        case nil: return nil
        case .failure(let failure): return Checked(result: ForwardingChain(outcome: .fail(failure)))
        case .success(let found): chain = found
        }
        guard let newest = named(chain), let witness = witness(of: chain) else {
            return Checked(result: ForwardingChain(outcome: .fail(.notNamed)))
        }
        let message = signatures.check(newest.message, &signed, now: now, keys: keys)
        var outcome = Self.outcome(message.outcome, .message)
        var doubted: String?
        if case .fail(let failure) = message.outcome, failure.isOfKey {
            doubted = newest.message.keyName
        }
        // The newest seal first, also when the key of another one is missing: only a named
        // forwarder can make it hold, and a chain that he did not seal waits for nobody's key.
        for place in chain.instances.indices.reversed() {
            if case .fail = outcome { break }
            let seal = chain.instances[place].seal
            let found = self.outcome(of: seal, at: place, in: chain, raw, signatures, keys)
            if found != .pass { outcome = found }
            if found == .fail(.seal) { doubted = seal.keyName }
            if found == .keyUnavailable { break }
        }
        let statement = HostStatement(raw[witness.results.value], behindInstance: true)
        let result = ForwardingChain(
            outcome: outcome, witness: witness.seal.domain,
            passedDomains: statement?.passedDomains ?? [], doubtedKey: doubted)
        return Checked(result: result, proof: outcome == .pass ? message.proof : nil)
    }

    private func outcome(
        of seal: ARCSeal, at place: Int, in chain: ARCChain, _ raw: [UInt8],
        _ signatures: SignatureChecker, _ keys: (String) -> KeyAnswer
    ) -> ForwardingChain.Outcome {
        switch signatures.find(seal.keyName, seal.algorithm, keys) {
        case .none(let reason): return Self.outcome(reason, .seal)
        case .keys(let keys):
            let digest = chain.sealedDigest(at: place, of: raw)
            let sealer = signatures.holder(of: seal.signature, seal.algorithm, digest, among: keys)
            return sealer?.isTesting == false ? .pass : .fail(.seal)
        }
    }

    private func named(_ chain: ARCChain) -> ARCChain.Instance? {
        chain.instances.last.flatMap { forwarders.contains($0.seal.domain) ? $0 : nil }
    }

    /// The oldest instance that only named forwarders have sealed since.
    private func witness(of chain: ARCChain) -> ARCChain.Instance? {
        chain.instances.reversed().prefix { forwarders.contains($0.seal.domain) }.last
    }

    private static func outcome(
        _ outcome: SignatureResult.Outcome, _ failure: ForwardingChain.Failure
    ) -> ForwardingChain.Outcome {
        switch outcome {
        case .pass: .pass
        case .fail: .fail(failure)
        case .keyUnavailable: .keyUnavailable
        }
    }
}
