// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// What a draft without shared fragments denies: one way in which money does not stay, or is not
/// there yet, in all forms in which a bank says so.
struct UndoneWords {
    /// In both languages, for the name of the sample that shows it.
    let english: String
    let turkish: String
    /// `iade edil|miştir`: a stem and the rest of one of its forms; without `|` it stands alone.
    private let forms: [String]

    /// What may follow a stem: it happened, is happening, or will. That somebody may ask for it
    /// (`iade edilebilir`) is no such form.
    private static let endings = "(?:di|du|mi|mu|ec|ac|yec|yac|iyor|uyor|mekte|makta)"

    private var parts: [(stem: String, rest: String?)] {
        forms.map { form in
            let parts = form.split(separator: "|")
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// The words of one kind that a file denies.
    struct Denial {
        let words: UndoneWords
        let pattern: String
        /// Which the pattern finds.
        let sentence: String
    }

    /// Without the stems that stand in `texts`, which are folded mails of payments; nil when none
    /// is left.
    func denial(notIn texts: [String]) -> Denial? {
        let own = parts.filter { part in
            texts.allSatisfy { !$0.contains(part.stem.turkishFolded()) }
        }
        guard let first = own.first else { return nil }
        let stems = own.filter { $0.rest != nil }.map(\.stem).joined(separator: "|")
        let whole = own.filter { $0.rest == nil }.map(\.stem)
        let all = (stems.isEmpty ? [] : ["(?:\(stems))\(Self.endings)"]) + whole
        return Denial(
            words: self, pattern: all.joined(separator: "|"),
            sentence: first.stem + (first.rest ?? "") + ".")
    }

    /// A bank that writes in English may add a Turkish line.
    static func all(isTurkish: Bool) -> [UndoneWords] {
        guard !isTurkish else { return inTurkish }
        return zip(inEnglish, inTurkish).map { own, other in
            UndoneWords(
                english: own.english, turkish: own.turkish, forms: own.forms + other.forms)
        }
    }

    private static let inTurkish = [
        UndoneWords(
            english: "money that was taken back", turkish: "geri alınan para",
            forms: [
                "iade edil|miştir", "iptal edil|miştir", "iptal ol|muştur", "geri alın|mıştır",
                "geri gönderil|miştir", "geri çekil|miştir", "reddedil|miştir",
                "borç kaydedil|miştir", "bloke", "ters kayıt", "ters ibraz", "chargeback",
            ]),
        UndoneWords(
            english: "money that did not come", turkish: "gelmeyen para",
            forms: [
                "gerçekleştirileme|miştir", "gerçekleştirilme|miştir", "gerçekleşme|miştir",
                "tamamlanama|mıştır", "tamamlanma|mıştır", "onaylanma|mıştır",
                "onaylanama|mıştır", "gönderileme|miştir", "aktarılama|mıştır",
                "hesabınıza geçme|miştir",
            ]),
        UndoneWords(
            english: "money that is still to come", turkish: "gelecek para",
            forms: [
                "bekletil|mektedir", "beklemededir", "işleminiz beklemede", "onay bekle|mektedir",
                "onay bekleyen", "işleme alın|mıştır", "geçecektir", "gelecektir",
                "aktarılacaktır", "yatırılacaktır", "ileri tarihli",
            ]),
        UndoneWords(
            english: "a request for money", turkish: "para isteği",
            forms: ["ödeme talebi", "ödeme isteği", "para istiyor", "ödeme istiyor"]),
    ]

    private static let inEnglish = [
        UndoneWords(
            english: inTurkish[0].english, turkish: inTurkish[0].turkish,
            forms: [
                "refunded", "returned to", "has been returned", "will be returned", "reversed",
                "has been cancel", "was cancel", "has been declined", "was declined",
                "has been rejected", "was rejected", "charged back",
            ]),
        UndoneWords(
            english: inTurkish[1].english, turkish: inTurkish[1].turkish,
            forms: [
                "could not be", "has failed", "not been completed", "was not completed",
                "was unsuccessful", "not been approved", "was not approved",
            ]),
        UndoneWords(
            english: inTurkish[2].english, turkish: inTurkish[2].turkish,
            forms: [
                "is pending", "pending approval", "on hold", "will be credited",
                "will be deposited", "is scheduled", "being processed",
            ]),
        UndoneWords(
            english: inTurkish[3].english, turkish: inTurkish[3].turkish,
            forms: ["requests money", "payment request", "requested money", "money request"]),
    ]
}
