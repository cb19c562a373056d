// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite("Crypto")
struct CryptoTests {
    @Test("SHA-256 and HMAC give the published test vectors")
    func knownVectors() {
        #expect(
            Hex.encode(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var hasher = Digest.SHA256Hasher()
        hasher.update(Array("a".utf8))
        hasher.update([])
        hasher.update(Array("bc".utf8))
        #expect(hasher.finish() == Digest.sha256(Array("abc".utf8)))
        // RFC 4231, test case 2.
        #expect(
            Hex.encode(
                HMAC.sha256(
                    key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("A sealed text opens only with its key and its context, and only unchanged")
    func sealing() throws {
        let key = try SealingKey.random()
        let plain = Array("gizli".utf8)
        let sealed = try key.seal(plain, context: Array("row 1".utf8))
        #expect(try key.open(sealed, context: Array("row 1".utf8)) == plain)
        #expect(throws: CryptoError.self) { try key.open(sealed, context: Array("row 2".utf8)) }
        #expect(throws: CryptoError.self) {
            try SealingKey.random().open(sealed, context: Array("row 1".utf8))
        }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptoError.self) {
                try key.open(changed, context: Array("row 1".utf8))
            }
        }
        #expect(try key.open(key.seal([], context: []), context: []) == [])
        #expect(throws: CryptoError.self) { try key.open([1, 2, 3], context: []) }
        #expect(throws: CryptoError.self) { try SealingKey(bytes: [1]) }
    }

    @Test("RSA and Ed25519 signatures verify, and do not once a byte is changed")
    func signatures() throws {
        let rsa = try SigningKey.rsa(bits: 1024)
        let digest = Digest.sha256(Array("mail".utf8))
        let signature = try rsa.sign(digestSHA256: digest)
        let publicKey = try PublicKey(rsaDER: rsa.publicKey)
        #expect(publicKey.rsaBits == 1024)
        #expect(publicKey.verifies(signature: signature, digestSHA256: digest))
        #expect(!publicKey.verifies(signature: signature, digestSHA256: Digest.sha256([1])))
        #expect(!publicKey.verifies(signature: signature, message: digest))

        let edwards = try SigningKey.ed25519()
        let message = Array("bilet".utf8)
        let short = try edwards.sign(message: message)
        let verifier = try PublicKey(ed25519: edwards.publicKey)
        #expect(verifier.verifies(signature: short, message: message))
        #expect(!verifier.verifies(signature: short, message: message + [0]))
        #expect(throws: CryptoError.self) { try PublicKey(rsaDER: [1, 2, 3]) }
        #expect(throws: CryptoError.self) { try PublicKey(ed25519: [1, 2, 3]) }
        #expect(throws: CryptoError.self) { try edwards.sign(digestSHA256: digest) }
    }

    @Test(
        "Base64 goes there and back for every length, and refuses what is damaged",
        arguments: 0..<20)
    func base64(length: Int) throws {
        let bytes = try SecureRandom.bytes(count: length)
        let text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes)
        #expect(Base64.decode(text + " \r\n") == bytes)
        #expect(Base64.decode(text + "!") == nil)
    }
}
