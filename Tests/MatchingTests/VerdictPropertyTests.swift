// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

/// Registrations and payments in which everything can meet everything.
private struct Scene {
    private static let codes = ["KTF6HV349", "KT834JJ46", "KTP6DJ6PD", "KT94PJ3RK", "KT59VVR32"]
    private static let names = ["Elif Karaca", "Elif Nur Karaca", "Bora Tanyel", "Selin Örge"]
    private static let payers = names + ["E*** K***", "KARACA ELİF", "Elif K.", "Mehmet Karaca"]
    private static let texts =
        codes + ["KTF6HV34O", "KT834JJ4", "KT8334JJ46", "Para Transferi", "Elif Karaca kurs"]
    private static let sums: [Int64] = [60_000, 62_500, 85_000, 125_000]

    let book: Book
    let payment: PaymentNotice

    init(random: inout SeededRandom) {
        let guests = Self.codes.prefix(Int.random(in: 0...5, using: &random)).map { code in
            let due = Self.sums.randomElement(using: &random) ?? 0
            let isFresh = Bool.random(using: &random)
            return guest(
                code, Self.names.randomElement(using: &random) ?? "", code, due: due,
                paid: isFresh ? 0 : Int64.random(in: 0...due, using: &random),
                isFresh
                    ? .awaitingPayment
                    : RegistrationState.allCases.randomElement(using: &random) ?? .paid)
        }
        book = Book(registrations: guests)
        let texts = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
            Self.texts.randomElement(using: &random)
        }
        var amount = Self.sums.randomElement(using: &random) ?? 0
        if Bool.random(using: &random) {
            amount += Self.sums.randomElement(using: &random) ?? 0
        }
        payment = notice(
            amount, from: Self.payers.randomElement(using: &random), texts.joined(separator: ", "),
            currency: Currency(Int.random(in: 0..<10, using: &random) == 0 ? "EUR" : "TRY")
                ?? .turkishLira)
    }
}

@Suite("Every verdict")
struct VerdictPropertyTests {
    private static let seed: UInt64 = 20_261_122

    @Test("books all of the money or none, and only on open registrations")
    func booksRightly() throws {
        var random = SeededRandom(seed: Self.seed)
        var kinds: Set<Verdict.Kind> = []
        for round in 0..<6_000 {
            let scene = Scene(random: &random)
            let verdict = try Matcher(policy: .believing).verdict(
                for: scene.payment, trust: TrustVerdict(.verified), lookup: scene.book)
            let place = Comment(rawValue: "seed \(Self.seed), round \(round): \(verdict)")
            kinds.insert(verdict.kind)
            #expect(!verdict.reasons.isEmpty && verdict.candidates.count <= 5, place)
            switch verdict.kind {
            case .review, .duplicate, .credit, .none:
                #expect(verdict.allocations.isEmpty && verdict.surplus == nil, place)
                continue
            case .approve, .underpaid, .overpaid, .split: break
            }
            var rest: Money? = scene.payment.amount
            for allocation in verdict.allocations {
                let registration = try #require(
                    try scene.book.registration(id: allocation.registration))
                #expect(
                    [.awaitingPayment, .underpaid, .offered].contains(registration.state), place)
                let open = registration.open.minorUnits
                #expect(allocation.amount.minorUnits > 0, place)
                #expect(
                    verdict.kind == .underpaid
                        ? allocation.amount.minorUnits < open
                        : allocation.amount.minorUnits == open, place)
                rest = rest?.subtracting(allocation.amount)
            }
            let nothing = Money(minorUnits: 0, currency: .turkishLira)
            #expect(rest == verdict.surplus ?? nothing, place)
            #expect(!verdict.allocations.isEmpty, place)
        }
        #expect(kinds == [.approve, .underpaid, .overpaid, .split, .review, .duplicate])
    }

    @Test("is the same in whatever order the registrations stand")
    func orderDoesNotMatter() throws {
        var random = SeededRandom(seed: Self.seed)
        for round in 0..<2_000 {
            let scene = Scene(random: &random)
            var shuffled = scene.book
            shuffled.registrations.shuffle(using: &random)
            let verdicts = try [scene.book, shuffled].map {
                try Matcher(policy: .believing).verdict(
                    for: scene.payment, trust: TrustVerdict(.verified), lookup: $0)
            }
            #expect(verdicts[0] == verdicts[1], "seed \(Self.seed), round \(round)")
        }
    }
}
