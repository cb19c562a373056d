// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
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

    @Test("other labels and other sentences are other groups")
    func others() {
        #expect(groups(["Gönderen: A BORA", "Tutar: A BORA"]) == [1, 1])
        #expect(groups(["Gönderen: BORA", "Gönderen:"]) == [1, 1])
        #expect(
            groups([
                "BORA tarafından hesabınıza 5,25 TL geldi", "BORA tarafından 5,25 TL iade edildi",
            ]) == [1, 1])
    }
}
