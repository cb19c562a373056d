// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Reasons in words that an organizer understands.
package enum ReasonText {
    /// The languages that reasons are written in.
    package enum Language: String, Sendable, Codable, CaseIterable { case english, turkish }

    /// One sentence with a full stop, without personal data.
    package static func sentence(_ reason: Reason, language: Language) -> String {
        let (english, turkish) = sentences(reason)
        return switch language {
        case .english: english
        case .turkish: turkish
        }
    }

    /// What a reason says about the registration it stands at.
    package enum Side: String, Sendable, Codable, CaseIterable {
        case speaksFor = "for"
        case against
        /// It says something about the mail or the payment as a whole.
        case neither
    }

    /// Whether a reason speaks for its registration or against it.
    package static func side(of reason: Reason) -> Side {
        switch reason {
        case .codeExact, .codeRepaired, .amountEqual, .amountCompletes, .amountsAddUp, .amountOwn,
            .ownWaived, .nameEqual, .nameAgrees, .nameInDescription, .nameSimilar, .paidOnBehalf,
            .payerKnown, .onlyCandidate, .graceRevives, .originalFound:
            .speaksFor
        case .amountTooLow, .amountTooHigh, .amountDiffers, .nameDiffers, .nameMasked, .nameMissing,
            .otherCurrency, .alreadyPaid, .registrationClosed, .companyPays, .rivalNear, .graceOver,
            .otherNamed, .otherPurpose, .noSeatFree, .severalCandidates:
            .against
        case .codeUnknown, .codeAmbiguous, .noCode, .noCandidate, .foreignAccount,
            .senderUnverified, .senderForged, .forwardedByHand, .ruleIsDraft, .timeSuspicious,
            .paidLongBefore, .mailUnclear, .detailsMissing, .reversalNeedsPerson, .seenBefore,
            .mailBroken, .mailTooLarge, .mailNotGiven, .attachedNotRead, .mailEncrypted,
            .switchedOff, .accountUnknown, .sameTransfer, .perhapsSameTransfer, .originalNotFound,
            .partTakenBack, .takenBackBefore, .refundedBefore, .refundNotDue, .moneyReturned,
            .undone,
            .forwardingConfirmation:
            .neither
        }
    }

    private static func sentences(_ reason: Reason) -> (english: String, turkish: String) {
        switch reason {
        case .codeExact: ("The code was found.", "Kod bulundu.")
        case .codeRepaired:
            ("The code has one slip and was completed.", "Kodda tek bir hata vardı, düzeltildi.")
        case .codeUnknown:
            (
                "The code is valid but belongs to no registration.",
                "Kod geçerli ama hiçbir kayda ait değil."
            )
        case .codeAmbiguous:
            (
                "There are several codes, and what they still owe is not what came.",
                "Birden çok kod var; kayıtların kalan borcu gelen tutar değil."
            )
        case .noCode: ("There is no code in the description.", "Açıklamada kod yok.")
        case .amountEqual: ("The amount is exactly what was due.", "Tutar tam istenen kadar.")
        case .amountTooLow: ("The amount is too low.", "Tutar eksik.")
        case .amountTooHigh: ("The amount is too high.", "Tutar fazla.")
        case .amountCompletes:
            ("The amount completes what was missing.", "Tutar eksik kalan kısmı tamamlıyor.")
        case .amountsAddUp:
            (
                "The sums of the registrations add up exactly.",
                "Kayıtların tutarları toplamı tam tutuyor."
            )
        case .amountDiffers: ("The amount is another one.", "Tutar farklı.")
        case .nameEqual:
            ("The payer has the name of the guest.", "Ödeyenin adı katılımcının adıyla aynı.")
        case .nameAgrees:
            (
                "The payer's name fits, it is shortened or ordered differently.",
                "Ödeyenin adı uyuyor; kısaltılmış veya sırası farklı."
            )
        case .nameDiffers: ("Somebody else has paid.", "Ödemeyi başka biri yapmış.")
        case .nameMasked:
            (
                "The payer's name fits as far as it is shown.",
                "Ödeyenin adının görünen kısmı uyuyor."
            )
        case .nameMissing: ("There is no name to compare.", "Karşılaştıracak ad yok.")
        case .nameInDescription:
            ("The description names the guest.", "Açıklamada katılımcının adı geçiyor.")
        case .otherNamed:
            (
                "The payer's words speak of somebody else.",
                "Ödeyenin yazdıkları başka birini gösteriyor."
            )
        case .otherPurpose:
            (
                "The payer's words speak of something else than the fee.",
                "Ödeyenin yazdıkları ücretten başka bir şeyi gösteriyor."
            )
        case .onlyCandidate:
            ("Only one open registration fits.", "Yalnızca bir açık kayıt uyuyor.")
        case .severalCandidates: ("Several registrations fit.", "Birden çok kayıt uyuyor.")
        case .noCandidate: ("No registration fits.", "Uyan bir kayıt yok.")
        case .otherCurrency: ("The currency is another one.", "Para birimi farklı.")
        case .foreignAccount:
            ("The money came to another account.", "Para başka bir hesaba gelmiş.")
        case .alreadyPaid: ("The registration is paid already.", "Kaydın ödemesi zaten yapılmış.")
        case .registrationClosed:
            ("The registration waits for no payment.", "Kayıt ödeme beklemiyor.")
        case .senderUnverified:
            ("The sender of the mail is not proven.", "E-postanın göndereni doğrulanamadı.")
        case .senderForged:
            ("The sender of the mail is forged.", "E-postanın göndereni sahte.")
        case .forwardedByHand:
            (
                "Somebody forwarded the notice; anyone could have typed it.",
                "Bildirimi bir kişi iletmiş; herkes böyle bir metin yazabilir."
            )
        case .ruleIsDraft:
            ("The rule for this bank is still a draft.", "Bu bankanın kuralı henüz taslak.")
        case .timeSuspicious:
            ("The time of the payment cannot be right.", "Ödemenin zamanı doğru olamaz.")
        case .paidLongBefore:
            (
                "The money came long before the registration.",
                "Para, kayıttan çok önce gelmiş."
            )
        case .mailUnclear:
            ("The mail cannot be read for certain.", "E-posta kesin olarak okunamıyor.")
        case .detailsMissing:
            (
                "The mail does not show the payment's details.",
                "E-posta ödemenin ayrıntılarını göstermiyor."
            )
        case .reversalNeedsPerson:
            ("A payment was taken back.", "Bir ödeme geri alınmış.")
        case .seenBefore: ("This payment was seen before.", "Bu ödeme daha önce görüldü.")
        case .amountOwn:
            (
                "Only this registration was given this sum.",
                "Bu tutar yalnız bu kayda verildi."
            )
        case .ownWaived:
            (
                "The distinguishing kuruş was not paid and is let go.",
                "Ayırt edici kuruş ödenmemiş, aranmıyor."
            )
        case .nameSimilar:
            (
                "The names are very much alike.",
                "Adlar birbirine çok benziyor."
            )
        case .companyPays: ("A company pays.", "Ödeyen bir şirket.")
        case .paidOnBehalf:
            (
                "The payer says that it is for this guest.",
                "Ödeyen, bu katılımcı adına ödediğini yazmış."
            )
        case .payerKnown:
            (
                "This payer paid for this guest before.",
                "Bu kişi bu katılımcı için daha önce ödemiş."
            )
        case .rivalNear:
            (
                "Somebody of the same name owed the same sum.",
                "Aynı adda, aynı tutarda başka bir kayıt var."
            )
        case .graceRevives:
            (
                "The time to pay was over, the grace period was not.",
                "Ödeme süresi dolmuştu ama ek süre içinde geldi."
            )
        case .graceOver: ("The grace period is over.", "Ek süre de dolmuş.")
        case .noSeatFree: ("No place is free any more.", "Boş yer kalmamış.")
        case .switchedOff:
            (
                "The event's settings leave this to a person.",
                "Etkinliğin ayarları bunu bir kişiye bırakıyor."
            )
        case .accountUnknown:
            (
                "The mail does not prove that the money came to your account.",
                "E-posta, paranın sizin hesabınıza geldiğini kanıtlamıyor."
            )
        case .sameTransfer:
            (
                "Another notice told of this transfer before.",
                "Bu havale daha önce başka bir bildirimle gelmişti."
            )
        case .perhapsSameTransfer:
            (
                "It may be a second notice of a payment that is booked, or a second payment.",
                "Kayıtlı bir ödemenin ikinci bildirimi de olabilir, ikinci bir ödeme de."
            )
        case .originalFound:
            ("The payment that was taken back is known.", "Geri alınan ödeme bulundu.")
        case .partTakenBack:
            ("Only a part of it was taken back.", "Yalnız bir kısmı geri alındı.")
        case .originalNotFound:
            (
                "Which payment was taken back is not certain.",
                "Hangi ödemenin geri alındığı kesin değil."
            )
        case .takenBackBefore:
            (
                "The bank says of this money that it went back.",
                "Banka bu paranın geri alındığını söylüyor."
            )
        case .refundedBefore:
            (
                "It was sent back before: if this is not that refund, claim it from the payer.",
                "Bu para daha önce iade edildi: bu o iade değilse ödeyenden geri isteyin."
            )
        case .refundNotDue:
            (
                "It was due back: do not send it any more, also where a list of refunds names it.",
                "İade edilecekti: iade listesinde yazıyorsa da artık göndermeyin."
            )
        case .moneyReturned:
            (
                "Money that you had sent came back; if it was a refund, it is due again.",
                "Gönderdiğiniz para geri gelmiş; bir iadeyse yeniden ödenmesi gerekir."
            )
        case .undone: ("The last answer was taken back.", "Son yanıt geri alındı.")
        case .mailBroken: ("The mail is damaged.", "E-posta bozuk.")
        case .forwardingConfirmation:
            (
                "Gmail asks whether it may forward mail to here; the code stands with the mail.",
                "Gmail buraya posta yönlendirmek için onay istiyor; kod iletinin yanında."
            )
        case .mailTooLarge: ("The mail is too large.", "E-posta çok büyük.")
        case .mailNotGiven:
            ("The mail server did not hand the mail out.", "Posta sunucusu e-postayı vermedi.")
        case .attachedNotRead:
            (
                "What came attached was not read: forward each notice alone, as an .eml file.",
                "Ektekiler okunmadı: her bildirimi tek başına, .eml dosyası olarak iletin."
            )
        case .mailEncrypted:
            (
                "The mail is encrypted: ask the bank to send it in plain.",
                "E-posta şifreli: bankadan şifresiz göndermesini isteyin."
            )
        }
    }
}
