// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Testing

@testable import Mail

/// Mails that travel in `smime.p7m`. Made with `openssl cms`, by an invented key.
@Suite struct SignedPartTests {
    /// `-sign -nodetach`, in DER.
    static let signed =
        "MIIBNAYJKoZIhvcNAQcCoIIBJTCCASECAQExDTALBglghkgBZQMEAgEwbwYJKoZIhvcNAQcBoGIE"
        + "YENvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KQ29udGVudC1UcmFuc2Zl"
        + "ci1FbmNvZGluZzogOGJpdA0KDQpUdXRhcjogMS4yNTAsMDAgVEwNCjGBmzCBmAIBATAwMBgxFjAU"
        + "BgNVBAMMDW9ybmVrLmV4YW1wbGUCFHYJDzLqLNOa7RPSEt97YZE3q743MAsGCWCGSAFlAwQCATAK"
        + "BggqhkjOPQQDAgRIMEYCIQC+OaI6NGQYXn6LNl3xbCyLx8ajhRAfAu0WEAInjunmfAIhAPT/LF1C"
        + "6yolPXkesqRha6tbJIrwfoizSA8727poEXsi"
    /// The same as a stream: lengths that are told at the end, the content in pieces.
    static let streamed =
        "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgARgQ29u"
        + "dGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQpDb250ZW50LVRyYW5zZmVyLUVu"
        + "Y29kaW5nOiA4Yml0DQoNClR1dGFyOiAxLjI1MCwwMCBUTA0KAAAAAAAAMYGZMIGWAgEBMDAwGDEW"
        + "MBQGA1UEAwwNb3JuZWsuZXhhbXBsZQIUdgkPMuos05rtE9IS33thkTervjcwCwYJYIZIAWUDBAIB"
        + "MAoGCCqGSM49BAMCBEYwRAIgaOaucider5VY0Gel1B09Ex9Dd8K50oyidVWxevxhlykCICtqg4ON"
        + "/HtrUSIRp8tLZineOxmeIWjY5svjeIRoxw1HAAAAAAAA"
    /// `-encrypt`.
    static let encrypted =
        "MIHmBgkqhkiG9w0BBwOggdgwgdUCAQIxMaIvAgEEMAMEAQEwCwYJYIZIAWUDBAEFBBhKcitjZnx5"
        + "Gdcg4aHr0y7ITaZQiTnh56UwgZwGCSqGSIb3DQEHATAdBglghkgBZQMEAQIEEP9nj9YWWV/vMiOs"
        + "bppnqKaAcOP4ksIjhnx4t6GM7hNhiDrBkWySCrD+u3Un4/Y85SOc9sc/dwxvQzaY1l4if6tye0rv"
        + "FG6YEXwkDE7pj5D7J3ktDugILJAl5Ulz0wtAi0BeSq8xZ+wdRHsNl5vztPax+8BouTxgdGfVFs2B"
        + "V7N4w9s="

    private func mail(
        _ base64: String, type: String = "application/pkcs7-mime; smime-type=signed-data"
    ) throws -> Message {
        let text =
            "From: bank@bank.example\r\nSubject: Tutar\r\nContent-Type: \(type); name=smime.p7m\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n\(base64)\r\n"
        return try MessageParser.parse(Array(text.utf8))
    }

    @Test(
        "what is signed and not encrypted is read as the mail's own text",
        arguments: [signed, streamed],
        [
            "application/pkcs7-mime; smime-type=signed-data", "application/x-pkcs7-mime",
            "application/octet-stream",
        ])
    func opaque(base64: String, type: String) throws {
        let message = try mail(base64, type: type)
        #expect(message.bodies.map(\.text) == ["Tutar: 1.250,00 TL"])
        #expect(message.bodies.map(\.source) == [.plain])
        #expect(message.attachments.map(\.kind) == [.other])
        #expect(message.notes.isEmpty)
    }

    @Test("what is encrypted, cut off or no such thing is noted")
    func sealed() throws {
        let half = String(Self.signed.prefix(200))
        for base64 in [Self.encrypted, half, "AAAA"] {
            let message = try mail(base64)
            #expect(message.bodies.isEmpty)
            #expect(message.attachments.map(\.kind) == [.encrypted])
            #expect(message.notes == [.attachedUnread])
        }
    }

    @Test("mails attached within what is signed count to the limit like all others")
    func attachedWithin() throws {
        guard case .plain(let content) = SignedContent(try #require(Base64.decode(Self.signed)))
        else {
            Issue.record("not read")
            return
        }
        #expect(String(decoding: content, as: UTF8.self).hasSuffix("Tutar: 1.250,00 TL\r\n"))
        let der = try #require(Base64.decode(Self.signed))
        // Whatever a stranger cuts or changes, nothing but a word comes of it.
        for count in der.indices { _ = SignedContent(Array(der.prefix(count))) }
        for place in der.indices {
            var changed = der
            changed[place] ^= 0x81
            _ = SignedContent(changed)
        }
    }

    @Test("a detached signature is nothing that was left unread")
    func detached() throws {
        let text =
            "From: a@b.example\r\nContent-Type: multipart/signed; boundary=b; "
            + "protocol=\"application/pkcs7-signature\"\r\n\r\n--b\r\n\r\nHallo\r\n--b\r\n"
            + "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n\(Self.signed)\r\n--b--\r\n"
        let message = try MessageParser.parse(Array(text.utf8))
        #expect(message.bodies.map(\.text) == ["Hallo"])
        #expect(message.notes.isEmpty)
    }
}
