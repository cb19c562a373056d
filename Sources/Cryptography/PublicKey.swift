// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A public key that signatures are checked with: RSA or Ed25519.
package final class PublicKey: Sendable {
    private let handle: KeyHandle

    /// The size of an RSA modulus in bits; nil for Ed25519.
    package let rsaBits: Int?

    /// An RSA key as SubjectPublicKeyInfo or bare PKCS#1, the two forms found in DKIM records.
    package init(rsaDER der: [UInt8]) throws(CryptoError) {
        var key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        if key == nil {
            key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var cursor = buffer.baseAddress
                return d2i_PublicKey(EVP_PKEY_RSA, nil, &cursor, buffer.count)
            }
        }
        ERR_clear_error()
        let handle = KeyHandle(key)
        guard key != nil, EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw Self.unreadable }
        self.handle = handle
        rsaBits = Int(EVP_PKEY_get_bits(key))
    }

    /// The 32 bytes of an Ed25519 key.
    package init(ed25519 bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == 32,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        else {
            ERR_clear_error()
            throw Self.unreadable
        }
        handle = KeyHandle(key)
        rsaBits = nil
    }

    /// RSA, PKCS #1 v1.5 over an already computed SHA-256 digest.
    package func verifies(signature: [UInt8], digestSHA256 digest: [UInt8]) -> Bool {
        guard rsaBits != nil, let context = EVP_PKEY_CTX_new(handle.raw, nil) else { return false }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_PKEY_verify_init(context) == 1
            && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
            && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1
            && EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    /// Ed25519 over the message itself (RFC 8032; PureEdDSA).
    package func verifies(signature: [UInt8], message: [UInt8]) -> Bool {
        guard rsaBits == nil, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, nil, nil, handle.raw) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static let unreadable = CryptoError(
        operation: "read public key", cause: "not an RSA or Ed25519 key",
        hint: "The published key record is damaged; ask its owner.")
}

/// Owns one EVP_PKEY. OpenSSL allows a key to be used by several threads at once as long as nobody
/// changes it, and nothing here does; hence `@unchecked Sendable`.
final class KeyHandle: @unchecked Sendable {
    let raw: OpaquePointer?

    init(_ raw: OpaquePointer?) { self.raw = raw }

    deinit { EVP_PKEY_free(raw) }
}
