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

    /// The keys that `check` will ask for.
    func keyNames(_ raw: [UInt8], _ block: HeaderBlock) -> [String] {
        guard case .success(let chain) = ARCChain.read(raw, block), let newest = named(chain) else {
            return []
        }
        return [newest.message.keyName] + chain.instances.map(\.seal.keyName)
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
        for place in chain.instances.indices.reversed() where outcome == .pass {
            let seal = chain.instances[place].seal
            switch signatures.find(seal.keyName, seal.algorithm, keys) {
            case .none(let reason): outcome = Self.outcome(reason, .seal)
            case .keys(let keys):
                let digest = chain.sealedDigest(at: place, of: raw)
                let sealer = signatures.holder(
                    of: seal.signature, seal.algorithm, digest, among: keys)
                if sealer?.isTesting != false { outcome = .fail(.seal) }
            }
        }
        let statement = HostStatement(raw[witness.results.value], behindInstance: true)
        let result = ForwardingChain(
            outcome: outcome, witness: witness.seal.domain,
            passedDomains: statement?.passedDomains ?? [])
        return Checked(result: result, proof: outcome == .pass ? message.proof : nil)
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
