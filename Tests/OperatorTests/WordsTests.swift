// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Agent
@testable import Operator

@Suite("Turkish words")
struct WordsTests {
    @Test("stand for every state, verdict, outcome and proof")
    func states() {
        let names =
            RegistrationState.allCases.map(\.rawValue) + EffectState.allCases.map(\.rawValue)
            + Verdict.Kind.allCases.map(\.rawValue) + MailOutcome.allCases.map(\.rawValue)
            + Trust.allCases.map(\.rawValue)
        for name in names { #expect(Language.turkish.word(name) != name, "\(name)") }
        #expect(Language.english.word("refundDue") == "refundDue")
        let refusal = ReviewRefusal.closed(RegistrationID("a2"), .cancelled)
        #expect(refusal.turkish == "a2 ödeme alamaz; durumu: iptal edildi.")
    }

    @Test("stand over tables; who reads English keeps the names")
    func headings() {
        #expect(Language.turkish.headings(["STATE", "WHY"]) == ["DURUM", "NEDEN"])
        #expect(Language.english.headings(["STATE", "WHY"]) == ["STATE", "WHY"])
    }
}
