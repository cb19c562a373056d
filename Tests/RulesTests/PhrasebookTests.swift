// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mail
import Testing

@testable import Rules

@Suite("What readings say, in Turkish")
struct PhrasebookTests {
    /// Words of which English sentences are made, and no rule, field or outcome.
    private static let english: Set<Substring> = [
        "the", "is", "are", "of", "no", "not", "and", "or", "has", "its", "it", "but", "fits",
        "fit",
        "missing", "read", "mail", "field", "row", "line", "table", "text", "too", "rule", "stands",
    ]

    private static func rest(_ explanation: String) -> [Substring] {
        let turkish = Phrasebook.turkish(explanation)
        let words = turkish.split { !$0.isLetter && !$0.isNumber && !"_-/".contains($0) }
        return words.filter { english.contains($0) }
    }

    @Test("nothing stays English, whatever a rule makes of the samples of all others")
    func everything() {
        let book = ShippedRules.book
        var seen: Set<String> = []
        for trial in RuleTrial.all(ShippedRules.sources) {
            for sample in trial.samples {
                seen.insert(sample.reading.explanation)
                seen.formUnion(sample.reading.nearMiss?.missing ?? [])
                for file in book.explain(sample.message, receivedAt: sample.receivedAt) {
                    seen.formUnion((file.reading?.explanation).map { [$0] } ?? [])
                    for case .content(let why) in file.variants.flatMap(\.hurdles) {
                        seen.insert(why)
                    }
                }
            }
        }
        #expect(seen.count > 100)
        for explanation in seen {
            #expect(
                Self.rest(explanation).isEmpty,
                "\(explanation) → \(Phrasebook.turkish(explanation))")
        }
    }

    @Test("gaps keep what stands in them, and what follows is Turkish too")
    func gaps() {
        let table = [
            "bank/in: frame fits, field amount is ambiguous (1.250)":
                "bank/in: çerçeve uyuyor, amount alanı iki anlama geliyor (1.250)",
            "row 3 of the table: field payer is missing": "tablonun 3. satırı: payer alanı yok",
            "line 7 of the text has 2 cells instead of 5": "metnin 7. satırı 5 yerine 2 hücreli",
            "line 7 of the text holds an amount and is no row of the table":
                "metnin 7. satırı tutar içeriyor ama tablonun satırı değil",
            "no rule is for this sender, but the text is that of a payment (a/b)":
                "bu gönderen için kural yok, ama metin bir ödeme bildiriminin metni (a/b)",
            "forwarded by hand: a/b: payment, the rule is a draft; its PDF needs a password":
                "elle iletilmiş: a/b: payment, kural taslak; PDF'i şifre istiyor",
            "denied: hediye çeki": "yasaklı söz: hediye çeki",
            "": "", ", ": ", ", "field  is missing": "field  is missing",
        ]
        for (english, turkish) in table { #expect(Phrasebook.turkish(english) == turkish) }
    }
}
