// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// What banks print before a value, in Turkish and English.
enum LabelWords {
    enum Meaning: Hashable, Sendable {
        case field(Field)
        /// A label that fills nothing, such as that of a fee or a balance.
        case other
    }

    /// What a label means; nil for words that no bank is known to use as one.
    static func meaning(_ label: String) -> Meaning? { table[label.turkishFolded()] }

    private static let table: [String: Meaning] = {
        var table: [String: Meaning] = [:]
        for (field, labels) in fields {
            for label in labels.split(separator: "|") {
                table[String(label).turkishFolded()] = .field(field)
            }
        }
        for label in others.split(separator: "|") {
            table[String(label).turkishFolded()] = .other
        }
        return table
    }()

    private static let fields: [(Field, String)] = [
        (
            .amount,
            "tutar|tutarı|ne kadar|yatan|gelen|işlem tutarı|transfer tutarı|gönderilen tutar|gelen tutar|yatan tutar|"
                + "havale tutarı|eft tutarı|fast tutarı|ödeme tutarı|toplam tutar|toplam|miktar|"
                + "yatırılan tutar|alınan tutar|tutar (tl)|meblağ|amount|total|total amount|"
                + "amount received|transfer amount|payment amount|amount credited|you received|"
                + "amount paid|transaction amount|częstka|částka|kwota|kwota przelewu|betrag|valor"
        ),
        (
            .amountInWords, "yalnız|yazıyla|yazı ile|tutar (yazıyla)|amount in words"
        ),
        (
            .payer,
            "gönderen|gönderici|kimden|od|gönderen ad soyad|gönderen adı|gönderen adı soyadı|gönderenin adı|"
                + "gönderici ad soyad|gönderici adı|gönderici adı soyadı|gönderen kişi|"
                + "gönderen ad soyad / unvan|gönderici ad soyad / unvan|gönderen adı / unvanı|"
                + "gönderen ad soyad/unvan|gönderen adı/unvanı|gönderen isim/unvan|gönderen unvan|"
                + "gönderen unvanı|gönderen müşteri|gönderen hesap sahibi|ödeyen|ödemeyi yapan|"
                + "müşteri adı|müşteri adı soyadı|ad soyad|adı soyadı|ad soyad / unvan|yatıran|yatıran kişi|"
                + "havale yapan|amir|amir adı|borçlu adı|borçlu|işlemi yapan|sender|sender name|"
                + "sent by|from|payer|payer name|paid by|ordering party|ordering customer|remitter|"
                + "customer name|name of payer|name of sender|nadawca|název protistrany|plátce|"
                + "auftraggeber|pagador"
        ),
        (
            .description,
            "açıklama|işlem açıklaması|havale açıklaması|transfer açıklaması|ödeme açıklaması|"
                + "gönderen açıklaması|açıklaması|mesaj|mesajı|not|gönderen notu|ödeme notu|"
                + "description|note|message|memo|payment reference|remittance information|"
                + "payment details|transfer title|reason|purpose|narrative|tytuł|tytuł przelewu|"
                + "zpráva pro příjemce|variabilní symbol|verwendungszweck"
        ),
        (
            .occurredAt,
            "tarih|işlem tarihi|işlem zamanı|işlem tarihi/saati|işlem tarihi / saati|tarih/saat|"
                + "tarih / saat|işlem tarih/saat|işlem tarih ve saati|işlem tarihi ve saati|tarih saat|"
                + "tarih ve saat|gerçekleşme zamanı|transfer tarihi|ödeme tarihi|date|date and time|"
                + "date/time|transaction date|payment date|transfer date|received on|time"
        ),
        (
            .transactionID,
            "işlem no|işlem numarası|sorgu no|sorgu numarası|fast sorgu no|fast sorgu numarası|"
                + "referans no|referans numarası|işlem referansı|işlem referans no|işlem kodu|"
                + "dekont no|dekont numarası|referans|transaction id|transaction no|"
                + "transaction number|reference|reference number|reference no|"
                + "transaction reference|confirmation number|confirmation code|payment id|trace id"
        ),
        (
            .senderIBAN,
            "gönderen iban|gönderici iban|gönderen hesap|gönderen hesap no|gönderen iban no|"
                + "karşı hesap|sender iban|from account|sender account|payer account|payer iban"
        ),
        (
            .receivingAccount,
            "hesap|hesap no|hesap numarası|hesabınız|alıcı iban|alıcı hesap|alıcı hesap no|iban|"
                + "iban no|yatan hesap|hesap no / iban|iban / hesap no|account|account number|"
                + "your account|to account|credited account|account no|iban number"
        ),
    ]

    private static let others =
        "banka|gönderen banka|gönderen bankası|gönderici banka|karşı banka|şube|şube adı|şube kodu|"
        + "alıcı|alıcı adı|alıcı adı soyadı|alıcı ad soyad|alıcı ad soyad / unvan|alıcı unvan|lehdar|"
        + "masraf|masraf tutarı|komisyon|komisyon tutarı|bsmv|ücret|bakiye|kullanılabilir bakiye|"
        + "güncel bakiye|son bakiye|hesap bakiyesi|yeni bakiye|valör|döviz kodu|döviz cinsi|"
        + "para birimi|kanal|işlem türü|işlem tipi|işlem kanalı|işlem şubesi|"
        + "müşteri no|müşteri numarası|tckn|vkn|fiş no|sıra no|tür|durum|fee|balance|"
        + "available balance|new balance|account balance|currency|bank|sender bank|channel|type|"
        + "transaction type|value date|recipient|beneficiary|receiver|to|e-mail|email|telefon|"
        + "phone|status|branch|taksit sayısı"
}
