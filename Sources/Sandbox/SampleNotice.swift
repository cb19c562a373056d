// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Subject and words of a notice, in the bank's own way of writing.
struct Notice: Sendable {
    let subject: String
    let text: String
    let html: String
    /// The file that comes with it: name and content.
    var attachment: (name: String, html: String)?

    static func of(
        _ transfer: SampleTransfer, _ variant: SampleBank.Variant, time: CivilTime
    ) -> Notice {
        switch variant {
        case .outgoing: outgoing(transfer, time: time)
        case .promotion: promotion(transfer)
        case .chargeback: chargeback(transfer)
        case .genuine, .unsigned, .changedBody, .foreignSignature, .lookAlike:
            incoming(transfer, time: time)
        }
    }

    private init(
        _ bank: SampleBank.Bank, _ subject: String, text: String? = nil, blocks: [String]
    ) {
        self.subject = subject
        self.text = text ?? "Bu iletiyi görüntülemek için HTML destekleyen bir program kullanınız."
        html = SampleHTML.page(bank, title: subject, blocks: blocks)
    }

    // MARK: - Money in

    private static func incoming(_ transfer: SampleTransfer, time: CivilTime) -> Notice {
        switch transfer.bank {
        case .garanti: garanti(transfer)
        case .akbank: akbank(transfer)
        case .yapiKredi: yapiKredi(transfer, time)
        case .halkbank: halkbank(transfer, time)
        case .kuveytTurk: kuveytTurk(transfer, time)
        case .ziraat: transfer.isReceipt ? receipt(transfer, time) : ziraat(transfer, time)
        case .papara: papara(transfer)
        case .moka: moka(transfer, time)
        }
    }

    private static func garanti(_ transfer: SampleTransfer) -> Notice {
        let description = TurkishCase.titled(transfer.description ?? "Para Transferi")
        return Notice(
            .garanti, "Gelen Para Transferi",
            blocks: [
                SampleHTML.heading("Gerçekleşen İşlem"), SampleHTML.heading("Gelen Para Transferi"),
                SampleHTML.paragraph("Değerli Müşterimiz,"),
                SampleHTML.paragraph(
                    "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti."),
                SampleHTML.lines([
                    ("Hesap No:", transfer.isToOtherAccount ? "733-****120" : "412-****567"),
                    ("Gönderici Ad Soyad:", TurkishCase.titled(transfer.payer)),
                    ("Tutar:", "\(transfer.amount)"), ("Açıklama:", description),
                ]),
            ])
    }

    private static func akbank(_ transfer: SampleTransfer) -> Notice {
        let payer = TurkishCase.upper(transfer.payer)
        let words = transfer.description.map { "\($0) açıklaması ile " } ?? ""
        let channel = transfer.description == nil ? "FAST" : "EFT"
        let sentence =
            "Değerli Akbanklı, 0412 Şube 7***3 no.lu hesabınıza \(words)\(payer) tarafından "
            + "\(transfer.amount) \(channel) girişi olmuştur."
        return Notice(
            .akbank, "Hesabınıza nakit girişi olmuştur", text: sentence,
            blocks: [SampleHTML.paragraph(sentence)])
    }

    private static func yapiKredi(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        let sentence =
            "6612XXXX0934 TL / TR66 0006 7000 0000 00XX XXXX 68 hesabınıza, \(time.date("/")) "
            + "\(time.clockWithSeconds) tarihinde, \(TurkishCase.upper(transfer.payer)) "
            + "isimli/unvanlı kişiden  \(transfer.amount) FAST ödemesi gelmiştir."
        return Notice(
            .yapiKredi, "Akıllı Asistan-Gelen FAST",
            blocks: [
                SampleHTML.paragraph(sentence),
                SampleHTML.paragraph(
                    "6612XXXX0934 TL hesabınızın kullanılabilir bakiyesi 9.004,10 TL"),
            ])
    }

