// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A private key: RSA for signing sample mails, Ed25519 for tickets.
package final class SigningKey: Sendable {
    private let handle: KeyHandle
    private let isRSA: Bool

    private init(_ handle: KeyHandle, isRSA: Bool) {
        self.handle = handle
        self.isRSA = isRSA
    }

    /// A new RSA key. 2048 bits take about a tenth of a second.
    package static func rsa(bits: Int) throws(CryptoError) -> SigningKey {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(clamping: bits)) == 1,
            EVP_PKEY_keygen(context, &key) == 1
        else { throw notMade }
        return SigningKey(KeyHandle(key), isRSA: true)
    }

    /// A new Ed25519 key.
    package static func ed25519() throws(CryptoError) -> SigningKey {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &key) == 1 else {
            throw notMade
        }
        return SigningKey(KeyHandle(key), isRSA: false)
    }

    /// The public half: SubjectPublicKeyInfo for RSA, the 32 raw bytes for Ed25519.
    package var publicKey: [UInt8] {
        if isRSA {
            let length = i2d_PUBKEY(handle.raw, nil)
            guard length > 0 else { return [] }
            return [UInt8](unsafeUninitializedCapacity: Int(length)) { out, count in
                var cursor = out.baseAddress
                count = Int(i2d_PUBKEY(handle.raw, &cursor))
            }
        }
        return [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            count = 32
            EVP_PKEY_get_raw_public_key(handle.raw, out.baseAddress, &count)
        }
    }

    /// RSA, PKCS #1 v1.5 over an already computed SHA-256 digest.
    package func sign(digestSHA256 digest: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = EVP_PKEY_CTX_new(handle.raw, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var length = 0
        guard isRSA, EVP_PKEY_sign_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1,
            EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1,
            EVP_PKEY_sign(context, nil, &length, digest, digest.count) == 1
        else { throw Self.notSigned }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_PKEY_sign(context, &signature, &length, digest, digest.count) == 1 else {
            throw Self.notSigned
        }
        return Array(signature.prefix(length))
    }

    /// Ed25519 over the message itself.
    package func sign(message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        guard !isRSA, EVP_DigestSignInit(context, nil, nil, nil, handle.raw) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw Self.notSigned }
        return Array(signature.prefix(length))
    }

    private static let notMade = CryptoError(
        operation: "make key", cause: "the crypto library refused",
        hint: "Check the OpenSSL installation.")
    private static let notSigned = CryptoError(
        operation: "sign", cause: "the key does not fit this kind of signature",
        hint: "Use RSA with a digest, Ed25519 with the message.")
}
