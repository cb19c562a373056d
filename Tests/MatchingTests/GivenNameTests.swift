// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Matching

/// Elif Karaca pays what Elif Karaca owes, and writes a name that no guest has yet.
@Suite("Given names among the words of a payer")
struct GivenNameTests {
    /// Given names of Turkey, and some of elsewhere that look like its words.
    static let names = """
        Abdullah Abdurrahman Açelya Ada Adem Adil Adnan Afra Ahmet Akif Alara Alev Ali Alican Aliye \
        Alp Alper Alperen Altan Altay Alya Amir Anıl Aras Arda Arif Arin Arzu Asaf Asel Asena Asım \
        Aslan Aslı Aslıhan Asmin Asuman Asya Ata Atakan Ataberk Atilla Atlas Avni Ayaz Aybars Aybüke \
        Ayça Aydan Aydın Aygül Aykut Ayla Aylin Aynur Ayperi Aysel Aysun Ayşe Ayşegül Ayşenur Ayten \
        Azad Aziz Azize Azra Bade Baha Bahadır Bahar Bahri Balım Banu Baran Barbaros Barış Bartu \
        Başak Batu Batuhan Baver Bedia Bedir Bedirhan Begüm Behçet Bekir Belgin Belinay Belma Ben \
        Bengi Bengisu Bennu Berat Beren Berfin Beril Berk Berkan Berkay Berke Berkin Berna Berrin \
        Besim Betül Beyza Bilal Bilge Bilgin Bilgehan Billur Binnur Birce Birgül Birol Birsen Boran \
        Bora Buğra Bulut Burak Burcu Burçak Burçin Burhan Buse Büşra Canan Candan Caner Cansel Cansu \
        Can Canberk Cahit Cavit Celal Celil Cem Cemal Cemil Cemile Cemre Cengiz Cenk Ceren Cevdet \
        Ceyda Ceyhan Ceyhun Ceylan Ceylin Cihan Cihangir Cihat Coşkun Cüneyt Çağan Çağatay Çağdaş \
        Çağla Çağlar Çağrı Çelik Çetin Çiçek Çiğdem Çınar Damla Davut Defne Demet Demir Deniz Derin \
        Dersim Derviş Derya Devran Devrim Didar Didem Dilan Dilara Dilay Dilek Dilşad Dimitri Doğa \
        Doğan Doğukan Doruk Duru Duygu Ebrar Ebru Ece Ecem Ecrin Eda Edanur Edip Efe Efsun Ege Egemen \
        Ekin Ekrem Ela Elanur Elçin Elda Elif Elifnaz Elifnur Elife Elvan Elvin Emel Emin Emine Emir \
        Emirhan Emrah Emre Ender Enes Engin Enis Enise Enver Eray Ercan Ercüment Erdal Erdem Erdinç \
        Erdoğan Eren Ergin Ergun Ergün Erhan Erin Erkan Erkin Erol Ersan Ersin Ersoy Ertan Ertuğrul \
        Esat Esen Eser Esin Esma Esmanur Esra Ethem Evren Evrim Eylem Eylül Eymen Ezel Ezgi Fadime \
        Fahri Faik Fahriye Faruk Fatih Fatma Fatmanur Fazıl Fehmi Ferda Ferdi Ferhan Ferhat Feride \
        Ferit Feridun Feriha Feryal Fethi Fethiye Fevzi Feyza Fidan Figen Fikret Fikri Fikriye \
        Filiz Firuze Fulya Funda Furkan Füsun Galip Gamze Gaye Gazi Gizem Gonca Gökalp Gökay Gökberk \
        Gökçe Gökdeniz Gökhan Gökmen Göksel Göksu Göktuğ Gönül Görkem Gözde Gül Gülay Gülbahar \
        Gülben Gülcan Gülce Gülçin Gülden Gülendam Güler Gülfem Gülhan Gülin Gülistan Gülizar \
        Gülnihal Gülnur Gülperi Gülsen Gülseren Gülsüm Gülsün Gülşah Gülşen Gülten Gülümser Gün Günay \
        Güner Güneş Güngör Güray Gürbüz Gürcan Gürkan Gürsel Güven Güzide Güzin Hacer Hafize Hakan \
        Hakkı Haldun Hale Halide Halil Halime Halit Haluk Hamdi Hamdiye Hamide Hamza Hande Handan \
        Hanife Harun Hasan Hasret Hatice Haydar Hayri Hayriye Hazal Hediye Helin Hicran Hikmet Hilal \
        Hilmi Hira Hülya Hüma Hürrem Hürriyet Hüseyin Hüsniye Hüsnü Irmak Işık Işıl Işın Işılay \
        İbrahim İclal İdil İdris İhsan İkbal İlayda İlbey İlgi İlgin İlhan İlkay İlke İlker İlknur \
        İlyas İnanç İnci İpek İrem İrfan İsa İsmail İsmet İzel İzzet Jale Jülide Kaan Kader Kadir \
        Kadriye Kağan Kamer Kamil Kardelen Kartal Kaya Kayra Kazım Kemal Kenan Kerem Kerim Kerime \
        Keziban Kıvanç Kıvılcım Koray Korkut Köksal Kutay Kübra Kürşat Lale Lamia Lara Latif Latife \
        Levent Leyla Lina Lokman Lütfi Lütfiye Mahir Mahmut Malik Manolya Maria Marta Martin Mavi \
        Mazhar Medine Mehmet Mehtap Melda Melek Melih Meliha Melike Melis Melisa Meltem Memduh \
        Menekşe Meral Mercan Meriç Mert Mertcan Merve Meryem Mete Metehan Metin Mihriban Mina Mine \
        Miraç Miran Miray Mualla Muammer Muharrem Muhsin Muhterem Murat Musa Mustafa Muzaffer \
        Mücahit Müge Müjde Müjgan Mükerrem Mümtaz Münevver Münir Müslüm Müşerref Müzeyyen Naci \
        Naciye Nadir Nadide Nafiz Nahide Nail Naile Naim Nalan Namık Narin Nazan Naz Nazım Nazife \
        Nazlı Nazlıcan Nebahat Necati Necip Necla Necmettin Nedim Nehir Nergis Neriman Nermin Neslihan \
        Nesrin Neşe Nevin Nevra Nevzat Nezihe Nida Nihal Nihan Nihat Nihle Nil Nilay Nilda Nilden \
        Nilgün Nilsu Nilüfer Niyazi Nuh Nur Nuran Nuray Nurcan Nurdan Nurgül Nurhan Nuri Nuriye \
        Nursel Nurşen Nurten Nusret Oğuz Oğuzhan Okan Oktay Olcay Olgun Onat Onur Orhan Orhun Orkun \
        Osman Oya Oytun Ozan Ömer Ömür Önder Öner Öykü Özal Özcan Özden Özen Özge Özgü Özgür Özkan \
        Özlem Öznur Pakize Papatya Payidar Pelin Pelinsu Perihan Pervin Petek Pınar Pırıl Polat \
        Poyraz Rabia Rafet Rahime Rahmi Ramazan Ramiz Rana Rasim Raşit Recep Refik Reha Remzi Remziye \
        Reşat Reyhan Reyyan Rıdvan Rıfat Rıza Roza Rojin Ruhi Rukiye Rumeysa Rüya Rüzgar Saadet \
        Sabahat Sabri Sabriye Sacide Sadık Sadiye Safiye Saim Salih Saliha Salim Sami Samet Sanem \
        Sarp Savaş Saye Seçil Seda Sedat Sedef Seher Selahattin Selcan Selçuk Selen Selim Selin Selma \
        Selvi Sema Semih Semiha Semra Sena Senem Sera Serap Seray Sercan Serdar Serhan Serhat Serkan \
        Serpil Sertaç Servet Seval Sevcan Sevda Sevgi Sevil Sevilay Sevim Sevinç Seyfi Seyhan Seyit \
        Sezai Sezen Sezer Sezgin Sıla Sibel Sinan Sinem Sonay Soner Songül Su Suat Sude Sudenaz Suna \
        Suzan Süheyla Süleyman Süreyya Şaban Şadiye Şafak Şahin Şebnem Şehnaz Şengül Şenol Şeref \
        Şerife Şermin Şevket Şeyda Şeyma Şirin Şükran Şükrü Şule Taha Tahir Talat Talha Tamer Tan \
        Taner Tansu Tarık Tarkan Tayfun Taylan Tekin Teoman Tevfik Timur Toprak Tolga Tolunay Toygar \
        Tuana Tufan Tuğba Tuğçe Tuğrul Tuncay Tuncer Tunç Turan Turgay Turgut Turhan Türkan Türker \
        Ufuk Uğur Ulaş Ulvi Umay Umut Utku Uzay Ülker Ülkü Ümit Ümmühan Ünal Üzeyir Vahap Vahide \
        Vahit Vedat Veli Verda Veysel Vildan Volkan Vural Yağız Yağmur Yakup Yalçın Yalın Yaman Yaprak \
        Yaren Yasemin Yasin Yaşar Yavuz Yekta Yelda Yeliz Yener Yeşim Yıldırım Yıldız Yiğit Yonca \
        Yusuf Yücel Yüksel Zafer Zahide Zarife Zehra Zekai Zeki Zekiye Zeliha Zerda Zeren Zerrin \
        Zeynel Zeynep Ziya Zuhal Zübeyde Zülal Zümrüt Alice Anna Ayn Amina Boris Dana Elena Eva \
        Giray Ines Jane Jonas Kira Lena Maya Mia Mira Nina Olga Rita Sara Tina Vera Yara Zoe
        """.split(separator: " ").map(String.init)

