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
///
/// Made of two digests: the library's own HMAC looks its algorithm up for every call, which costs
/// more than the code of a short message.
package enum HMAC {
    private static let blockBytes = 64

    /// The 32 bytes of the code.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        let short = key.count > blockBytes ? Digest.sha256(key) : key
        // One state for both digests: to make one costs as much as a short digest.
        let state = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(state) }
        return withUnsafeTemporaryAllocation(byteCount: blockBytes, alignment: 8) { block in
            func begin(_ mask: UInt8) {
                for index in 0..<blockBytes {
                    block[index] = (index < short.count ? short[index] : 0) ^ mask
                }
                EVP_DigestInit_ex(state, Algorithm.sha256.raw, nil)
                EVP_DigestUpdate(state, block.baseAddress, blockBytes)
            }
            return [UInt8](unsafeUninitializedCapacity: Digest.sha256Bytes) { out, count in
                begin(0x36)
                message.withUnsafeBytes { _ = EVP_DigestUpdate(state, $0.baseAddress, $0.count) }
                EVP_DigestFinal_ex(state, out.baseAddress, nil)
                begin(0x5C)
                EVP_DigestUpdate(state, out.baseAddress, Digest.sha256Bytes)
                EVP_DigestFinal_ex(state, out.baseAddress, nil)
                count = Digest.sha256Bytes
            }
        }
    }
}
