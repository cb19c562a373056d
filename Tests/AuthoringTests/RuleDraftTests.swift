// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@testable import Authoring

@Suite("A drafted rule")
struct RuleDraftTests {
    /// Saved notices of payments, each in one form, and what the bank's own rule reads in them.
    private static let payments: [String] = ShippedMails.names.filter { name in
        guard name.hasSuffix(".text.eml") || name.hasSuffix(".html.eml"),
            let message = try? ShippedMails.message(name)
        else { return false }
        let reading = ShippedMails.book.read(message, receivedAt: message.date ?? Date())
        // A dollar that is named behind the sum, `$25.00 (CAD)`, is left to who writes the rule.
        return reading.outcome == .payment && reading.movements.count == 1
            && !message.subject.contains("$")
            && message.bodies.contains { $0.source == .plain || $0.source == .html }
    }

    static var usable: String? { payments.first { $0.hasPrefix("p01") } ?? payments.first }

    static func draft(_ names: [String], turkish: Bool = true) throws -> RuleDraft {
        try RuleDraft.make(
            RuleDraft.Request(
                mails: names.map { try ShippedMails.raw($0) }, fragments: ShippedMails.fragments,
                vocabulary: [], seed: 7, isTurkish: turkish))
    }

    @Test("there are many to try")
    func corpus() { #expect(Self.payments.count >= 40) }

    @Test("loads at once and reads the mail it was made from", arguments: payments)
    func readsItsMail(name: String) throws {
        let draft = try Self.draft([name])
        #expect(draft.problems.map(\.description) == [], "\(draft.text)")
        let book = RuleBook.compile(
            ShippedMails.fragments + [RuleSource(path: "a/rule.yaml", text: draft.text)]
        ).book
        let message = try ShippedMails.message(name)
        let received = message.date ?? Date()
        let mine = book.read(message, receivedAt: received)
        let theirs = ShippedMails.book.read(message, receivedAt: received)
        #expect(mine.outcome == .payment, "\(mine.explanation)\n\(draft.text)")
        #expect(mine.isDraft)
        let (own, real) = (mine.notices.first, theirs.notices.first)
        #expect(own?.amount == real?.amount)
        #expect(own?.payer == real?.payer, "\(draft.text)")
        #expect(own?.description == real?.description, "\(draft.text)")
    }
}

@Suite("What a draft passes over")
struct DraftCautionTests {
    @Test("is nothing that says that money came in, with the common words and without")
    func moneyIn() throws {
        let name = try #require(RuleDraftTests.usable)
        let raw = try ShippedMails.raw(name)
        let message = try ShippedMails.message(name)
        let sender = try #require(message.from.first)
        for fragments in [ShippedMails.fragments, []] {
            let draft = try RuleDraft.make(
                RuleDraft.Request(
                    mails: [raw], fragments: fragments, vocabulary: [], seed: 7, isTurkish: true))
            #expect(!draft.text.contains("hesabından"))
            let (book, problems) = RuleBook.compile(
                fragments + [RuleSource(path: "a/rule.yaml", text: draft.text)])
            #expect(problems.map(\.description) == [])
            let reading = book.read(
                Message(
                    from: [sender], subject: "Bilgilendirme",
                    bodies: [
                        BodyText(
                            source: .plain,
                            text: "ELİF KARACA adlı müşterimizin hesabından hesabınıza 1.250,00 TL "
                                + "aktarılmıştır. Kartınızla bonus kazanın, hesabınızdan ödeyin!")
                    ]), receivedAt: message.date ?? Date())
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
        }
    }
}
