// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Matching

/// Elif Karaca and Bora Karaca owe the same; Elif's account pays without a code. Unless her words
/// are about herself and the event alone, nobody may be approved.
@Suite("Words of relatives and strangers, without a code")
struct StrangersWordsTests {
    private let guests = [
        guest("elif", "Elif Karaca", "KTF6HV349", phone: "0532 111 22 33"),
        guest("bora", "Bora Karaca", "KT834JJ46", phone: "0532 444 55 66"),
    ]

    private func verdict(
        _ words: String?, from payer: String = "ELİF KARACA", title: String = "",
        _ registrations: [Registration]? = nil
    ) throws -> Verdict {
        let events = [
            EventID("kt"): EventPolicy(title: title),
            EventID("yaz"): EventPolicy(title: "Bozcaada Yaz Kampı"),
        ]
        let policy = MatchingPolicy(ownAccounts: .any, ownAddresses: .any, events: events)
        return try Matcher(policy: policy).verdict(
            for: notice(125_000, from: payer, words), trust: TrustVerdict(.verified),
            lookup: Book(registrations: registrations ?? guests))
    }

    @Test(
        "relatives, by name, by kin, by half a name",
        arguments: [
            "Bora", "BORA", "bora kayıt", "Bora'nın kursu", "boraya", "Bora K.", "B. Karaca",
            "B.K.",
            "Bora-Elif", "Elif/Bora", "Elif & Bora", "Elif ve Bora Karaca", "Karaca Bora",
            "BoraKaraca", "borakaraca", "Bora  Karaca katilim", "Bora karça", "Bra Karaca",
            "Borra", "BORA🙂", "🎉Bora🎉", "oğlum", "oglm icin", "kzm", "kızım Zeynep", "Zeynep",
            "Zeynep icin", "Zeynep kursu", "Zeynep kampı", "Ebru", "Ebru için", "Su", "Ece kayıt",
            "Marta", "Martin", "Martina", "Elifnaz", "ElifNur Bora", "Elife", "annem", "anneme",
            "anne", "babaya", "eşimle", "eş", "kardeş ücreti", "abla", "yenge", "teyzemin yeri",
            "nişanlım", "kuzen", "veli ödemesi", "Bora'nın annesi", "çocuk", "çocuk bileti",
            "çocuk için", "çocukların ücreti", "bebek", "minik katılımcı", "misafir ücreti",
            "konuk bileti", "davetlimiz", "my son", "for my wife", "kids", "son's ticket",
            "daughter", "for Bora", "Bora's fee", "Bora Karaca fee", "Bora1", "bora1990",
            "bora20262", "2026bora", "2026 bora",
            "Can2 kayıt",
        ])
    func relatives(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
        #expect(verdict.reasons.contains(.otherNamed), "\(words)")
        #expect(verdict.candidates.contains { $0.registration.text == "elif" }, "\(words)")
    }

    @Test(
        "strangers: „adına“ and its slips, companies, pronouns, other letters",
        arguments: [
            "Can Adıvar adına", "Can Adivar adna", "can adıvar adınna", "Can adına", "canadina",
            "Can Adıvar nmna", "Can içn", "CanAdivar", "canadıvar", "c. adivar", "Adıvar ailesi",
            "onun için", "onun adına", "onun ücreti", "hepimiz için", "herkes adına", "bizim ücret",
            "size ödeme", "ikimiz", "ikimizin ücreti", "Mavi Deniz Ltd. Şti.", "ltd şti adına",
            "A.Ş. adına katılım", "şirket adına", "dernek adına", "kulüp namına", "ekip adına",
            "sınıf adına", "grup yerine", "personel", "firma ödemesi", "fatura: Mavi Deniz",
            "Кан", "Ελένη", "أحمد", "can@example.org", "@canadivar", "Can 0532 444 55 66",
            "0532 444 55 66", "05324445566", "+90 532 444 55 66", "5324445566 kayıt",
            "0533 777 88 99", "tel: 0532-444-55-66", "👩‍👧", "👦", "👨‍👩‍👧‍👦 ücret", "👶 kayıt",
        ])
    func strangers(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
        #expect(!Set(verdict.reasons).isDisjoint(with: [.otherNamed, .otherPurpose]), "\(words)")
    }

