// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mail
import Testing

@testable import Rules

/// What a payer can type, put together at random from all that the shipped rules look for.
struct Injector {
    private var state: UInt64
    private let pieces: [String]

    init(seed: UInt64) {
        state = seed | 1
        pieces = Self.vocabulary
    }

    /// Labels, frames, words of direction and whole lines of the samples, from every shipped file.
    private static let vocabulary: [String] = {
        var pieces: Set<String> = []
        let shelf = PatternShelf()
        let fragments = Dictionary(
            ShippedRules.sources.filter(\.isFragment).compactMap { source in
                RuleParser.fragment(source, shelf: shelf).fragment.map { (source.path, $0) }
            }, uniquingKeysWith: { first, _ in first })
        for source in ShippedRules.sources where !source.isFragment {
            let parsed = RuleParser.parse(source, shelf: shelf, fragments: fragments)
            guard case .file(let file) = parsed.content else { continue }
            for variant in file.variants {
                for label in variant.labels + variant.fields.flatMap(\.labels) {
                    pieces.insert(String(decoding: label, as: UTF8.self) + ":")
                }
                let tests =
                    variant.frame.all + variant.frame.any + variant.directionIn
                    + variant.directionOut + variant.deny
                for case .literal(let bytes, _) in tests {
                    pieces.insert(String(decoding: bytes, as: UTF8.self))
                }
            }
            for sample in parsed.samples {
                for body in sample.message.bodies {
                    for line in body.text.split(separator: "\n") {
                        pieces.insert(String(line).replacing("\t", with: " "))
                    }
                }
            }
        }
        return pieces.sorted()
    }()

    private static let values = [
        "9.999,00 TL", "9,999.00 USD", "SAHTE KİŞİ", "TR000006400000009999999999",
        "01.11.2026 09:00", "999999", "99-9999", "EUR", "-", "Belirtilmedi",
    ]

    private mutating func next(_ below: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(below))
    }

    /// One to five pieces with values between them, also over a line end: mailers wrap long words.
    mutating func words() -> String {
        var text = ""
        for _ in 0...next(5) {
            text += pieces[next(pieces.count)]
            text += [" ", " ", ": ", "\n"][next(4)]
            text += Self.values[next(Self.values.count)]
            text += [" ", "\n", ", ", ""][next(4)]
        }
        return text
    }
}

@Suite("What payers write")
struct InjectionTests {
    private static let rounds = 60

    @Test(
        "never fills another field, whatever it is",
        arguments: SampleMail.all.filter { $0.name.hasPrefix("p") && !$0.name.contains(".both.") },
        [20_261_122, UInt64.random(in: 1...UInt64.max)])
    func never(_ mail: SampleMail, _ seed: UInt64) throws {
        let message = try MessageParser.parse(try mail.raw())
        let payments = try mail.expected().payments
        guard payments.count == 1, let payment = payments.first, let words = payment.description
        else { return }
        var injector = Injector(seed: seed)
        for round in 0..<Self.rounds {
            let attack = injector.words()
            let own =
                round % 3 == 0
                ? attack : round % 3 == 1 ? "\(words) \(attack)" : "\(attack) \(words)"
            let changed = Message(
                from: message.from, subject: message.subject.replacing(words, with: own),
                date: message.date,
                bodies: message.bodies.map {
                    BodyText(source: $0.source, text: $0.text.replacing(words, with: own))
                })
            // Held back is fine; read is fine when nothing but the payer's own words differs.
            for found in SampleMail.actual(changed).payments {
                let hint = Comment(rawValue: "seed \(seed), round \(round): \(own)")
                #expect(found.amount == payment.amount, hint)
                #expect(found.payer == payment.payer, hint)
                #expect(found.occurredAt == payment.occurredAt, hint)
                #expect(found.transactionID == payment.transactionID, hint)
                #expect(found.senderIBAN == payment.senderIBAN, hint)
                #expect(found.receivingAccount == payment.receivingAccount, hint)
            }
        }
    }
}
