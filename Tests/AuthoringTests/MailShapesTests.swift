// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@testable import Authoring

@Suite("Mails grouped by shape")
struct MailShapesTests {
    private func groups(_ texts: [String]) -> [Int] {
        var shapes = MailShapes(
            vocabulary: [
                "gonderen", "tutar", "aciklama", "hesabiniza", "tarafindan", "geldi", "can",
                "yapim", "deniz", "kurs", "iade", "edildi",
            ],
            seed: 3)
        for (index, text) in texts.enumerated() {
            shapes.add(
                Message(
                    from: [
                        MailAddress(displayName: "", localPart: "bilgi", domain: "bank.example")
                    ],
                    subject: "Gelen", bodies: [BodyText(source: .plain, text: text)]),
                label: "a.mbox#\(index)")
        }
        return shapes.sorted.map(\.count)
    }

    private let names = ["NEHİR ATALAN", "BORA CAN TANYEL", "ÇINAR YAPIM A.Ş.", "CAN DENİZ"]

    @Test("names and descriptions of known words do not split a group")
    func values() {
        #expect(groups(names.map { "Gönderen: \($0)\nTutar: 5,25 TL\nAçıklama: kurs" }) == [4])
        #expect(groups(names.map { "Gönderen\t\($0)\nTutar\t1.250,00 TL" }) == [4])
        #expect(groups(names.map { "Gönderen:\n\($0)\nTutar:\n1.250,00 TL" }) == [4])
        #expect(
            groups(names.prefix(2).map { "\($0) tarafından hesabınıza 5,25 TL geldi" }) == [2])
    }

    @Test("an empty field, a line more, and another channel are the same form")
    func lines() {
        let form = "Gönderen: BORA\nTutar: 5,25 TL\nAçıklama: kurs\nTarih: 22.11.2026"
        #expect(groups([form, form.replacing("kurs", with: "")]) == [2])
        #expect(groups([form, form + "\nHesabınızın güncel bakiyesi 9.004,10 TL"]) == [2])
        #expect(
            groups(["FAST", "EFT"].map { "BORA tarafından hesabınıza 5,25 TL \($0) geldi" }) == [2])
        #expect(groups(["", "", form]) == [2, 1])
    }

    @Test("other labels and other sentences are other groups")
    func others() {
        #expect(groups(["Gönderen: A BORA", "Tutar: A BORA"]) == [1, 1])
        #expect(
            groups([
                "BORA tarafından hesabınıza 5,25 TL geldi", "BORA tarafından 5,25 TL iade edildi",
            ]) == [1, 1])
    }
}

@Suite("Mails of the banks that ship, grouped by shape")
struct ShippedShapesTests {
    /// Messages that each variant reads, those of samples and saved ones, where nobody imitates
    /// anything.
    private static let byRule: [String: [Message]] = {
        var mails: [String: [Message]] = [:]
        for sample in RuleTrial.all(ShippedMails.sources).flatMap(\.samples)
        where sample.group != "hostile" && sample.reading.outcome != .unclear {
            let kind = sample.reading.notAPaymentKind
            guard let rule = sample.reading.rule, kind == nil || kind == "outgoing" else {
                continue
            }
            mails[rule.text, default: []].append(sample.message)
        }
        let arrival = Date(timeIntervalSince1970: 1_795_345_560)
        for name in ShippedMails.names {
            guard let message = try? ShippedMails.message(name) else { continue }
            let reading = ShippedMails.book.read(message, receivedAt: arrival)
            guard let rule = reading.rule, reading.outcome == .payment else { continue }
            mails[rule.text, default: []].append(message)
        }
        return mails
    }()

    /// Banks that write their notice in two ways; all others in one from each of their domains.
    private static let formsOf = ["kuveyt-turk/incoming": 2, "yapi-kredi/incoming": 2]

    private static func groups(_ mails: [Message]) -> Int {
        // Nobody has rules for mails that are grouped.
        var shapes = MailShapes(vocabulary: [], seed: 3)
        for mail in mails { shapes.add(mail, label: "") }
        return shapes.sorted.count
    }

    private static let payments = byRule.keys.filter { rule in
        byRule[rule]?.contains { mail in
            ShippedMails.book.read(mail, receivedAt: Date()).outcome == .payment
        } == true
    }.sorted()

    @Test("all payments that one variant reads are one form", arguments: payments)
    func variants(_ rule: String) throws {
        let mails = try #require(Self.byRule[rule])
        let domains = Set(mails.compactMap { $0.from.first?.domain.lowercased() })
        #expect(Self.groups(mails) == Self.formsOf[rule] ?? domains.count)
        #expect(Self.groups(mails.reversed()) == Self.formsOf[rule] ?? domains.count)
    }

    /// Without Czech: which words say so is known of Turkish and English.
    private static let outgoing = byRule.keys.filter {
        $0.hasSuffix("/outgoing") && $0 != "air-bank/outgoing"
    }.sorted()

    @Test("money out is another form than money in", arguments: outgoing)
    func opposite(_ rule: String) throws {
        let out = try #require(Self.byRule[rule])
        let bank = rule.dropLast("outgoing".count)
        let cameIn = Self.byRule.filter { $0.key.hasPrefix(bank) && $0.key != rule }
            .flatMap(\.value)
        #expect(Self.groups(cameIn + out) == Self.groups(cameIn) + Self.groups(out))
    }

    @Test("many mails are there")
    func corpus() {
        #expect(Self.payments.count { (Self.byRule[$0]?.count ?? 0) > 2 } >= 12)
        #expect(Self.outgoing.count >= 8)
    }
}
