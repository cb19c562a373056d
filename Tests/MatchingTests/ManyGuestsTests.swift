// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

/// What must hold however many others there are: the ledger shows only some of those who owe a sum.
@Suite("Among many guests")
struct ManyGuestsTests {
    private static let names = ["Deniz", "Umut", "Irmak", "Rıza", "Onur"]
    private static let surnames = ["Ataca", "Gürsel", "Bayge", "Soylan", "Dinmaz", "Kurdız"]

    /// Thirty who owe the same, and then these.
    private func book(_ guests: [Registration]) -> Book {
        let crowd = Self.names.flatMap { name in
            Self.surnames.map { guest("\(name) \($0)", "\(name) \($0)", "KTP6DJ6PD") }
        }
        return Book(registrations: crowd + guests)
    }

    private func judge(_ payment: PaymentNotice, _ book: Book) throws -> Verdict {
        try Matcher(policy: .believing).verdict(
            for: payment, trust: TrustVerdict(.verified), lookup: book)
    }

    @Test("the one for whom somebody else pays comes first")
    func onBehalf() throws {
        let book = book([guest("elif", "Elif Nur Karaca", "KTF6HV349")])
        for payer in [
            "ELİF NUR KARACA adına BORA TANYEL tarafından", "ELİF KARACA adına BORA TANYEL",
        ] {
            let verdict = try judge(notice(125_000, from: payer, nil), book)
            #expect(verdict.kind == .review)
            #expect(verdict.candidates.first?.registration.text == "elif", "\(payer)")
            #expect(verdict.candidates.first?.reasons.contains(.paidOnBehalf) == true)
        }
    }

    @Test("who pays for another guest is not approved for the payer's own place")
    func onBehalfOfAnother() throws {
        let book = book([
            guest("elif", "Elif Nur Karaca", "KTF6HV349"),
            guest("bora", "Bora Tanyel", "KT834JJ46"),
        ])
        let verdict = try judge(
            notice(125_000, from: "ELİF NUR KARACA adına BORA TANYEL tarafından", nil), book)
        #expect(verdict.kind == .review && verdict.reasons.contains(.otherNamed))
        #expect(verdict.candidates.first?.registration.text == "elif")
    }

    @Test("a name of four words in the description is found")
    func fourWords() throws {
        let book = book([guest("elif", "Elif Nur Su Karaca", "KTF6HV349")])
        let verdict = try judge(
            notice(125_000, from: "Jale Weber", "kurs Elif Nur Su Karaca icin"), book)
        #expect(verdict.kind == .review)
        #expect(verdict.candidates.first?.registration.text == "elif")
    }

    @Test("a name of twenty signs may go on: with too many who may be meant, a person decides")
    func cut() throws {
        let payer = "Abdullah Karacalpman"
        #expect(payer.count == 20)
        let own = guest("own", payer, "KTF6HV349")
        let payment = notice(125_000, from: payer, nil)
        #expect(try judge(payment, book([own])).kind == .approve)
        let longer = guest("longer", "Abdullah Karacalpmanoğlu", "KT834JJ46")
        let rivalled = try judge(payment, book([own, longer]))
        #expect(rivalled.kind == .review && rivalled.reasons.contains(.severalCandidates))
        let paid = guest(
            "longer", "Abdullah Karacalpmanoğlu", "KT834JJ46", paid: 125_000, .confirmed)
        #expect(try judge(payment, book([own, paid])).kind == .approve)
        let others = (1...60).map { guest("other\($0)", "Abdullah Kaya", "KT834JJ46") }
        #expect(try judge(payment, book(others + [own])).kind == .review)
    }
}
