// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mail
import Testing

@testable import Authoring

@Suite("Personal data in odd shapes")
struct HostileShapeTests {
    private static let seeds: [UInt64] = [1, 42, 0xfeed_face]

    private static func anonymized(_ mail: String, _ seed: UInt64) throws -> MailAnonymizer.Result {
        try MailAnonymizer(seed: seed, vocabulary: [], values: []).anonymize(Array(mail.utf8))
    }

    private static func folded(_ text: String) -> String {
        text.lowercased().filter { !$0.isWhitespace }
    }

    @Test(
        "leave no word behind",
        arguments: [
            ("Gönderen: N E H İ R   A K I N", ["N E H", "A K I N"]),
            ("Gönderen: N E H I R A K I N", ["N E H", "A K I N"]),
            ("AHMET YILMAZ'dan geldi", ["AHMET", "YILMAZ"]),
            ("AHMET YILMAZ’dan geldi", ["AHMET", "YILMAZ"]),
            ("Sn. AHMET Y. hesabınıza", ["AHMET", " Y."]),
            ("Sn.AHMET YILMAZ, merhaba", ["AHMET", "YILMAZ"]),
            ("NEHİR Q. AKIN", ["NEHİR", "AKIN"]),
            ("ahmet_yilmaz-dekont", ["ahmet", "yilmaz"]),
            ("mailto:ahmet.yilmaz@ev.example?subject=Ahmet%20Yilmaz", ["ahmet", "Yilmaz"]),
            ("https://bank.example/d?ad=Ahmet+Yilmaz&tel=5321234567", ["Ahmet", "5321234567"]),
            ("Tel: 0 532 123 45 67", ["532 123", "45 67"]),
            ("Tel: +90 (532) 123-45-67", ["(532)", "123", "45-67"]),
            ("Tel: 0532.123.45.67", ["532", "123", "45.67"]),
            ("Tel: 0532\u{A0}123\u{A0}4567", ["532", "123", "4567"]),
            ("TCKN: 10000000146", ["10000000146"]), ("T.C. 100 000 001 46", ["146", "100 0"]),
            ("TR33\u{A0}0006\u{A0}1005\u{A0}1978\u{A0}6457\u{A0}8413\u{A0}26", ["1978", "6457"]),
            ("TR33-0006-1005-1978-6457-8413-26", ["1978", "6457"]),
            ("Kart: **** 1234", ["1234"]), ("Kart: 4543-60**-****-1234", ["4543", "1234"]),
            ("Kart: 4543 60** **** 1234", ["4543", "1234"]),
        ])
    func lines(_ line: String, _ personal: [String]) throws {
        for seed in Self.seeds {
            let mail =
                "From: Mari <bilgi@bank.example>\nSubject: \(line)\nX-Musteri: \(line)\n"
                + "List-Id: \(line)\nContent-Type: text/plain; charset=utf-8\n\n\(line)\n"
            let raw = String(decoding: try Self.anonymized(mail, seed).raw, as: UTF8.self)
            for word in personal {
                #expect(
                    !raw.lowercased().contains(word.lowercased()), "seed \(seed): \(raw)")
            }
        }
    }

    @Test(
        "leave nothing of a file that is no text, whatever it says it is",
        arguments: ["application/pdf", "application/octet-stream", "text/plain", "image/png"])
    func files(_ type: String) throws {
        let mail = """
            From: Mari <bilgi@bank.example>
            Subject: Dekont
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8

            Para geldi
            --b
            Content-Type: \(type); name="Ahmet_Yilmaz.pdf"
            Content-Disposition: attachment; filename="Ahmet_Yilmaz.pdf"
            Content-Description: Ahmet Yilmaz

            %PDF-1.7 (Ahmet Yilmaz)
            --b--
            """
        for seed in Self.seeds {
            let result = try Self.anonymized(mail, seed)
            let raw = String(decoding: result.raw, as: UTF8.self)
            #expect(!raw.contains("PDF-") && !raw.contains("Ahmet") && !raw.contains("Yilmaz"))
            #expect(result.droppedParts == [type])
        }
    }

    @Test("leave no name in the name of a file")
    func fileNames() throws {
        let mail = """
            From: Mari <bilgi@bank.example>
            Content-Type: text/plain; charset=utf-8; name="dekont_Ahmet_Yilmaz.txt"
            Content-Disposition: attachment; filename*=utf-8''AHMET%20Y%C4%B1lmaz.txt

            Para geldi
            """
        let raw = String(decoding: try Self.anonymized(mail, 7).raw, as: UTF8.self).lowercased()
        #expect(!raw.contains("ahmet") && !raw.contains("yilmaz") && !raw.contains("lmaz"))
    }
}
