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

/// What is published under the name of a key.
package enum DKIM {
    /// Keys of one name that are tried. A name has one; those that it had before are kept.
    package static let keysMax = 10
    /// Bytes of one record: an RSA key of 16,384 bits, the longest that anybody makes, has 2,800.
    private static let recordBytesMax = 4096

    /// The records that are keys, also one that was withdrawn (`p=`). Whatever else stands under
    /// the name, such as a word that proves to somebody whose the domain is, is left out. Sorted:
    /// name servers shuffle their answers, and the same ones are the same answer.
    package static func records(among records: [String]) -> [String] {
        let keys = records.filter { record in
            let raw = Array(record.utf8)
            return raw.count <= recordBytesMax && !raw.contains(ASCII.lineFeed)
                && TagList(raw, 0..<raw.count)?.tag("p", in: raw) != nil
        }
        return Array(keys.sorted().prefix(keysMax))
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