    @Test(
        "more seats than one",
        arguments: [
            "2 kişi", "2kişi", "kişi2", "2 kişilik", "iki kişi", "ikikişi", "2 kisi ucreti",
            "kişi: 2",
            "kişi sayısı 2", "2 adet", "adet: 2", "iki tane", "2 bilet", "bilet x2", "2x", "x 2",
            "bilet: 2", "2️⃣ kişi", "２ kişi", "2 yetişkin", "1 yetişkin 1 çocuk", "2 koltuk",
            "iki kişinin katılımı", "çift", "+1", "Elif +1", "Elif + 1 kişi", "artı bir",
            "plus one",
            "ek kişi", "ek kayıt", "ilave bilet", "ikinci kişi", "2. kişi", "2. kayıt", "II. kişi",
            "diğer kişi", "başka kişi", "ikinci ödeme", "2. ödeme", "bir kişi daha", "for two",
            "two people", "2 tickets", "second seat", "pax 2", "3 pax", "2 guests",
            "1 tam 1 öğrenci", "1 yetişkin 1 öğrenci", "bir tam bir indirimli", "💑", "👴", "👰",
        ])
    func seats(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
        #expect(verdict.reasons.contains(.otherNamed), "\(words)")
    }

    @Test(
        "something else: another event, other money",
        arguments: [
            "Bozcaada", "yaz kampı", "Yaz Kampı ücreti", "Bozcaada Yaz Kampı", "gitar kursu",
            "yoga", "pilates dersi", "kira", "kasım kirası", "iade", "borç", "burs", "hediye",
            "doğum günü", "düğün", "kitap parası", "fatura no 12", "hata", "yanlış", "elden aldım",
            "avans", "2. taksit", "depozito", "emanet", "market", "yakıt", "Bağış", "yardım",
            "konaklama ücreti", "yemek ücreti", "üyelik aidatı", "otobüs ücreti",
        ])
    func otherPurpose(words: String) throws {
        let verdict = try verdict(words, title: "Kış Atölyesi: Seramik")
        #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
    }

    @Test(
        "of another payer, whatever the words say",
        arguments: [
            "ELİF KARACA-BORA KARACA", "ELİF VE BORA KARACA", "ELİF NUR KARACA", "E. KARACA",
            "ELİF K.", "KARACA ELİF", "ELIFE KARACA", "ELİF KARACAN", "ELİF KARCA", "CAN ADIVAR",
            "KARACA LTD. ŞTİ.", "ELİF KARACA LTD ŞTİ", "E*** K*****", "ELİF", "KARACA", "",
        ])
    func payers(payer: String) throws {
        for words in [nil, "katılım ücreti", "Elif Karaca", "Elif Karaca adına", "kendi adıma"] {
            #expect(try verdict(words, from: payer).kind == .review, "\(payer): \(words ?? "–")")
        }
    }

    @Test("a guest whose name is a word of the calendar, or the payer's with an ending")
    func registered() throws {
        for (name, words) in [
            ("Kasım Karaca", "Kasım"), ("Kasım Karaca", "Kasım kayıt"), ("Ekim Tanyel", "ekim"),
            ("Cuma Tanyel", "CUMA"), ("Eylül Karaca", "Eylül ayı"), ("Elife Karaca", "elife"),
            ("Nisan Karaca", "12 Nisan"), ("Nur Tanyel", "Elif Nur Karaca"),
        ] {
            let other = guest("other", name, "KT834JJ46")
            let verdict = try verdict(words, [guests[0], other])
            #expect(verdict.kind == .review, "\(name): \(words)")
            #expect(verdict.candidates.first?.registration.text == "other", "\(name): \(words)")
        }
        let emine = try verdict(
            "Emine", from: "EMİN KAYA", [guest("emin", "Emin Kaya", "KTF6HV349")])
        #expect(emine.kind == .review)
    }