    private static func halkbank(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        let code = transfer.amount.currency.code
        // A query number that follows from the moment, so that a seed repeats it.
        let query = 3_300_000_000 + (time.hour * 3600 + time.minute * 60 + time.second) * 997
        return Notice(
            .halkbank, "HESABA GELEN FAST BİLGİLENDİRME FORMU",
            blocks: [
                SampleHTML.table(
                    [
                        ("Alıcı", SampleBank.owner),
                        ("İşlem Tarihi", "\(time.date()) \(time.clock("."))"),
                        ("Şube", "KADIKÖY"), ("Döviz Kodu", code),
                        ("IBAN", "TR69 0001 2070 0000 0007 4074 02"),
                        ("Gönderen Banka", "TÜRKİYE İŞ BANKASI A.Ş."),
                        ("Gönderen IBAN", "TR750006407000000003703701"),
                        ("Gönderen", TurkishCase.upper(transfer.payer)),
                        ("İşlem Kodu", "\(query)"), ("Açıklama", transfer.description ?? ""),
                        ("Yalnız", TurkishWords.amount(transfer.amount)),
                    ], total: ("TOPLAM", "\(transfer.amount)"))
            ])
    }

    private static func kuveytTurk(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        let line =
            "Hesabınıza FAST ile para geldi. 3 numaralı hesabınıza \(transfer.payer) adlı kişiden "
            + "para geldi. Tutar: \(transfer.amount) Gönderen: \(transfer.payer) "
            + "Gönderen Banka: Enpara Bank A.Ş. Açıklama: "
            + "\(transfer.description ?? "Belirtilmedi") "
            + "İşlem Zamanı: \(time.date()) \(time.clock())"
        return Notice(
            .kuveytTurk, "Kuveyt Türk Bilgilendirme", blocks: [SampleHTML.paragraph(line)])
    }

    private static func ziraat(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        let sentence =
            "Sayın \(SampleBank.owner), \(time.date()) tarihinde, saat \(time.clock())'de "
            + "\(TurkishCase.upper(transfer.payer)) tarafından, 5001 ek nolu hesabınıza "
            + "\(transfer.amount) havale aktarılmıştır."
        let subject =
            "\(TurkishCase.titled(transfer.payer)) tarafından \(transfer.amount) "
            + "hesabınıza gönderilmiştir"
        return Notice(
            .ziraat, subject, text: sentence, blocks: [SampleHTML.paragraph(sentence)])
    }

    /// The facts stand in the attached file: there the payer's words come before the bank's fields.
    private static func receipt(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        var notice = Notice(
            .ziraat, "e-dekont",
            blocks: [SampleHTML.paragraph("İşleminizle ilgili detay ektedir")])
        // A number that follows from the moment, so that a seed repeats it.
        let second = time.hour * 3600 + time.minute * 60 + time.second
        let number = String(100_000 + second).dropFirst()
        let moment = "\(time.date("/"))-\(time.clockWithSeconds)"
        let words = transfer.description.map { "\($0) " } ?? ""
        let payer = TurkishCase.upper(transfer.payer)
        let amount = "\(transfer.amount)".replacing(" TL", with: "")
        let rows = [
            ("IBAN", "TR22 0001 0070 0000 0006 1728 35"),
            ("İŞLEM TARİHİ", "\(moment) - F\(number)"), ("VALÖR", time.date()),
        ]
        notice.attachment = (
            "e-dekont_\(number).html",
            SampleHTML.page(
                .ziraat, title: "e-dekont",
                blocks: [
                    SampleHTML.paragraph("Gelen Eft Otomatik Aktarım"),
                    SampleHTML.table(rows, total: ("ŞUBE", "KADIKÖY")),
                    SampleHTML.paragraph("SAYIN"), SampleHTML.paragraph(SampleBank.owner),
                    SampleHTML.paragraph(
                        "\(words)_ Gönd: \(payer) 0046-Akbank T.A.Ş. FAST işlemi \(amount) TRY"),
                    SampleHTML.paragraph(
                        "Hesabınıza \(transfer.amount) (Yalnız "
                            + TurkishWords.amount(transfer.amount).replacing(" ", with: "")
                            + ") Yatırılmıştır. \(moment) EFTTGELD SERVICE _"),
                ])
        )
        return notice
    }

