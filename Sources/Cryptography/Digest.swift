// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum Digest {
    package static let sha256Bytes = 32

    /// The 32 bytes of the digest.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { sha256($0) }
    }

    /// The 32 bytes of the digest, for bytes that are not an array of their own.
    package static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: sha256Bytes) { out, count in
            EVP_Digest(
                bytes.baseAddress, bytes.count, out.baseAddress, nil, Algorithm.sha256.raw, nil)
            count = sha256Bytes
        }
    }

    /// A digest that is fed piece by piece.
    package struct SHA256Hasher: ~Copyable {
        private let state: OpaquePointer?

        package init() {
            state = EVP_MD_CTX_new()
            EVP_DigestInit_ex(state, Algorithm.sha256.raw, nil)
        }

        deinit { EVP_MD_CTX_free(state) }

        /// Takes the next bytes in; pieces of any length give the digest of the whole.
        package mutating func update(_ bytes: UnsafeRawBufferPointer) {
            EVP_DigestUpdate(state, bytes.baseAddress, bytes.count)
        }

        package mutating func update(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { update($0) }
        }

        /// The digest of all that was fed; the hasher is used up.
        package consuming func finish() -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: sha256Bytes) { out, count in
                EVP_DigestFinal_ex(state, out.baseAddress, nil)
                count = sha256Bytes
            }
        }
    }
}

/// An algorithm fetched once: looking it up for every use costs more than a short digest or seal.
///
/// The handle is never changed after it was fetched, hence `@unchecked Sendable`.
struct Algorithm: @unchecked Sendable {
    let raw: OpaquePointer?

    static let sha256 = Algorithm(raw: EVP_MD_fetch(nil, "SHA256", nil))
    static let aes256GCM = Algorithm(raw: EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
}

/// HMAC with SHA-256 (RFC 2104).
package enum HMAC {
    /// The 32 bytes of the code.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        HMACKey(key).code(of: message)
    }
}

/// A key of HMAC with SHA-256, of which both first blocks are digested once: that is half the work
/// of a short message. The library's own HMAC looks its algorithm up for every call besides.
///
/// The states are copied and never changed after `init`, hence `@unchecked Sendable`.
package final class HMACKey: @unchecked Sendable {
    private static let blockBytes = 64
    private let inner: OpaquePointer?
    private let outer: OpaquePointer?

    /// - Parameter key: of any length.
    package init(_ key: [UInt8]) {
        let short = key.count > Self.blockBytes ? Digest.sha256(key) : key
        func begun(_ mask: UInt8) -> OpaquePointer? {
            let block = (0..<Self.blockBytes).map { ($0 < short.count ? short[$0] : 0) ^ mask }
            let state = EVP_MD_CTX_new()
            EVP_DigestInit_ex(state, Algorithm.sha256.raw, nil)
            EVP_DigestUpdate(state, block, block.count)
            return state
        }
        inner = begun(0x36)
        outer = begun(0x5C)
    }

    deinit {
        EVP_MD_CTX_free(inner)
        EVP_MD_CTX_free(outer)
    }

    /// The 32 bytes of the code.
    package func code(of message: [UInt8]) -> [UInt8] {
        let state = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(state) }
        return [UInt8](unsafeUninitializedCapacity: Digest.sha256Bytes) { out, count in
            EVP_MD_CTX_copy_ex(state, inner)
            message.withUnsafeBytes { _ = EVP_DigestUpdate(state, $0.baseAddress, $0.count) }
            EVP_DigestFinal_ex(state, out.baseAddress, nil)
            EVP_MD_CTX_copy_ex(state, outer)
            EVP_DigestUpdate(state, out.baseAddress, Digest.sha256Bytes)
            EVP_DigestFinal_ex(state, out.baseAddress, nil)
            count = Digest.sha256Bytes
        }
    }
}