    @Test(
        "what is left of another's code",
        arguments: [
            "KT834JJ", "KT834J", "kt834jj4", "KT 834JJ4", "Kt-834j46", "KT843JJ64", "KT8E4JJ4G",
            "834JJ46", "834jj46 kayıt", "KTZZ834J", "KTTT4X4X", "T834JJ46", "834JJ4", "KT834",
            "K834JJ46", "XY834JJ46", "gala T834JJ46", "834 J J46", "8 3 4 J J 4", "T 834JJ46",
            "#834JJ46", "\u{41A}\u{422}834JJ4", "\u{FF2B}\u{FF34}\u{FF18}34JJ",
        ])
    func codeOfAnother(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .review && verdict.allocations.isEmpty, "\(words)")
        // One slip and the owner has paid: she is meant all the same.
        let paid = guest("bora", "Bora Karaca", "KT834JJ46", paid: 125_000, .confirmed)
        #expect(try self.verdict("KT834JJ47", [guests[0], paid]).kind == .review)
    }

    @Test(
        "what is left of one's own code",
        arguments: ["KTF6HV", "KTF6HV3", "KT F6HV349X9", "F6HV349", "ktf6hw34", "KTF6HX94"])
    func ownCode(words: String) throws {
        let verdict = try verdict(words)
        #expect(verdict.kind == .approve, "\(words): \(verdict.reasons)")
        #expect(verdict.allocations.map(\.registration.text) == ["elif"])
    }

    @Test("a code with a slip beside the name of another guest")
    func slip() throws {
        for words in ["KTF6HV3A9 Bora", "Bora KTF6HV3A9 kayıt"] {
            let verdict = try verdict(words)
            #expect(verdict.kind == .review && verdict.reasons.contains(.otherNamed), "\(words)")
        }
        #expect(try verdict("KTF6HV3A9 masal").kind == .approve)
    }

    @Test(
        "about herself and the event: approved beside a relative who owes the same",
        arguments: [
            nil, "", "-", "Elif", "Elif Karaca", "ELIF KARACA", "elif'in ücreti", "Elif Karaca'dan",
            "kendi adıma", "kendim için", "1 kişi", "1 kişilik", "1 adet bilet", "tek kişi",
            "bir kişilik bilet", "x1", "atölye ücreti", "ATOLYE UCRETI", "atolyeucreti",
            "Seramik atölyesi", "kış atölyesi", "Kış Atölyesi: Seramik", "seramik", "22.11.2026",
            "22 Kasım", "Kasım ayı", "kayıt 22.11", "0532 111 22 33", "+90 532 111 22 33", "EFT",
            "FAST GELEN Sorgu no: 8812345", "Gönderen: ELİF KARACA", "havale", "🙂", "🎟️ ücret",
            "ödemem", "ödemedir", "katılım ücretimdir", "Merhaba, ücreti gönderdim, teşekkürler",
            "katılımcı: Elif Karaca", "öğrenci indirimi", "ticket fee", "payment for the workshop",
            "Atölye2026", "FAST8994", "EFT20261122", "ref12345678", "kayıt22", "Diğer Ödemeler",
            "Bireysel Ödeme", "T. İŞ BANKASI A.Ş.", "1. kişi", "etkinlik için",
        ])
    func own(words: String?) throws {
        let verdict = try verdict(words, title: "Kış Atölyesi: Seramik")
        #expect(verdict.kind == .approve, "\(words ?? "–"): \(verdict.reasons)")
        #expect(verdict.allocations.map(\.registration.text) == ["elif"])
    }

    @Test("given names are no words of payments and events")
    func names() {
        let names = """
            Ada Adil Ahmet Alara Ali Alp Arda Asya Aslı Atakan Ayla Aylin Ayşe Ayten Azra Barış Bahar
            Banu Batu Begüm Belgin Berk Berna Beste Beyza Bilge Birsen Bora Buket Burak Burcu Can
            Canan Cansu Cem Cemre Cenk Ceren Ceyda Çağla Çınar Damla Defne Deniz Derin Derya Dilara
            Dilek Doğa Duru Ebru Ece Eda Efe Ege Ekin Ela Elif Emel Emin Emine Emir Emre Eren Erdem
            Ergün Esin Esra Evren Fatma Ferhat Feyza Figen Filiz Funda Gamze Gizem Gökçe Gözde Gül
            Gülay Günay Güneş Güven Hakan Hale Halil Hande Hasan Hatice Hazal Hülya Ilgaz Ilgın Işıl
            İlayda İlkay İlknur İnci İpek İrem Jale Kaan Kadir Kayra Kemal Kerem Kerim Koray Kurtuluş
            Lale Leyla Levent Maria Marta Martin Martina Masal Mehmet Melek Melih Meltem Mert Merve
            Metin Mina Mine Mira Miray Murat Mustafa Naz Nazlı Nehir Nermin Nil Nilay Nur Nuri Oğuz
            Okan Olcay Onur Orhan Oya Ozan Öykü Özge Özgür Pelin Pınar Rana Reyhan Rüya Sabri Salih
            Salim Sarp Sedat Selen Selim Selin Selma Sema Seray Serap Sevda Sevgi Sevil Sibel Sina
            Sinan Songül Su Suna Şule Taner Tarık Tolga Toprak Tuana Tuğba Tuna Turgut Ufuk Umut
            Utku Volkan Yağız Yağmur Yaren Yasin Yasemin Yeliz Yiğit Yusuf Zehra Zeynep Anna David
            Emma George Ines Ivan James Jonas Julia Laura Lena Leo Lucas Maya Mia Nina Noah Olga
            Paul Peter Robin Sara Simon Sophie Stella Tom Victor
            """
        for name in names.split(whereSeparator: \.isWhitespace).map(String.init) {
            #expect(!PaymentVocabulary.contains(name.turkishFolded()), "\(name)")
        }
    }
}