    private static func papara(_ transfer: SampleTransfer) -> Notice {
        let sentence = "\(transfer.payer) size \(transfer.amount) gönderdi"
        let note = transfer.description.map { "Not: \($0)" }
        let ungrouped = "\(transfer.amount)".replacing(".", with: "")
        return Notice(
            .papara, "Hesabına \(ungrouped) geldi",
            text: [sentence, note].compactMap(\.self).joined(separator: "\n"),
            blocks: [SampleHTML.heading(sentence)]
                + (note.map { [SampleHTML.paragraph($0)] } ?? []))
    }

    private static func moka(_ transfer: SampleTransfer, _ time: CivilTime) -> Notice {
        let lines = [
            "\(time.date("-")) \(time.clock()) tarihinde gerçekleştirilen \(transfer.number) "
                + "numaralı ödemeye ait bilgiler",
            "Müşteri Adı", transfer.payer, "Tutar", "\(transfer.amount)", "Taksit Sayısı", "1",
            "3D Güvenlik", "Evet", "Açıklama", transfer.description ?? "-",
        ]
        return Notice(
            .moka, "Müşteri POS Ödemesi", text: lines.joined(separator: "\n"),
            blocks: lines.map { SampleHTML.paragraph($0) })
    }

    // MARK: - Not a payment

    private static func chargeback(_ transfer: SampleTransfer) -> Notice {
        let sentence =
            "\(transfer.number) numaralı ödemeye ait \(transfer.amount) için kart sahibi itirazda "
            + "bulunmuştur."
        return Notice(
            transfer.bank, "Ters ibraz bildirimi", text: sentence,
            blocks: [SampleHTML.paragraph(sentence)])
    }

    private static func outgoing(_ transfer: SampleTransfer, time: CivilTime) -> Notice {
        let payer = TurkishCase.upper(transfer.payer)
        let description = [transfer.description, "iade"].compactMap(\.self).joined(separator: " ")
        switch transfer.bank {
        case .garanti, .halkbank, .kuveytTurk, .papara, .moka:
            return Notice(
                transfer.bank, "Para Transferi Bilgilendirmesi",
                blocks: [
                    SampleHTML.paragraph("Para transferi işleminiz gerçekleşmiştir."),
                    SampleHTML.paragraph("Gönderen Bilgileri:"),
                    SampleHTML.paragraph(SampleBank.owner),
                    SampleHTML.paragraph("Alıcı  Bilgileri:"), SampleHTML.paragraph(payer),
                    SampleHTML.lines([
                        ("Tutar:", "\(transfer.amount)"),
                        ("İşlem Tarihi:", "\(time.date()) \(time.clock())"),
                        ("Açıklama:", description),
                    ]),
                ])
        case .akbank:
            let sentence =
                "Değerli Akbanklı, 0412 Şube 7***3 no.lu hesabınızdan \(payer) tarafına "
                + "\(transfer.amount) FAST çıkışı olmuştur."
            return Notice(
                .akbank, "Hesabınızdan nakit çıkışı olmuştur", text: sentence,
                blocks: [SampleHTML.paragraph(sentence)])
        case .yapiKredi:
            return Notice(
                .yapiKredi, "Akıllı Asistan-Giden FAST",
                blocks: [
                    SampleHTML.paragraph(
                        "6612XXXX0934 TL hesabınızdan, \(time.date("/")) tarihinde, \(payer) "
                            + "isimli/unvanlı kişiye \(transfer.amount) FAST ödemesi "
                            + "gönderilmiştir.")
                ])
        case .ziraat:
            let sentence =
                "Sayın \(SampleBank.owner), \(time.date()) tarihinde 5001 ek nolu hesabınızdan "
                + "\(payer) hesabına \(transfer.amount) FAST ile gönderilmiştir."
            return Notice(
                .ziraat, "\(transfer.amount) hesabınızdan gönderilmiştir", text: sentence,
                blocks: [SampleHTML.paragraph(sentence)])
        }
    }

    private static func promotion(_ transfer: SampleTransfer) -> Notice {
        let offer =
            "Hesabınıza \(transfer.amount)'ye varan bonus! Ay sonuna kadar FAST ile para gönderin, "
            + "kazanın."
        return Notice(
            transfer.bank, "Kaçırılmayacak fırsat: \(transfer.amount) bonus", text: offer,
            blocks: [SampleHTML.heading("Kampanya"), SampleHTML.paragraph(offer)])
    }
}
