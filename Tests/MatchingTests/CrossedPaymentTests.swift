// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

/// Guests who pay for one another: the payer's name says one thing, the words another.
@Suite("Crossed payments")
struct CrossedPaymentTests {
    private let umut = guest("umut", "Umut Kurtuldu", "KTF6HV349")
    private let derya = guest("derya", "Derya Kurtuldu", "KT834JJ46")

    private func verdict(
        _ registrations: [Registration], _ amount: Int64, from payer: String, _ words: String?,
        remembered: [String: Set<RegistrationID>] = [:]
    ) throws -> Verdict {
        var book = Book(registrations: registrations)
        book.remembered = remembered
        return try Matcher(policy: .believing).verdict(
            for: notice(amount, from: payer, words), trust: TrustVerdict(.verified), lookup: book)
    }

    @Test("a guest who names another is not booked for, and the named one comes first")
    func named() throws {
        let verdict = try verdict(
            [derya, umut], 125_000, from: "DERYA KURTULDU", "Umut Kurtuldu katılım")
        #expect(verdict.kind == .review)
        #expect(verdict.reasons.contains(.otherNamed))
        #expect(verdict.candidates.map(\.registration.text) == ["umut", "derya"])
    }

    @Test("a guest who names himself, or nobody, is booked")
    func ownName() throws {
        for words in ["Derya Kurtuldu katılım", "Para Transferi", nil] {
            let verdict = try verdict([derya, umut], 125_000, from: "DERYA KURTULDU", words)
            #expect(verdict.kind == .approve, "\(words ?? "–")")
            #expect(verdict.allocations.map(\.registration.text) == ["derya"])
        }
    }

    @Test(
        "the code of a guest who owes another sum, and the payer owes just this",
        arguments: [
            90_000, 250_000,
        ])
    func otherSum(due: Int64) throws {
        let umut = guest("umut", "Umut Kurtuldu", "KTF6HV349", due: due)
        let verdict = try verdict([umut, derya], 125_000, from: "DERYA KURTULDU", "KTF6HV349")
        #expect(verdict.kind == .review)
        #expect(verdict.reasons.contains(.rivalNear))
        #expect(verdict.candidates.first?.registration.text == "derya")
        #expect(verdict.allocations.isEmpty)
    }

    @Test("the code of a guest who owes another sum, and the payer owes nothing")
    func otherSumOfStranger() throws {
        let umut = guest("umut", "Umut Kurtuldu", "KTF6HV349", due: 250_000)
        let verdict = try verdict([umut, derya], 125_000, from: "NEHİR ATALAN", "KTF6HV349")
        #expect(verdict.kind == .underpaid)
    }

    @Test("a friend's code with the friend's sum pays for the friend")
    func friend() throws {
        let verdict = try verdict([umut, derya], 125_000, from: "DERYA KURTULDU", "KTF6HV349")
        #expect(verdict.kind == .approve)
        #expect(verdict.allocations.map(\.registration.text) == ["umut"])
    }

    @Test(
        "two codes, one of them damaged: a person decides, both are proposed",
        arguments: ["KT834JJ4", "KT834JJ47", "834JJ46", "T834JJ46", "KT8334JJ46", "KT384JJ46"])
    func secondCode(damaged: String) throws {
        for words in ["KTF6HV349 " + damaged, damaged + " KTF6HV349", "KTF6HV349/" + damaged] {
            for payer in ["DERYA KURTULDU", "UMUT KURTULDU", "NEHİR ATALAN"] {
                let verdict = try verdict([umut, derya], 125_000, from: payer, words)
                #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
                #expect(
                    Set(verdict.candidates.map(\.registration.text)) == ["umut", "derya"],
                    "\(words)")
                #expect(verdict.reasons.contains(.codeAmbiguous))
            }
            // Of both sums the first is certain; the rest becomes a question of its own.
            let both = try verdict([umut, derya], 250_000, from: "NEHİR ATALAN", words)
            #expect(both.kind == .overpaid && both.allocations.map(\.registration.text) == ["umut"])
        }
    }

    @Test("what is left of a second code holds the first where another pays, or another sum")
    func secondRemains() throws {
        for words in ["KTF6HV349 KT834JJ", "KT834J KTF6HV349"] {
            let other = try verdict([umut, derya], 125_000, from: "DERYA KURTULDU", words)
            #expect(other.kind == .review && other.reasons.contains(.otherNamed), "\(words)")
            let less = try verdict([umut, derya], 90_000, from: "UMUT KURTULDU", words)
            #expect(less.kind == .review, "\(words)")
            let own = try verdict([umut, derya], 125_000, from: "UMUT KURTULDU", words)
            #expect(own.kind == .approve, "\(words)")
        }
        // A bank's own numbers are no codes.
        let bank = try verdict(
            [umut], 125_000, from: "NEHİR ATALAN", "KTF6HV349 FAST8994 A12B34C sorgu no 5588")
        #expect(bank.kind == .approve)
    }

    @Test("the code of a guest who has paid: the payer's own registration comes first")
    func paid() throws {
        let umut = guest("umut", "Umut Kurtuldu", "KTF6HV349", paid: 125_000, .confirmed)
        let verdict = try verdict([umut, derya], 125_000, from: "DERYA KURTULDU", "KTF6HV349")
        #expect(verdict.kind == .duplicate)
        #expect(verdict.candidates.map(\.registration.text) == ["derya", "umut"])
    }

    @Test("the guest of a remembered payer comes before a near name, and is not booked")
    func remembered() throws {
        let near = guest("near", "Nadir Ünverdisoy", "KT97Z94RD")
        let verdict = try verdict(
            [near, umut], 125_000, from: "NADİR ÜNVERDİGİL", nil,
            remembered: ["NADİR ÜNVERDİGİL": ["umut"].reduce(into: []) { $0.insert(.init($1)) }])
        #expect(verdict.kind == .review)
        #expect(verdict.candidates.first?.registration.text == "umut")
    }
}
