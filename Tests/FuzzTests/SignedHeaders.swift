// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

@testable import Mail

/// Mails made out of genuine ones whose private key nobody has any more: whatever is done to them,
/// a signature that holds holds over what was signed.
enum SignedHeaders {
    private static let folder = Corpus.folder + "/dkim"
    private static let keys: [String: String] = {
        let lines = Corpus.text("dkim.keys").split(separator: "\n")
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
                return parts.count == 2 ? (parts[0], parts[1]) : nil
            }, uniquingKeysWith: { first, _ in first })
    }()
    private static let checker = Authenticator(
        trustedAuthserv: "mx.example.org", trustedForwarders: ["forwarder.example"])
    private static let genuine = Set(
        Corpus.inputs(.dkim).map(\.bytes).map(authenticate).filter(holds).map(\.identity))

    static func check(_ input: [UInt8]) throws {
        _ = checker.keyNames(input)
        let result = authenticate(input)
        guard holds(result) else { return }
        try require(
            genuine.contains(result.identity), "a signature holds over what was never signed")
    }

    private static func authenticate(_ raw: [UInt8]) -> Authentication {
        checker.authenticate(raw, now: Date(timeIntervalSince1970: 1_795_334_733)) { name in
            keys[name].map { .records([$0]) } ?? .absent
        }
    }

    private static func holds(_ result: Authentication) -> Bool {
        result.isUnambiguous && result.signatures.contains { $0.outcome == .pass }
    }
}
