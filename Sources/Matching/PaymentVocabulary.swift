// SPDX-License-Identifier: Apache-2.0

/// The words of everyday payments and events, folded: what is none of these may be a name.
///
/// Words that are given names as well (Deniz, Bahar, Eylül, Nisan, Sevgi) are left out on purpose:
/// that a person looks once too often is cheaper than money for the wrong one. Of months, days and
/// words that hardly anybody is called (Kasım, Cuma, Gün) only a guest's own name makes names.
enum PaymentVocabulary {
    /// Whether a word is known to be nobody's name, with or without endings: `konser`, `konserin`.
    static func contains(_ word: String) -> Bool {
        if isGivenName(word) { return false }
        return exact.contains(word) || stem(of: word, in: inflected, endings) || isEvent(word)
            || isActivity(word)
            || isClaim(word) || isSlot(word) || isOtherPurpose(word)
    }

    /// Something that takes its title before it, `… Atölyesi`, `… konserine`: whose title it is
    /// cannot be told from the words, one word before it is no name.
    static func isEvent(_ word: String) -> Bool { stem(of: word, in: events, possessiveEndings) }

    /// What is somebody's by its ending: the fee of, the place of. The name stands before it.
    static func isClaim(_ word: String) -> Bool { stem(of: word, in: claims, possessiveEndings) }

    /// What a registration consists of, without such an ending: `Bora Tanyel katılım`.
    static func isSlot(_ word: String) -> Bool { slots.contains(word) }

    /// Given names that look like a word of these lists with an ending, or like another name with
    /// one: `Senem` is nobody's year, `Gülin` not Gül's.
    static func isGivenName(_ word: String) -> Bool { givenNames.contains(word) }

    /// Others than the payer: `çocuk bileti`, `onun için`.
    static func isSomebody(_ word: String) -> Bool { stem(of: word, in: somebody, endings) }

    /// What is done at an event: `yoga`, `gitar`.
    static func isActivity(_ word: String) -> Bool { stem(of: word, in: activities, endings) }

    /// What is paid for beside the place: `yemek ücreti`, but at a dinner.
    static func isBeside(_ word: String) -> Bool { stem(of: word, in: besides, endings) }

    /// What is paid besides the fee for a place, or comes back: `iade`, `kirası`, `2. taksit`.
    static func isOtherPurpose(_ word: String) -> Bool { stem(of: word, in: purposes, endings) }

    /// The ends of words by which there is one person more: `2. kişi`, `diğer kayıt`.
    static func isCountable(_ word: String) -> Bool { stem(of: word, in: countable, endings) }

    /// Whether the word is one of these, or one of these and an ending.
    private static func stem(
        of word: String, in stems: Set<String>, _ endings: Set<String>
    ) -> Bool {
        if stems.contains(word) { return true }
        let letters = word.utf8.count
        guard letters > stemMin, letters <= wordMax else { return false }
        return (1...min(endingMax, letters - stemMin)).contains { length in
            endings.contains(String(word.suffix(length)))
                && stems.contains(String(word.dropLast(length)))
        }
    }

    /// Shorter stems with an ending are names: `ay` and `Ayla`, `ad` and `Ada`.
    private static let stemMin = 4
    /// The longest of `endings`.
    private static let endingMax = 6
    /// The longest word of these lists with an ending is shorter.
    private static let wordMax = 30

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static let endings = words(
        """
        i u a e si su ya ye yi yu na ne in un im um m nin nun sinin sunun inin unun ini unu sini
        sunu ina una ine une sina sine suna sune da de ta te nda nde inda inde unda sinda sinde dan
        den tan ten ndan nden indan inden undan sindan sinden la le yla yle iyle siyla siyle lar
        ler lari leri larin lerin larina lerine larda lerde lik luk dir dur tir tur idir udur sidir sudur imdir
        umdur imin umun ima ime imiz umuz iniz unuz
        niz nuz
        """)

    /// What stands behind a word that ends in a possessive already.
    private static let possessiveEndings = words(
        "n na ne ni nu nin nun nda nde ndan nden ndaki ndeki yla yle")

