// SPDX-License-Identifier: Apache-2.0

/// The Turkish of what readings say of themselves.
///
/// `Reading.explanation`, `NearMiss.missing` and what the agent adds to them are kept in English,
/// in the ledger too; whoever shows them to a Turkish reader asks here. Names of rules, fields and
/// outcomes are words of the rule files and stay as they are.
package enum Phrasebook {
    /// The same explanation in Turkish. What is not known stays English.
    package static func turkish(_ explanation: String) -> String {
        var output = ""
        var rest = explanation[...]
        while let border = borders.compactMap({ rest.firstRange(of: $0) })
            .min(by: { $0.lowerBound < $1.lowerBound })
        {
            output += phrase(rest[..<border.lowerBound]) + rest[border]
            rest = rest[border.upperBound...]
        }
        return output + phrase(rest)
    }

    private static let borders = [": ", ", ", "; ", " (", ")"]

    private static func phrase(_ text: Substring) -> String {
        table.turkish(text, gap: phrase) ?? String(text)
    }

    private static let table = PhraseTable(ofMails + ofFields + ofTables + ofTrust)

    private static let ofMails = [
        ("frame fits", "çerçeve uyuyor"),
        ("no variant fits", "hiçbir varyant uymuyor"),
        ("money came in", "para geldi"),
        ("in words that no variant reads", "hiçbir varyantın okumadığı sözlerle"),
        ("an amount that no variant reads", "hiçbir varyantın okumadığı bir tutar"),
        ("several notices in one text", "bir metinde birden çok bildirim"),
        ("no rule is for this sender", "bu gönderen için kural yok"),
        ("but the text is that of a payment", "ama metin bir ödeme bildiriminin metni"),
        ("but the display name is that of a bank", "ama görünen ad bir bankanın adı"),
        ("but the domain looks like that of a bank", "ama alan adı bir bankanınkine benziyor"),
        (
            "but the domain begins like that of a bank",
            "ama alan adı bir bankanınki gibi başlıyor"
        ),
        ("but the mail has several senders", "ama e-postanın birden çok göndereni var"),
        ("the text is too long to be searched", "metin aranamayacak kadar uzun"),
        (
            "the mail makes this rule search too much",
            "e-posta bu kurala çok fazla arama yaptırıyor"
        ),
        ("text and HTML say different things", "düz metin ile HTML farklı şeyler söylüyor"),
        ("several attachments fit", "birden çok ek uyuyor"),
        (
            "the mail and its attachment say different things",
            "e-posta ile eki farklı şeyler söylüyor"
        ),
        ("the subject names another sum", "konuda başka bir tutar yazıyor"),
        ("the mail was cut at a limit", "e-posta bir sınırda kesilmiş"),
        (
            "the mail is an answer and may quote a notice",
            "ileti bir yanıt, eski bir bildirimi alıntılıyor olabilir"
        ),
        ("marks in the text turn its direction", "metindeki işaretler yazı yönünü çeviriyor"),
        (
            "its PDF could not be read and may tell of a payment",
            "PDF'i okunamadı, bir ödemeyi anlatıyor olabilir"
        ),
        ("the rule is a draft", "kural taslak"),
        ("the time is suspicious", "zamanı kuşkulu"),
        ("* movements", "$1 hareket"),
        ("a denied word too", "yasaklı bir söz de geçiyor"),
        ("denied", "yasaklı söz"),
        ("direction", "paranın geldiğini söyleyen söz"),
        ("the sentence of the subject does not fit", "konudaki cümle uymuyor"),
        ("the sentence does not fit", "cümle uymuyor"),
    ]

    private static let ofFields = [
        (
            "field * stands only behind the payer's words",
            "$1 alanı yalnızca ödeyenin sözlerinin ardında geçiyor"
        ),
        ("field * is missing", "$1 alanı yok"),
        ("field * is read in two ways", "$1 alanı iki türlü okunuyor"),
        ("field * is ambiguous", "$1 alanı iki anlama geliyor"),
        ("field * is unreadable", "$1 alanı okunamıyor"),
        ("field * is negative", "$1 alanı eksi"),
        ("field * has no currency", "$1 alanında para birimi yok"),
        (
            "field * is not in the bank's letters", "$1 alanı bankanın harfleriyle yazılmamış"
        ),
        ("the amount is *", "tutar $1"),
        ("the amount and its words differ", "tutar ile yazıyla tutar farklı"),
    ]

    private static let ofTables = [
        ("row * of the table", "tablonun $1. satırı"),
        ("row * of the text", "metnin $1. satırı"),
        ("line * of the text *", "metnin $1. satırı $2"),
        ("holds an amount and is no row of the table", "tutar içeriyor ama tablonun satırı değil"),
        ("has neither a date nor a number", "ne tarih ne de numara taşıyor"),
        ("has money going in and out at once", "parayı aynı anda hem gelmiş hem gitmiş gösteriyor"),
        ("has * cells instead of *", "$2 yerine $1 hücreli"),
        ("it has * cells instead of *", "$2 yerine $1 hücreli"),
        ("its date is empty", "tarihi boş"),
        ("it is read in two ways", "iki türlü okunuyor"),
        ("its status is not known", "durumu bilinmiyor"),
        (
            "its status is not known; name the column `status`",
            "durumu bilinmiyor; sütunu `status` olarak adlandırın"
        ),
        ("it has no amount", "tutarı yok"),
        ("has no amount", "tutarı yok"),
        ("two columns have the heading of a field", "iki sütun bir alanın başlığını taşıyor"),
        ("its sign and status differ", "işareti ile durumu çelişiyor"),
        ("the heading row of the table is missing", "tablonun başlık satırı yok"),
        ("the table has two headings", "tablonun iki başlığı var"),
        ("the table is too long", "tablo çok uzun"),
        ("the table has no row", "tabloda satır yok"),
    ]

    /// What the agent adds: where a mail comes from, and how it came.
    private static let ofTrust = [
        ("its rule asks for another proof", "kuralı başka bir kanıt istiyor"),
        ("its signature leaves the date open", "imzası tarihi kapsamıyor"),
        ("its key cannot be had yet", "anahtarı henüz alınamıyor"),
        ("its PDF needs a password", "PDF'i şifre istiyor"),
        ("its PDF holds pictures", "PDF'inde resim var"),
        ("no text", "metin yok"),
        ("its PDF could not be read", "PDF'i okunamadı"),
        ("a mail with * attached", "ekinde $1 e-posta olan bir e-posta"),
        ("and more that were not read", "okunmayan başkaları da var"),
        ("forwarded by hand", "elle iletilmiş"),
        ("From rewritten on the way", "gönderen yolda değiştirilmiş"),
        (
            "several notices forwarded by hand in one text",
            "tek metinde elle iletilmiş birkaç bildirim"
        ),
        ("the mail is larger than the limit", "e-posta sınırdan büyük"),
        ("only its beginning was fetched", "yalnızca başı alındı"),
        ("Gmail's code is *", "Gmail'in kodu $1"),
        (
            "the ledger refused what the mail says",
            "kayıt defteri e-postanın söylediğini kabul etmedi"
        ),
        ("line * of a statement", "hesap özetinin $1. satırı"),
        ("fetched", "alındı"),
        ("not read yet", "henüz okunmadı"),
        ("a copy of mail *", "$1 numaralı e-postanın kopyası"),
    ]
}

extension Reading {
    /// `explanation` in both languages.
    package var wording: Wording { Wording(explanation, Phrasebook.turkish(explanation)) }
}
