// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@testable import Authoring

@Suite("An anonymized mail")
struct MailAnonymizerTests {
    private static let seeds: [UInt64] = [1, 42, 0xfeed_face_cafe_beef]

    private func values(_ message: Message) -> [String] {
        ShippedMails.book.personalValues(in: message, receivedAt: message.date ?? Date())
    }

    private func anonymized(_ name: String, seed: UInt64) throws -> [UInt8] {
        try MailAnonymizer(
            seed: seed, vocabulary: ShippedMails.book.vocabulary,
            values: values(try ShippedMails.message(name))
        ).anonymize(try ShippedMails.raw(name)).raw
    }

    private static func texts(_ message: Message) -> [String] {
        [message.subject] + message.bodies.map(\.text) + message.inner.flatMap(texts)
    }

    private static func words(_ texts: [String]) -> Set<String> {
        let vocabulary = Vocabulary.common.union(ShippedMails.book.vocabulary)
        return Set(
            texts.flatMap { text -> [String] in
                let signs = Array(text.unicodeScalars)
                return TextScanner(signs).spans().compactMap { span in
                    switch span.kind {
                    case .word, .mixed, .iban, .code:
                        let word = String(String.UnicodeScalarView(signs[span.range]))
                            .turkishFolded()
                        // A mask alone is nobody's.
                        let isMask = !word.contains { $0.isLetter || $0.isNumber }
                        let isKnown = vocabulary.contains(word) || Vocabulary.hasBankForm(word)
                        return isKnown || word.count < 3 || isMask ? nil : word
                    default: return nil
                    }
                }
            })
    }

    @Test("keeps no word that is not known to be nobody's", arguments: ShippedMails.names)
    func keepsNothing(name: String) throws {
        let before = Self.words(Self.texts(try ShippedMails.message(name)))
        for seed in Self.seeds {
            let after = try MessageParser.parse(try anonymized(name, seed: seed))
            let left = before.intersection(Self.words(Self.texts(after)))
            #expect(left.isEmpty, "seed \(seed): \(left.sorted())")
        }
    }

    @Test(
        "keeps days, but nobody's birthday",
        arguments: [
            "Doğum tarihi: 12.05.1987", "DOĞUM TARİHİ\t1987-05-12",
            "Doğum Tarihi ve Yeri:\n12/05/1987",
            "Date of birth: 12 May 1987", "Geburtsdatum: 12.05.87",
        ])
    func birthdays(_ line: String) throws {
        for seed in Self.seeds {
            let mail = "From: a@b.example\n\nTarih: 22.11.2026 14:05\n\(line)\nTutar: 5,25 TL"
            let anonymizer = MailAnonymizer(seed: seed, vocabulary: [], values: [])
            let result = try anonymizer.anonymize(Array(mail.utf8)).raw
            let text = try MessageParser.parse(result).bodies[0].text
            #expect(text.contains("22.11.2026 14:05"))
            #expect(!text.contains("1987") && !text.contains("12.05"), "\(text)")
            let digits = line.filter(\.isNumber).count
            let lines = text.split(separator: "\n")
            #expect(lines.dropFirst().dropLast().joined().filter(\.isNumber).count == digits)
        }
    }

    @Test("is read by the same rule as before, field for field", arguments: ShippedMails.names)
    func readsTheSame(name: String) throws {
        let message = try ShippedMails.message(name)
        let received = message.date ?? Date(timeIntervalSince1970: 1_795_000_000)
        let before = ShippedMails.book.read(message, receivedAt: received)
        // Words of an attacker that made a mail unclear may be gone afterwards.
        guard before.outcome != .unclear else { return }
        for seed in Self.seeds {
            let after = ShippedMails.book.read(
                try MessageParser.parse(try anonymized(name, seed: seed)), receivedAt: received)
            #expect(after.outcome == before.outcome, "seed \(seed): \(after.explanation)")
            #expect(after.rule == before.rule, "seed \(seed): \(after.explanation)")
            #expect(after.notices.map(Self.form) == before.notices.map(Self.form), "seed \(seed)")
        }
    }

    /// Which fields are there, and how long they are.
    private static func form(_ notice: PaymentNotice) -> [String] {
        let code = { (text: String?) in
            text.map { text in
                String(
                    text.unicodeScalars.filter { $0.properties.numericType != nil }.count)
            } ?? "–"
        }
        return [
            String(notice.amount.decimal.count), notice.amount.currency.code,
            notice.payer.map { String($0.count) } ?? "–",
            notice.description.map { String($0.count) } ?? "–", code(notice.transactionID),
            notice.senderIBAN.map { String($0.count) } ?? "–",
            notice.receivingAccount.map { String($0.count) } ?? "–", notice.timeFrom.rawValue,
            notice.timeFrom == .body ? String(notice.occurredAt.timeIntervalSince1970) : "–",
        ]
    }
}

@Suite("A date in an anonymized text")
struct AnonymizedDateTests {
    @Test(
        "is one span in every order, and keeps its words and numbers",
        arguments: [
            "Nov 22, 2026 2:05 PM", "November 22, 2026", "Nov. 22 2026", "22-Nov-2026",
            "22 November 2026, 14:05", "22 Kasım 2026 02:05 ÖS", "22. Kas 2026",
            "22.11.2026 2:05 PM", "22.11.2026 14:05", "2:05 am", "22 Kas. 2026 14:05",
            "22 Kasım 2026 Pazar 14:05", "22 Kasım 2026, Pazar, 14:05", "Nov. 22, 2026 2:05 p.m.",
            "Nov 22, 2026 2:05\u{202F}PM", "22\u{A0}Kasım\u{A0}2026",
        ])
    func dates(_ date: String) {
        let signs = Array("Date: \(date) Elif".unicodeScalars)
        let times = TextScanner(signs).spans().filter { $0.kind == .time }
        #expect(times.map { String(String.UnicodeScalarView(signs[$0.range])) } == [date])
    }

    @Test(
        "is no span where a month's name is a word",
        arguments: ["Mart Elif", "May 1250", "Ara 22x", "Dec"])
    func words(_ text: String) {
        #expect(TextScanner(Array(text.unicodeScalars)).spans().allSatisfy { $0.kind != .time })
    }

    @Test(
        "gives the form that rule files name",
        arguments: [
            ("Nov 22, 2026 2:05 PM", "MMM d, yyyy h:mm a"),
            ("22.11.2026 02:05:33 ÖS", "dd.MM.yyyy hh:mm:ss a"),
            ("22-Nov-2026 14:05", "d-MMM-yyyy HH:mm"),
            ("Pazar, 22 Kasım 2026", "d MMMM yyyy"),
            ("Sunday, November 22, 2026", "MMMM d, yyyy"),
            ("22 Kasım 2026 Pazar 14:05", "d MMMM yyyy HH:mm"),
            ("Nov. 22 2026", "MMM d yyyy"), ("22 Kas. 2026", "d MMM yyyy"),
            ("Nov 22, 2026 2:05\u{202F}p.m.", "MMM d, yyyy h:mm a"),
        ])
    func forms(_ text: String, _ form: String) {
        #expect(DateShape.pattern(text) == form)
    }
}
