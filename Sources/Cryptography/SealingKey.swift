// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A key for AES-256-GCM: what it seals can be read, and is known to be unchanged, only with it.
///
/// A sealed text is nonce (12 bytes, random) ‖ cipher text ‖ tag (16 bytes). The context is bound
/// to it without being stored: a sealed column moved to another row does not open.
package struct SealingKey: Sendable {
    package static let byteCount = 32
    private static let nonceBytes = 12
    private static let tagBytes = 16

    private let bytes: [UInt8]

    /// - Throws: when there are not exactly 32 bytes.
    package init(bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.byteCount else {
            throw CryptoError(
                operation: "read key", cause: "\(bytes.count) bytes instead of 32",
                hint: "Make a key with: openssl rand -base64 32")
        }
        self.bytes = bytes
    }

    /// A fresh key.
    package static func random() throws(CryptoError) -> SealingKey {
        try SealingKey(bytes: SecureRandom.bytes(count: byteCount))
    }

    /// The key itself, to be sealed by another key. Never log it.
    package func export() -> [UInt8] { bytes }

    /// A key of its own for another purpose, derived with HMAC-SHA-256.
    package func derive(_ purpose: String) -> [UInt8] {
        HMAC.sha256(key: bytes, message: Array(purpose.utf8))
    }

    /// Seals a text for one place.
    ///
    /// - Parameter context: where the text belongs, such as table, column and row; only the same
    ///   context opens it again.
    package func seal(_ plain: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
        let nonce = try SecureRandom.bytes(count: Self.nonceBytes)
        let cipher = CipherContext()
        var sealed = nonce + [UInt8](repeating: 0, count: plain.count + Self.tagBytes)
        var length: Int32 = 0
        let ok = sealed.withUnsafeMutableBufferPointer { out -> Bool in
            guard let base = out.baseAddress else { return false }
            return EVP_EncryptInit_ex(cipher.raw, Algorithm.aes256GCM.raw, nil, bytes, nonce) == 1
                && EVP_EncryptUpdate(
                    cipher.raw, nil, &length, context, Int32(clamping: context.count)) == 1
                && EVP_EncryptUpdate(
                    cipher.raw, base + Self.nonceBytes, &length, plain,
                    Int32(clamping: plain.count)) == 1
                && EVP_EncryptFinal_ex(
                    cipher.raw, base + Self.nonceBytes + plain.count, &length) == 1
                && EVP_CIPHER_CTX_ctrl(
                    cipher.raw, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes),
                    base + Self.nonceBytes + plain.count) == 1
        }
        guard ok else {
            throw CryptoError(
                operation: "seal", cause: "the crypto library refused",
                hint: "Check the OpenSSL installation.")
        }
        return sealed
    }

    /// - Throws: when key or context are not those of `seal`, or a byte was changed.
    package func open(_ sealed: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
        let textBytes = sealed.count - Self.nonceBytes - Self.tagBytes
        guard textBytes >= 0 else { throw Self.notOpened }
        let cipher = CipherContext()
        var plain = [UInt8](repeating: 0, count: textBytes + 1)
        var length: Int32 = 0
        let ok = sealed.withUnsafeBufferPointer { input -> Bool in
            guard let base = input.baseAddress else { return false }
            let text = base + Self.nonceBytes
            var tag = Array(sealed[(Self.nonceBytes + textBytes)...])
            return EVP_DecryptInit_ex(cipher.raw, Algorithm.aes256GCM.raw, nil, bytes, base) == 1
                && EVP_DecryptUpdate(
                    cipher.raw, nil, &length, context, Int32(clamping: context.count)) == 1
                && EVP_DecryptUpdate(
                    cipher.raw, &plain, &length, text, Int32(clamping: textBytes)) == 1
                && EVP_CIPHER_CTX_ctrl(
                    cipher.raw, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), &tag) == 1
                && EVP_DecryptFinal_ex(cipher.raw, &plain, &length) == 1
        }
        guard ok else { throw Self.notOpened }
        plain.removeLast()
        return plain
    }

    private static let notOpened = CryptoError(
        operation: "open", cause: "the sealed text does not belong to this key and place",
        hint: "Use the master key that the database was made with.")
}

/// One use of OpenSSL's cipher state.
private struct CipherContext: ~Copyable {
    let raw: OpaquePointer?

    init() { raw = EVP_CIPHER_CTX_new() }

    deinit { EVP_CIPHER_CTX_free(raw) }
}