    /// Words of payments that few are called: names only where such a guest is registered.
    private static let words = ["Ben", "Gün", "İlgi", "Kasım", "Kira", "Mart", "Cuma", "Alan"]

    @Test("are no words of payments", arguments: names)
    func vocabulary(name: String) {
        let isBoth = Self.words.contains(name)
        #expect(PaymentVocabulary.contains(name.turkishFolded()) == isBoth, "\(name)")
    }

    @Test("that are words of payments as well count where a guest is called so", arguments: words)
    func both(name: String) throws {
        let other = guest("other", name + " Tanyel", "KT834JJ46")
        for words in [name, name + " için", name + " kayıt ücreti"] {
            let verdict = try Matcher(policy: .believing).verdict(
                for: notice(125_000, from: "ELİF KARACA", words), trust: TrustVerdict(.verified),
                lookup: Book(registrations: [own("Elif Karaca"), other]))
            #expect(verdict.kind == .review, "\(words)")
            #expect(verdict.candidates.first?.registration == other.id, "\(words)")
        }
    }

    @Test("are not another name with an ending")
    func endings() throws {
        for guest in Self.names {
            let payer = guest + " Karaca"
            for name in Self.names
            where name.turkishFolded() != guest.turkishFolded()
                && name.turkishFolded().hasPrefix(guest.turkishFolded())
            {
                for words in [name, name + " için", name + " Karaca", name + " ücreti"] {
                    let verdict = try Matcher(policy: .believing).verdict(
                        for: notice(125_000, from: payer.uppercased(), words),
                        trust: TrustVerdict(.verified),
                        lookup: Book(registrations: [own(payer)]))
                    #expect(verdict.kind == .review, "\(guest): \(words)")
                }
            }
        }
    }

    private func own(_ name: String) -> Registration {
        guest("own", name, "KTF6HV349")
    }
}
