// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Random bytes fit for keys and tokens.
package enum SecureRandom {
    /// Fresh bytes from the system's generator.
    ///
    /// - Throws: `CryptoError` when the system gives none; never anything weaker instead.
    package static func bytes(count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else {
            throw CryptoError(
                operation: "random", cause: "the system gave no randomness",
                hint: "Check that /dev/urandom can be read.")
        }
        return bytes
    }
}
