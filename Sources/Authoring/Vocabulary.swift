// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Words that notices of banks and providers hold and that are nobody's name.
///
/// Left out on purpose: words that are given names or surnames as well, such as barış, deniz,
/// güneş, umut, çiçek. Where a bank prints one of these outside a name it is replaced, and an
/// organizer writes it into the sample again.
package enum Vocabulary {
    /// Folded words.
    package static let common: Set<String> = turkish.union(englishWords)
        .union(words(of: [endings, banks, formats]))

    /// Those that tell a Turkish mail from one in another language.
    static let turkish = words(of: [banking, sentences])
    static let englishWords = words(of: [english])

    /// Whether a folded word is one of a bank's: a common one, or one in a form that no name has.
    static func isKnown(_ word: String) -> Bool { common.contains(word) || hasBankForm(word) }

    /// Verbs of notices (`yansımıştır`, `listelenmektedir`) and what belongs to the one who is
    /// written to (`listeniz`, `bildiriminize`).
    static func hasBankForm(_ word: String) -> Bool {
        guard word.utf8.count >= formLettersMin else { return isEnding(word) }
        if verbEndings.contains(where: word.hasSuffix) || isEnding(word) { return true }
        let bare = caseEndings.first(where: word.hasSuffix).map { word.dropLast($0.count) }
        return [word[...], bare ?? ""].contains { part in
            // Deniz, Karadeniz: names that sound like it.
            (part.hasSuffix("niz") || part.hasSuffix("nuz")) && !part.hasSuffix("deniz")
                && part.utf8.count >= formLettersMin
        }
    }

    /// Shorter words may be anybody's name.
    private static let formLettersMin = 7
    private static let verbEndings = [
        "mistir", "mustur", "mektedir", "maktadir", "ecektir", "acaktir", "melidir", "malidir",
        "ildi", "uldu",
    ]
    private static let caseEndings = [
        "den", "dan", "daki", "deki", "in", "un", "de", "da", "le", "la", "e", "a", "i", "u",
    ]
    /// What stands behind the apostrophe of `IBAN'ınıza`.
    private static func isEnding(_ word: String) -> Bool {
        word.utf8.count <= 9 && (word.hasPrefix("iniz") || word.hasPrefix("unuz"))
    }

    private static func words(of lists: [String]) -> Set<String> {
        Set(
            lists.joined(separator: " ").split(whereSeparator: \.isWhitespace)
                .map { String($0).turkishFolded() })
    }

    private static let banking = """
        aşağıdadır tercih ettiğiniz görüntüle dekontu ltd şti aşağıya yukarıdadır
        cad chf czk pln inr brl jpy aud sek nok dkk rub sar aed kwd qar azn bgn ron huf kč zł rs
        belirtilmedi belirtilmemiş belirtilmemiştir boş
        hesap hesabı hesabınız hesabınıza hesabınızdan hesabınızın hesabınızda hesabına hesabından
        hesaba
        hesabınızı hesaptan hesaplar hesaplarınız hesaplarınıza hesaplarınızdan hesabım hesabımdan
        mevduat vadesiz
        vadeli tl try usd eur gbp lira lirası liralık kuruş türk para paranız parayı parası tutar
        tutarı tutarın
        tutarında tutarındaki tutarlı miktar bedel toplam toplamı ara genel devir devreden devri kimden kime kadar net brüt bakiye bakiyeniz
        bakiyesi
        bakiyenizdeki kullanılabilir güncel son limit limitiniz limiti kalan havale eft fast swift
        transfer
        transferi transferin transferiniz transferleri virman gelen giden ödeme ödemesi ödemeniz
        ödemesinin
        ödemenize ödemeyi ödemeler ödemeleri ödemesine giriş girişi girişleri çıkış çıkışı işlem
        işlemi işlemin
        işleminiz işlemleri işlemler işleme işlemde işleminizle işleminize dekont dekontu dekontunuz
        edekont makbuz fiş fişi
        no nosu numara numarası numaralı nolu ek şube şubesi şubeniz kodu kod iban swift bic
        açıklama
        açıklaması açıklamanız açıklamaya not notu mesaj mesajı konu bilgi bilgisi bilgileri
        bilgilendirme bilgilendirmesi bildirim bildirimi bildiriminiz uyarı tarih tarihi tarihinde
        tarihli saat saati saatinde zaman zamanı gün günü valör vade dönem dönemi ay yıl
        gönderen gönderenin gönderici göndericinin göndericisi göndericisinden gönderdi gönderildi
        gönderilen gönderilmiştir gönderilecektir gönderim göndermiş göndermiştir gönd gönderir
        gönderme alıcı alıcının alıcısı alıcısına alacaklı borçlu lehdar lehtar amir amiri ödeyen
        ödeyenin yatıran
        yatıranın müşteri müşterisi müşterimiz müşteriniz müşterilerimiz müşterinin ad adı adınız
        soyad soyadı
        adsoyad adlı isim ismi isimli ünvan unvan unvanı ünvanı unvanlı ünvanlı kişi kişiden kişiye
        kişinin firma firması kurum kurumu şirket işyeri işyerinde kimlik vergi tckn vkn tc referans
        sorgu takip sıra sipariş siparişi siparişiniz siparişinizin alışveriş satış satışı alış
        taksit
        taksitli sayısı adet adedi ürün detay detayı detayları detaylar kart kartı kartınız
        kartınızla
        kartla kredi banka bankası bankacılığı bankacılık banka bankanız bankamız bankamızdan şubesi
        internet mobil dijital atm kanal kanalı kanaldan pos sanal üye bayi komisyon komisyonu
        masraf masrafı ücret ücreti ücretsiz bsmv kkdf kdv faiz faizi vergisi kesinti döviz kur kuru
        altın cinsi birim yalnız yalnızca cüzdan cüzdanı cüzdanınıza cüzdanına hakediş tahsilat
        tahsil
        tahsilatı provizyon iade iadesi iptal iptali harcama harcaması harcamanız ekstre ekstreniz
        özet
        özeti özetiniz hareket hareketi hareketleri hareketleriniz fatura talimat talimatı düzenli
        otomatik
         onayı bekleyen başarılı başarıyla başarısız durum durumu sonuç türü tipi tür tip yöntem
        yöntemi
        güvenlik şifre şifreniz doğrulama güvenliğiniz karekod kolas kolay adres adresi telefon tel
        cep
        eposta posta mail alındı yatırıldı yatan yatırılan ödenen ödendi havalesi gönderiminiz
        alınan
        borç alacak ödenecek kaydı kayıt kaydınız etkinlik bilet katılım
        """

    private static let sentences = """
        sayın değerli sevgili merhaba iyi günler selamlar teşekkür teşekkürler ederiz saygılarımızla
        saygılar bilginize sunarız rica dileriz bu şu o ve veya ya da de ile için gibi ise
        ancak lütfen eğer her bir iki tüm tek hiçbir daha çok az en olan olarak olduğu olduğunu oldu
        olmuştur
        olmaktadır olup olabilir olması edilmiş edilmiştir edilecektir edilir etti etmiştir edildi
        eder
        etmek etmek edin ediniz yapılan yapılmış yapılmıştır yapıldı yaptı yaptığınız yapılacaktır
        yapabilirsiniz
        yapmak yapmayınız gerçekleşti gerçekleşen gerçekleşmiştir gerçekleştirilen gerçekleştirildi
        gerçekleştirilmiştir gerçekleştirilmis gerceklesmis gerçekleştirdiğiniz
        gerçekleştirilememiştir gelmiştir geldi gelmis geçti geçmiştir
        geçecektir geçen düşen yansıyan yansıdı ulaşan işlenen eklenen kaydedilen kaydedildi
        aktarıldı aktarılmıştır aktarılan aktarım aktarımı yatırılmıştır alınmıştır
        çekildi çekilmiştir eklendi eklenmiştir tanımlandı ulaştı ulaşmıştır tarafından tarafınıza
        tarafına tarafınızdan
        aşağıda aşağıdaki yukarıda yukarıdaki yer alan alanına almaktadır detayları detaylı ekte
        ekteki ektedir bulunan bulunmaktadır bulunuyor ait ilişkin ilgili dair göre sonra önce
        önceki
        kadar itibarıyla itibariyle üzerinden üzerinde içinde içerisinde dışında size sizin sizden
        bize
        bizi bizim sizi siz biz yeni eski var vardır yok yoktur değil değildir tıklayın tıklayınız
        buraya burada görüntülemek görüntüleyin görüntüleyebilirsiniz görüntülenemiyorsa incelemek
        inceleyebilirsiniz ulaşabilirsiniz ulaşmak arayabilirsiniz arayın arayınız iletişim
        iletişime
        merkezi müşteri hizmetleri hizmet hizmeti hizmetlerimiz yardım destek sorularınız soru sorun
        ileti iletisi iletiyi iletileri iletinin gönderilmektedir otomatik yanıt yanıtlamayınız
        yanıtlamayın cevap
        cevaplamayınız kişisel veriler verilerin verileriniz korunması kanunu kapsamında gizlilik
        politikası aydınlatma metni haklarınız saklıdır tüm hakları hukuki gizli içerik içerir
        içermektedir amaçlı amacıyla nedeniyle dolayı olumsuz durumda halinde takdirde gerekli
        gerekmektedir gerekir kullanarak kullanabilirsiniz kullanın kullanılan kullanıcı
        kullanıcımız uygulaması uygulama uygulamadan uygulamamızı indirin şubelerimizden
        şubesinden bugün bugünkü dün yarın şimdi hemen anlık anında akıllı asistan haberci bülten
        form
        formu html metin görsel yazılı yazı sayfa site sitesi web ödemenin tarafımıza tarafımızca
        bilgilendirmek bilgilerinize bilgilerini bilgileriniz sunulur görünmektedir görünür
        ayrıntı ayrıntılar ayrıntıları özetle hayırlı mutlu keyifli hoş geldiniz sahibi sahibinin
        sahip
                    pazartesi salı
        çarşamba perşembe cumartesi pazar evet hayır
        """

    /// What stands behind an apostrophe.
    private static let endings = """
        dir dır dur dür tir tır tur tür de da te ta den dan ten tan nin nın nun nün in ın un ün ye
        ya yi yı
        yu yü e a i ı u ü ne na ni nı lik lık luk lük li lı lu lü si sı su sü
        """

    private static let banks = """
        garanti bbva akbank akbanklı işbank yapıkredi ziraat halkbank vakıfbank vakıf halk
        denizbank qnb finansbank finansbanklı enpara kuveyt kuveyttürk teb ing hsbc odeabank odea
        fibabanka
        şekerbank albaraka aktifbank anadolubank alternatifbank burgan papara papel ininal tosla
        moka united
        shopier iyzico paytr param paycell stripe paypal wise revolut venmo zelle interac pix upi
        bankaya bankadan cüzdan
        """

    private static let formats = """
        pdf doc docx xls xlsx csv txt htm jpg png gif eml ics zip utf iso www http https com tr org
        net example 3d
        mr mrs ms dr re fw fwd id ref tx trx nbsp
        """

    private static let english = """
        the a an of to from for by with in on at as is was has have had been be are were will would
        you your yours we our us it its this that these those and or not no yes if please thank
        thanks dear hello hi sir madam customer customers client user member team regards sincerely
        account accounts money payment payments paid pay payer payee transfer transfers transferred
        transaction transactions deposit deposited deposits received receive receiver receipt
        received sent sender send sending sends credited credit debited debit incoming outgoing
        amount total
        balance available current currency fee fees charge charges charged refund refunded reversal
        chargeback invoice order orders reference number numbers code codes id memo note notes
        message details detail description name names full first last date dates time day today
        yesterday tomorrow month year bank banks banking online mobile app card cards wallet
        statement statements confirmation confirm confirmed successful successfully completed
        complete pending failed declined new notification notifications notice alert alerts
        update information info view click here below above following more about contact support
        help service services questions email mail e address phone website web site page privacy
        policy terms legal rights reserved copyright do reply automatic automatically generated
        security secure verify verification never share password funds fund into out up via using
        when where which who there their been any all can now just only also request requested
        requests method type status purpose value subject booking booked posted posting
        settled settlement ordering party remittance beneficiary remitter originator debtor creditor listed branch
        receipt trace feb mar jul aug
        sep oct nov dec
         monday tuesday wednesday thursday friday saturday sunday
        """
}
