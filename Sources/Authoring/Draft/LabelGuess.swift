// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// What a label that no list knows seems to mean, by the words it is made of: `IBAN of ordering
/// party`, `Booking date`, `Gönderen Müşteri Adı`. The value must look like it as well.
enum LabelGuess {
    /// The field, or nil when the words say nothing or something else.
    static func field(_ label: String) -> Field? {
        let words = Set(label.split { !$0.isLetter }.map { String($0).turkishFolded() })
        func has(_ some: Set<String>) -> Bool { !words.isDisjoint(with: some) }
        let isSender = has(senders) && !has(recipients)
        if has(["iban"]) { return isSender ? .senderIBAN : .receivingAccount }
        if has(days) { return has(otherDays) ? nil : .occurredAt }
        if has(amounts) { return has(otherAmounts) ? nil : .amount }
        if has(messages) || words.contains(where: { $0.hasPrefix("aciklama") }) {
            return .description
        }
        if has(numbers), has(events), !has(owners) { return .transactionID }
        if isSender, !has(notNames), words.count == 1 || has(names) { return .payer }
        return nil
    }

    /// Labels of a day on which the money counts; another day of the mail says more.
    static func isValueDate(_ label: String) -> Bool {
        let words = label.split { !$0.isLetter }.map { String($0).turkishFolded() }
        return words.contains { ["value", "valor", "valuta", "valeur"].contains($0) }
    }

    private static let senders: Set<String> = [
        "gonderen", "gonderenin", "gonderici", "gondericinin", "amir", "amirin", "odeyen",
        "odeyenin", "yatiran", "yatiranin", "borclu", "ordering", "sender", "senders", "payer",
        "payers", "remitter", "originator", "debtor", "debitor", "auftraggeber",
    ]
    private static let recipients: Set<String> = [
        "alici", "alicinin", "lehdar", "lehtar", "alacakli", "beneficiary", "recipient",
        "receiver", "creditor", "payee", "your", "to",
    ]
    private static let days: Set<String> = [
        "tarih", "tarihi", "zaman", "zamani", "date", "datum", "data", "timestamp",
        "buchungstag",
    ]
    private static let otherDays: Set<String> = [
        "son", "vade", "bitis", "gecerlilik", "dogum", "kesim", "acilis", "due", "expiry",
        "expiration", "birth", "statement", "next", "valid", "opening", "faturasi", "fatura",
        "invoice",
    ]
    private static let amounts: Set<String> = [
        "tutar", "tutari", "miktar", "miktari", "meblag", "meblagi", "bedel", "bedeli", "amount",
        "sum", "betrag", "kwota",
    ]
    private static let otherAmounts: Set<String> = [
        "masraf", "komisyon", "ucret", "ucreti", "bakiye", "vergi", "kdv", "bsmv", "limit",
        "iade", "taksit", "asgari", "fee", "fees", "charge", "charges", "tax", "balance",
        "minimum", "refund", "yalniz", "yaziyla", "words",
    ]
    private static let messages: Set<String> = [
        "mesaj", "mesaji", "remittance", "description",
        "message", "memo", "narrative", "verwendungszweck",
    ]
    private static let numbers: Set<String> = [
        "no", "numara", "numarasi", "kod", "kodu", "referans", "referansi", "number", "id", "code",
        "reference", "ref", "nr", "nummer",
    ]
    private static let events: Set<String> = [
        "islem", "dekont", "referans", "referansi", "sorgu", "takip", "fis", "makbuz", "havale",
        "eft", "fast", "transfer", "odeme", "transaction", "payment", "receipt", "confirmation",
        "trace", "tracking", "reference", "ref", "operation",
    ]
    /// Whose number it is instead.
    private static let owners: Set<String> = [
        "musteri", "hesap", "sube", "vergi", "kart", "telefon", "customer", "account", "card",
        "branch", "phone", "tax", "bank",
    ]
    private static let names: Set<String> = [
        "ad", "adi", "soyad", "soyadi", "unvan", "unvani", "isim", "ismi", "kisi", "firma",
        "musteri", "musterinin", "taraf", "sahibi", "name", "names", "party", "customer",
        "company", "person", "holder",
    ]
    private static let notNames: Set<String> = [
        "banka", "bankasi", "bank", "sube", "subesi", "no", "tckn", "vkn", "telefon", "adres",
        "adresi", "numarasi", "hesap", "hesabi", "ulke", "kimlik", "phone", "address", "account",
        "id", "bic", "swift", "country", "reference", "number", "branch", "email",
    ]
}