    /// Words that are taken as they stand.
    private static let exact = words(
        """
        ve veya ya ile bu o bir her tum hep tek de da ki mi ise icin diye gibi kadar sonra once
        yeni eski son ilk on tam yarim iki uc dort bes alti yedi sekiz dokuz ay gun yil hafta
        saat no nu nolu numarali numara kod kodu kodlu tl try lira kurus eur usd ek pay bay bayan
        sayin sn hanim bey selam selamlar merhaba merhabalar iyi gunler aksamlar tesekkur
        tesekkurler ederim ederiz saygilar saygilarimla saygilarimizla sevgiler lutfen rica kolay
        gelsin hayirli olsun dilerim dileriz diliyorum calismalar sagolun eyvallah evet hayir tamam ok ref bilginize sunarim diger baska ayni ad isim
        adi soyad soyadi adsoyad katilmak odemek gelmek olmak yapmak almak gondermek yatirmak
        ayirtmak kaydolmak izlemek dinlemek gitmek bunun
        yapilmistir yapildi yapiyorum gonderilmistir gonderildi odenmistir odendi yatirilmistir
        yatirildi iletilmistir iletildi online offline tamamlama tamamlandi tamamlanmistir
        katiliyorum oduyorum geliyorum gonderdim gonderiyorum odedim yatirdim yaptim katilacagim
        tarafindan gelen giden yoluyla uzerinden gonderilen yapilan iletilen gonderen hersey sey adet
        tane ben benim bana kendi kendim kendime kendimin adima sahsim sahsima sahsi bizzat
        fast eft iban atm pos mobil hgs qr web sms mail tc bsmv kdv as ltd sti inc the a an of for
        and to in my me fee fees from with at on is it
        akbank garanti bbva ziraat bankasi bank vakif vakifbank halkbank yapi kredi qnb
        finansbank finans denizbank teb ing enpara papara kuveyt turk albaraka fibabanka odeabank
        sekerbank tosla paycell ininal moka iyzico paytr param
        pazartesi sali carsamba persembe cuma cumartesi pazar
        mart martta alici alan amir lehdar gonderici sorgu iletim anlik hesaptan swift
        turkiye cumhuriyeti isbank isbankasi
        istanbul ankara izmir bursa antalya adana konya eskisehir kadikoy besiktas
        """)

    /// Words that take endings.
    private static let inflected = words(
        """
        ocak subat mayis haziran temmuz agustos ekim kasim aralik donem sezon yaz kis guz
        hafta aksam sabah ogle gece yarin bugun tarih saat sene gunluk haftalik aylik yillik
        atolye konser etkinlik etkinlig kamp gezi kurs seminer bulusma festival parti senlik egitim
        ders program turnuva kosu yaris gosteri oyun sergi kongre konferans calistay zirve toplanti
        kahvalti yemek resital dinleti soylesi sinif grup kulup dernek dernegi vakf koro
        tiyatro okul merkez workshop meetup summit event ticket tickets registration payment
        participation entry seat course class lesson concert party festival camp trip tour
        conference member membership transfer havale para gonder gonderi gonderim hesap hesab odeme
        ucret bedel aidat kayit kayd katilim katil katki bilet kontenjan rezervasyon taksit pesin
        pesinat kapora depozito avans borc bagis destek yardim katkim fatura makbuz dekont tutar
        indirim erken genel giris sinav uyelik uyelig abonelik abonelig koltuk masa salon sahne
        bireysel toplu otomatik internet bankacilik kanal hatirlatma davet ilgi emeg sube subesi
        banka islem aciklama bilgi konu belirtilmedi
        belirtilmemis kira maas diger masraf komisyon iade kalan eksik fazla tamam ikinci birinci
        ucuncu yetiskin ogrenci tam kisi kisilik katilimci kursiyer
        takip takim organizasyon teknik ekip ulasim konaklama otel otobus ucak
        """)

    private static let activities = words(
        """
        yoga pilates seramik resim dans tango salsa zumba keman gitar piyano bateri saz baglama
        muzik drama yazarlik fotograf sanat heykel ahsap orgu futbol basketbol voleybol tenis yuzme
        satranc robotik kodlama yazilim python dagcilik bisiklet yelken dalis ingilizce almanca
        fransizca ispanyolca mutfak kahve sarap cikolata latte cini
        """)

    /// What is paid for beside an event, or is an event's own: whose title says so.
    private static let besides = words(
        """
        konaklama otel yemek ulasim otobus ucak servis uyelik abonelik bagis yardim hotel
        donation
        """)

    private static let somebody = words(
        """
        cocuk misafir konuk davetli onun ona onlar onlarin herkes hepimiz hepsi bizim biz bize size
        sizin siz
        """)

    /// With the ending that a title before them gives them.
    private static let events = words(
        """
        atolyesi konseri etkinligi kampi gezisi kursu semineri bulusmasi festivali partisi senligi
        egitimi dersi programi turu turnuvasi kosusu yarisi gosterisi oyunu sergisi kongresi
        konferansi calistayi zirvesi toplantisi kahvaltisi yemegi balosu galasi resitali
        dinletisi soylesisi sinifi grubu kulubu dernegi vakfi korosu tiyatrosu okulu merkezi
        workshopu maci provasi gecesi gunu haftasi ayi donemi sezonu organizasyonu calismasi
        uyeligi
        """)

    private static let claims = words(
        """
        ucret ucreti odemesi kaydi katilimi bileti aidati bedeli payi borcu parasi taksiti
        kontenjani yeri rezervasyonu depozitosu kaporasi harci
        """)

    private static let purposes = words(
        """
        iade iptal geri yanlis hata kira maas borc borcu avans depozito fatura taksit fazla refund
        rent salary invoice deposit
        """)

    private static let givenNames = words("senem dersim amir gulin feridun erin berkin")

    private static let slots = words(
        """
        odeme kayit katilim bilet aidat bedel katilimci rezervasyon ticket registration
        """)

    private static let countable = words(
        """
        kisi kayit kayd bilet katilimci misafir konuk kontenjan kursiyer ogrenci yetiskin cocuk
        adet tane koltuk giris person persons people ticket tickets guest guests seat seats entry
        """)
}
