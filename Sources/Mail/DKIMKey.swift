// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Synchronization

/// A published key. Source: RFC 6376 §3.6.1, RFC 8463 §4.
struct DKIMKey: Sendable {
    enum Reading: Sendable {
        case key(DKIMKey)
        case revoked
        case unreadable
    }

    let key: PublicKey
    /// `t=s`: the signature's `i=` must name exactly the domain of `d=`.
    let isStrict: Bool
    /// `t=y`: the signer is still trying things out; the signature says nothing.
    let isTesting: Bool

    /// Reads one TXT record.
    static func read(_ record: String) -> Reading {
        let raw = Array(record.utf8)
        guard let tags = TagList(raw, 0..<raw.count) else { return .unreadable }
        if let version = tags.tags.first, tags.text("v", in: raw) != nil {
            guard tags.text("v", in: raw) == "DKIM1", raw[version.name].elementsEqual([118])
            else { return .unreadable }
        }
        guard let data = tags.tag("p", in: raw) else { return .unreadable }
        if data.value.isEmpty { return .revoked }
        guard allows(tags.text("h", in: raw), "sha256"),
            allows(tags.text("s", in: raw), "email", "*"),
            let bytes = Base64.decode(raw[data.value]),
            let key = publicKey(tags.text("k", in: raw) ?? "rsa", bytes)
        else { return .unreadable }
        let flags = list(tags.text("t", in: raw) ?? "")
        return .key(
            DKIMKey(
                key: key, isStrict: flags.contains("s"), isTesting: flags.contains("y")))
    }

    private static func publicKey(_ kind: String, _ bytes: [UInt8]) -> PublicKey? {
        switch kind.asciiLowercased() {
        case "rsa": try? PublicKey(rsaDER: bytes)
        case "ed25519": try? PublicKey(ed25519: bytes)
        default: nil
        }
    }

    private static func allows(_ text: String?, _ names: String...) -> Bool {
        guard let text else { return true }
        return list(text).contains { names.contains($0) }
    }

    private static func list(_ text: String) -> [String] {
        text.asciiLowercased().split(separator: ":").map { part in
            String(part.filter { !$0.isWhitespace })
        }
    }
}

/// Records that were read before: decoding a key costs more than checking a signature with it.
final class DKIMKeyCache: Sendable {
    /// Some dozens of banks with a few selectors each; emptied when full.
    private static let recordsMax = 500

    private let known = Mutex<[String: DKIMKey.Reading]>([:])

    func read(_ record: String) -> DKIMKey.Reading {
        if let reading = known.withLock({ $0[record] }) { return reading }
        let reading = DKIMKey.read(record)
        known.withLock {
            if $0.count >= Self.recordsMax { $0.removeAll() }
            $0[record] = reading
        }
        return reading
    }
}
