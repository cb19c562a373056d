// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Agent
@testable import Ledger

@Suite("The proposals of an open question")
struct ProposalTests {
    private func ranked(_ till: Till) throws -> ReviewRecord {
        let review = try #require(try till.open.first)
        return try till.ledger.read { try till.pipeline.ranked(review, in: $0) }
    }

    private func answer(_ answer: ReviewAnswer, in till: Till) throws {
        let id = try #require(try till.open.first).id
        _ = try till.ledger.write { books in
            let answer = try till.pipeline.meaning(of: answer, to: id, in: books)
            return try till.desk.answer(id, answer, by: "ayla", now: till.now, in: books)
        }
    }

    @Test("put those behind who have paid since they were proposed")
    func paidSince() throws {
        let till = try Till()
        try till.guest(1, "Elif Karaca")
        try till.guest(2, "Bora Tanyel")
        try till.pay(125_000, from: nil)
        let first = try #require(try till.open.first?.candidates.first?.registration)
        let (number, name) = first.text == "g1" ? (1, "Elif Karaca") : (2, "Bora Tanyel")
        try till.pay(125_000, from: name, try code(number).text)
        #expect(try till.open.first?.candidates.first?.registration == first)

        let review = try ranked(till)
        #expect(review.candidates.map(\.registration.text) == [number == 1 ? "g2" : "g1"])
        #expect(review.revision == 1)
        // Who looked before that meant the other one.
        let other = RegistrationID("g\(3 - number)")
        #expect(throws: ReviewRefusal.firstChanged(other)) { try answer(.accept(nil), in: till) }
        try answer(.accept(other), in: till)
        #expect(try till.state(3 - number) == .paid)
        try till.expectSound()
    }

    @Test("stay as they are, with their revision, while nothing has changed")
    func unchanged() throws {
        let till = try Till()
        try till.guest(1, "Elif Karaca")
        try till.guest(2, "Bora Tanyel")
        try till.pay(125_000, from: nil)
        let before = try #require(try till.open.first)
        #expect(try ranked(till) == before)
        let first = try #require(before.candidates.first).registration
        try answer(.accept(nil), in: till)
        #expect(try till.registration(first.text == "g1" ? 1 : 2).state == .paid)
    }

    @Test("take in who registered since, by name")
    func newOne() throws {
        let till = try Till()
        try till.guest(1, "Elif Karaca")
        try till.pay(125_000, from: "Zeynep Uzak")
        try till.guest(2, "Bora Tanyel")
        try answer(.accept(RegistrationID("g2")), in: till)
        #expect(try till.state(2) == .paid)
    }

    @Test("book nothing where the evidence would decide by now, and say so first")
    func namesakeGone() throws {
        let till = try Till()
        try till.guest(1, "Elif Karaca")
        try till.guest(2, "Elif Karaca")
        try till.pay(125_000)
        let reasons = try #require(try till.open.first).reasons
        try till.ledger.write {
            _ = try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: till.now, in: $0)
        }
        let review = try ranked(till)
        #expect(review.candidates.first?.registration.text == "g2")
        #expect(review.reasons == reasons)
        #expect(try till.state(2) == .awaitingPayment)
    }

    @Test("are left alone where the question is about money over or an answer was given")
    func otherQuestions() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(135_000, try code(1).text)
        let over = try #require(try till.open.first)
        #expect(try ranked(till) == over)
        try till.answer(.credit)
        let closed = try #require(try till.ledger.read { try $0.review(over.id) })
        #expect(try till.ledger.read { try till.pipeline.ranked(closed, in: $0) } == closed)
    }
}
