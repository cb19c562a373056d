// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Matching

/// Elif Karaca pays what Elif Karaca owes; whom her words mean.
@Suite("The words of a payer about whom it is for")
struct BeneficiaryTests {
    private let elif = guest("elif", "Elif Karaca", "KTF6HV349")

    private func verdict(
        _ words: String?, from payer: String = "ELİF KARACA", _ others: [Registration] = []
    ) throws -> Verdict {
        try Matcher(policy: .believing).verdict(
            for: notice(125_000, from: payer, words), trust: TrustVerdict(.verified),
            lookup: Book(registrations: [elif] + others))
    }

    @Test(
        "name somebody who is no guest yet: a person decides",
        arguments: [
            "Bora Tanyel adına", "bora adina", "BORA TANYEL İÇİN", "Bora Tanyel'in adına ödeme",
            "katılım ücreti Bora Tanyel adına", "Bora Tanyel namına", "B. Tanyel adına",
            "Bora Tanyel yerine kayıt", "bora nin atolye ucreti", "Bora'nın kış kampı katılımı",
            "Bora’nın ücreti", "boranın ücreti", "Bora Tanyel ücreti", "Bora ücreti",
            "Bora Tanyel katılım ücreti", "Bora Tanyel kış atölyesi katılım bedeli",
            "Bora Tanyel kayıt", "Bora Tanyel seramik atölyesi için", "Katılımcı: Bora Tanyel",
            "Adı Soyadı: Bora Tanyel", "öğrenci Bora", "Bora Karaca adına", "Karaca ailesi için",
            "Elif Karaca ve Bora Tanyel için", "Elif Tanyel için", "E. Karaca adına",
            "boratanyel ücreti", "for Bora Tanyel", "payment for Bora",
            "Bora ve Elif Karaca adına", "ELİF KARACA GÖNDERDİ - bora için atölye",
            "Bora Tanyel", "kayıt: Bora Tanyel", "Elif Karaca + Bora Tanyel", "B. Tanyel",
            "Bora Tanyel atölye", "atölye Bora Tanyel", "on behalf of Bora Tanyel",
            "Bora T", "Elif ve Bora", "Bora Tanyal", "Bora Can Tanyel",
            "BoraTanyel", "boraTanyel", "BORATANYEL", "boratanyel", "ElifBora", "BoraKaraca",
            "BoraTanyelAtölye", "atölye_boratanyel", "Bora", "bora kayıt", "Bora kampı",
            "Elif, Ada",
        ])
    func strangers(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review, "\(words)")
        #expect(verdict.reasons.contains(.otherNamed), "\(words)")
        #expect(verdict.candidates.first?.registration.text == "elif")
    }

    @Test(
        "speak of somebody without a name",
        arguments: [
            "oğlum Bora için", "oğlum için", "kızımın ücreti", "eşim için", "eşimin katılımı",
            "annem adına", "arkadaşım için kayıt", "oğluma", "çocuğumun kaydı", "oğlumuzun bileti",
            "ikinci kişi ücreti", "2. kişi", "2 kişi", "2. kayıt", "diğer kayıt", "başka katılımcı",
            "iki adet bilet", "my son's ticket", "second ticket",
        ])
    func others(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review, "\(words)")
        #expect(verdict.reasons.contains(.otherNamed), "\(words)")
    }

    @Test(
        "speak of the payer and the event alone: approved",
        arguments: [
            nil, "Elif Karaca katılım ücreti", "ELİF KARACA adına", "Elif Karaca için", "Elif için",
            "elifin ücreti", "Elif'in kaydı", "elifkaraca ücreti", "Karaca Elif kayıt ücreti",
            "kendi adıma", "kendi ücretim", "benim için", "şahsım adına",
            "atölye için", "Atölye ücreti", "konser için", "konser bileti", "kurs ücreti",
            "kış atölyesi için", "Kasım buluşması katılım ücreti",
            "Kasım ayı aidatı", "Eylül ayı aidatı", "etkinlik katılım bedeli", "katkı payı",
            "Para Transferi", "Diğer Ödemeler", "Bireysel Ödeme", "Toplu Havale-eft - Otomatik",
            "katılmak için", "1 kişi", "1. kişi katılım", "22.11 kayıt", "22 Kasım 2026 kayıt",
            "Merhaba, etkinlik kaydım için ödeme, kolay gelsin", "öğrenci indirimi",
            "Katılımcı: Elif Karaca", "Ad Soyad: ELİF KARACA", "yoga dersi ücreti", "ticket",
            "Workshop fee", "payment for the concert", "kt ücreti", "ücret", "için", "adına",
            "Elif Karaca Elif Karaca katılım ücreti", "KatılımÜcreti", "ElifKaraca", "eftodemesi",
            "elifkaracaatolye", "katilimucretidir", "12 Nisan kaydı", "Eylül 2026", "FAST ödemesi",
            "GARANTİ BBVA ödeme", "iyi günler dilerim", "ücretim, iyi çalışmalar", "e-bilet",
            "konser ödemesi yapılmıştır", "online ödeme", "kayıt tamamlama", "FAST8994",
            "konser2026", "22kasım", "A12 koltuk", "KTF6HV", "F6HV34",
        ])
    func own(words: String?) throws {
        #expect(try verdict(words).kind == .approve, "\(words ?? "–")")
    }

    @Test("of the event's title are no names")
    func title() throws {
        for title in ["Kapadokya Gezisi", "Masal Günü: Kapadokya", ""] {
            let policy = MatchingPolicy(
                ownAccounts: .any, ownAddresses: .any,
                events: [elif.event: EventPolicy(title: title)])
            for words in ["Kapadokya Gezisi ücreti", "kapadokya", "KapadokyaGezisi için"] {
                let verdict = try Matcher(policy: policy).verdict(
                    for: notice(125_000, from: "ELİF KARACA", words),
                    trust: TrustVerdict(.verified), lookup: Book(registrations: [elif]))
                #expect(verdict.kind == (title.isEmpty ? .review : .approve), "\(words)")
            }
        }
    }

    @Test(
        "name another guest by one word: a person decides",
        arguments: [
            "Bora", "bora kayıt", "kayıt Bora", "Bora'ya", "Boranın", "BORA!", "Elif, Bora",
        ])
    func oneWord(words: String) throws {
        for name in ["Bora Karaca", "Bora Tanyel"] {
            let bora = guest("bora", name, "KT834JJ46")
            let verdict = try verdict(words, [bora])
            #expect(verdict.kind == .review, "\(words)")
            #expect(verdict.reasons.contains(.otherNamed), "\(words)")
            #expect(verdict.candidates.map(\.registration.text) == ["bora", "elif"])
            // Who owes another sum is not proposed for it.
            let other = guest("bora", name, "KT834JJ46", due: 90_000)
            let alone = try self.verdict("Bora", [other])
            #expect(alone.kind == .review && alone.candidates.map(\.registration.text) == ["elif"])
        }
    }

    @Test(
        "speak of something else than the fee: a person decides, the guest first",
        arguments: [
            "iade", "İade yanlış gönderim", "geri ödeme", "avans iadesi", "depozito", "borç",
            "Kasım kirası", "iptal", "2. taksit", "fazla ödeme", "borcum", "rent",
        ])
    func otherPurpose(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review, "\(words)")
        #expect(verdict.reasons.contains(.otherPurpose), "\(words)")
        #expect(verdict.candidates.first?.registration.text == "elif")
        #expect(try self.verdict("KTF6HV349 " + words).kind == .approve)
    }

    @Test("the bank's own line names another")
    func line() throws {
        let other = try verdict(nil, from: "BORA TANYEL adına ELİF KARACA tarafından")
        #expect(other.kind == .review && other.reasons.contains(.otherNamed))
        let own = try verdict(nil, from: "ELİF KARACA adına ELİF KARACA tarafından")
        #expect(own.kind == .approve)
    }

    @Test("put a sum of their own and a code with a slip to a person, too")
    func otherRows() throws {
        let own = guest("own", "Elif Karaca", "KT834JJ46", due: 125_007, own: 7)
        for (words, kind) in [
            ("Bora adına", Verdict.Kind.review), ("kendi adıma", .approve),
        ] {
            for payer in ["Elif Karaca", nil] {
                let verdict = try Matcher(policy: .believing).verdict(
                    for: notice(125_007, from: payer, words), trust: TrustVerdict(.verified),
                    lookup: Book(registrations: [own]))
                #expect(verdict.kind == kind)
                #expect(verdict.reasons.contains(.otherNamed) == (kind == .review))
            }
            let slip = try verdict("KTF6HV3A9 " + words)
            #expect(slip.kind == kind)
            #expect(slip.reasons.contains(.otherNamed) == (kind == .review))
        }
        #expect(try verdict("KTF6HV349 Bora adına").kind == .approve)
    }

    @Test("propose a guest whom „için“ names")
    func proposed() throws {
        let bora = guest("bora", "Bora Tanyel", "KT834JJ46")
        for words in ["Bora Tanyel için", "BoraTanyel", "kurs Bora Tanyel adına"] {
            let verdict = try verdict(words, [bora])
            #expect(verdict.kind == .review && verdict.reasons.contains(.otherNamed))
            #expect(verdict.candidates.map(\.registration.text) == ["bora", "elif"])
        }
        let verdict = try verdict("Bora Tanyel için", from: "Zeynep Uzak", [bora])
        #expect(verdict.candidates.first?.reasons.contains(.paidOnBehalf) == true)
    }

    @Test("cost little and never trap, whatever they are")
    func bounded() {
        for text in [
            String(repeating: "bora ", count: 9_000), String(repeating: "adına ", count: 9_000),
            String(repeating: "a'nin ", count: 900), String(repeating: "2 kişi ", count: 900),
            "adına", "2", "kişi", "adet bilet", "👩‍👩‍👧‍👦 Элиф adına", String(repeating: "ü", count: 600),
        ] {
            _ = Beneficiaries(text).speakOfAnother(than: elif, title: [])
        }
    }
}
