// SPDX-License-Identifier: Apache-2.0

@testable import Rules

/// The lines in their order: sender, subject, body, variants, direction, capture, field, outcome.
extension Said {
    private static let paid = "payment 5.25 TRY ELİF KARACA"

    static let all: [Said] =
        senders + proofs + subjects + bodies + charsets + variants + captures + values + outcomes
        + limits

    private static let senders = [
        Said(
            line: "sender: several exact addresses, in any case",
            file: "senders: { addresses: [A@Bank.example, HIZMET@bilgi.bank.example] }",
            from: "hizmet@Bilgi.Bank.example",
            expect: paid + " signed by bank.example or bilgi.bank.example",
            otherwise: ("c@bank.example", nil, "merhaba", "unread")),
        Said(
            line: "sender: a whole domain with all below it",
            file: "senders: { domains: [bank.example, banka.example] }",
            from: "x@ileti.banka.example",
            expect: paid + " signed by bank.example or banka.example",
            otherwise: ("x@notbank.example", nil, "merhaba", "unread")),
        Said(
            line: "sender: a variant for one address only",
            variant: "    sent_by: [para@bank.example]", from: "PARA@bank.example", expect: paid,
            otherwise: ("ilan@bank.example", nil, nil, "unclear")),
    ]

    private static func signed(_ keys: String) -> String {
        "senders: { domains: [bank.example, news.example] }\nauthentication: { \(keys) }"
    }

    private static let proofs = [
        Said(
            line: "authentication: any proof of the senders' own domains when nothing is said",
            file: "senders: { addresses: [a@mail.bank.example], domains: [bank.example] }",
            expect: paid + " signed by bank.example or mail.bank.example"),
        Said(
            line: "authentication: whose signature counts",
            file: signed("domains: [bank.example, sign.example]"),
            expect: paid + " signed by bank.example or sign.example"),
        Said(
            line: "authentication: the result that is required",
            file: signed("domains: [bank.example], require: signature"),
            expect: paid + " with a signature only"),
        Said(
            line: "authentication: the forwarders that are allowed",
            file: signed("domains: [bank.example], forwarders: [host.example, post.example]"),
            expect: paid + " by way of host.example or post.example only"),
        Said(
            line: "authentication: no forwarder at all",
            file: signed("domains: [bank.example], forwarders: []"),
            expect: paid + " by way of  only"),
        Said(
            line: "authentication: the shortest keys that prove something",
            file: signed("domains: [bank.example], rsa_bits_min: 2048"),
            expect: paid + " with RSA keys of 2048 bits"),
    ]

    /// `hesabiniza para geldi … Gönderen: ŁUCJA WĘGŁOWSKA` in ISO-8859-2, as `type` says it is.
    private static func polish(_ type: String) -> [UInt8] {
        let head = "From: a@bank.example\r\nSubject: x\r\nContent-Type: \(type)\r\n\r\n"
        let name: [UInt8] = [
            0xA3, 85, 67, 74, 65, 32, 87, 0xCA, 71, 0xA3, 79, 87, 83, 75, 65,
        ]
        return Array((head + "hesabiniza para geldi\r\nTutar: 5,25 TL\r\nG").utf8) + [0xF6]
            + Array("nderen: ".utf8) + name + Array("\r\n".utf8)
    }

    private static let centralEuropean =
        "senders: { domains: [bank.example] }\ncharset: iso-8859-2"

    private static let charsets = [
        Said(
            line: "charset: for a text of which the mail says none", file: centralEuropean,
            raw: polish("text/plain"), expect: "payment 5.25 TRY ŁUCJA WĘGŁOWSKA",
            otherwise: (nil, nil, nil, paid)),
        Said(
            line: "charset: for a text of which the mail says a wrong one", file: centralEuropean,
            raw: polish("text/plain; charset=utf-8"),
            expect: "payment 5.25 TRY ŁUCJA WĘGŁOWSKA"),
        Said(
            line: "charset: without it the usual fallback is taken",
            raw: polish("text/plain"), expect: "payment 5.25 TRY £UCJA WÊG£OWSKA"),
    ]

    /// As long as `sizeBytes` says, in words that stand in no rule.
    private static func long(_ sizeBytes: Int) -> String {
        usual + "\n" + String(repeating: "bir sey ", count: (sizeBytes - usual.utf8.count - 1) / 8)
    }

    /// As many patterns as one file may have but for a few.
    private static let searching =
        "senders: { domains: [bank.example] }\ndeny: ["
        + (0..<70).map { "{ pattern: 'olmaz\($0) .*son' }" }.joined(separator: ", ") + "]"

    private static let limits = [
        Said(
            line: "limits: the size of what is searched", text: long(MailTexts.bytesMax - 20),
            expect: paid,
            otherwise: (nil, nil, long(MailTexts.bytesMax + 20), "unclear (too large)")),
        Said(
            line: "limits: the work per rule, counted so that it is the same everywhere",
            file: searching, text: long(MailTexts.bytesMax - 20),
            expect: "unclear (too much search)",
            otherwise: (nil, nil, long(MailTexts.bytesMax / 4), paid)),
    ]

    private static let subjects = [
        Said(
            line: "subject: must and must not match, folded",
            variant: "    subject: { all: [GELEN İŞLEM], none: [iptal] }",
            subject: "gelen  islem", expect: paid,
            otherwise: (nil, "Gelen işlem İPTAL", nil, "unclear")),
        Said(
            line: "subject: holds fields itself",
            variant: """
                    subject: { sentence: '(?<payer>.+) size (?<amount>[\\d.,]+ [a-z]+) gönderdi' }
                    fields: { amount: { style: turkish } }
                """, subject: "Elif Karaca size 5,25 TL gönderdi", text: "Hesabınıza para geldi",
            expect: "payment 5.25 TRY Elif Karaca"),
    ]

    private static let bodies = [
        Said(
            line: "body: the plain text", variant: "    body: plain",
            html: "başka bir metin", expect: paid),
        Said(
            line: "body: the HTML", variant: "    body: html", text: "Ayrıntılar HTML'de",
            html: usual, expect: paid),
        Said(
            line: "body: an attachment by its name and type, a PDF",
            variant: "    attachment: { name: 'Dekont*', type: pdf }", text: "ektedir",
            attachment: ("DEKONT-1.pdf", "application/octet-stream", usual), expect: paid),
        Said(
            line: "body: an attachment of another name is not read",
            variant: "    attachment: { name: 'Dekont*', type: pdf }", text: "ektedir",
            attachment: ("makbuz.pdf", "application/pdf", usual), expect: "unclear"),
        Said(
            line: "body: an attachment by its type, HTML",
            variant: "    attachment: { type: html }", text: "ektedir",
            attachment: ("e.htm", "text/html", usual), expect: paid),
        Said(
            line: "body: a mail that came attached", variant: "    body: inner", text: "ektedir",
            inner: usual, expect: paid),
    ]

    private static let other = """
          - id: other
            outcome: not_a_payment
            kind: card
            frame: [hesabınıza para geldi, kartınız]
        """

    private static let draftCard = """
          - id: other
            outcome: not_a_payment
            kind: card
            status: draft
            frame: [kartınız]
        """

    private static let alike = """
        senders: { domains: [bank.example] }
        look_alikes: { campaign: [bonus kazan], returned: [geri alınmıştır] }
        money_in: [TL ulaştı]
        """

    private static let denying =
        "senders: { domains: [bank.example] }\ndeny: [iade edilmiş]"

    private static let variants = [
        Said(
            line: "variants: tried in order, all anchors must stand", before: other,
            text: usual + "\nKartınız", expect: "not_a_payment (card)",
            otherwise: (nil, nil, usual, paid)),
        Said(
            line: "variants: denied words win over everything", variant: "    deny: [iade]",
            text: usual + "\nİADE", expect: "unclear"),
        Said(
            line: "variants: denied words of the file",
            file: "senders: { domains: [bank.example] }\ndeny: [iade edilmiş]",
            text: usual + "\nTutar iade edilmiştir", expect: "unclear"),
        Said(
            line: "variants: denied words of the file in another text of the mail",
            file: Self.denying, html: usual + "\nTutar iade edilmiştir", expect: "unclear"),
        Said(
            line: "variants: denied words in a text that no variant takes",
            file: Self.denying, html: "Bu işlem iade edilmiştir.", expect: "unclear"),
        Said(
            line: "variants: denied words in an attachment",
            file: Self.denying,
            attachment: ("ek.html", "text/html", "Bu işlem iade edilmiştir."), expect: "unclear"),
        Said(
            line: "variants: denied words of a variant in another text of the mail",
            variant: "    deny: [iade]\n    body: html", text: "Bu işlem iade edilmiştir.",
            html: usual, expect: "unclear"),
        Said(
            line: "variants: the payer's words deny nothing, in whichever text they stand",
            file: Self.denying, variant: "    body: html",
            text: usual + "\nAçıklama: Kurs ücreti iade edilmiştir",
            html: usual.replacing("-", with: "Kurs ücreti iade edilmiştir"),
            expect: paid + " “Kurs ücreti iade edilmiştir”"),
        Said(
            line: "direction: words of money that went out in another text of the mail",
            variant: "    direction: { out: [hesabınızdan] }",
            html: "Hesabınızdan gönderilmiştir", expect: "unclear"),
        Said(
            line: "look-alikes: decide when no payment fits",
            file: Self.alike, text: "Kartınızla bonus kazanın", expect: "not_a_payment (campaign)"),
        Said(
            line: "look-alikes: decide nothing where words say that money came in",
            file: Self.alike, text: "1.250,00 TL ulaştı\nKartınızla bonus kazanın",
            expect: "unclear"),
        Said(
            line: "look-alikes: decide nothing where subject and direction are a payment's",
            file: Self.alike,
            variant: "    subject: [gelen havale]\n    direction: { in: [hesabınıza] }",
            subject: "Gelen Havale", text: "Hesabınıza 5,25 TL\nKartınızla bonus kazanın",
            expect: "unclear",
            otherwise: (nil, "Kasım", "Kartınızla bonus kazanın", "not_a_payment (campaign)")),
        Said(
            line: "look-alikes: decide nothing where an amount stands in another sentence",
            file: Self.alike, subject: "Kasım", text: "ELİF 5,25 TL yolladı. Bonus kazanın",
            expect: "unclear",
            otherwise: (nil, nil, "Kartınızla 5,25 TL bonus kazanın", "not_a_payment (campaign)")),
        Said(
            line: "look-alikes: a text that no payment holds decides even so",
            file: Self.alike + "\ndeny: [geri alınmıştır]",
            text: "1.250,00 TL ulaştı ve geri alınmıştır", expect: "not_a_payment (returned)"),
        Said(
            line: "drafts: pass over nothing that says that money came in",
            file: "senders: { domains: [bank.example] }\nmoney_in: [TL ulaştı]",
            before: draftCard,
            text: "Hesabınıza para geldi\nTutar: 5,25 TL ulaştı, kartınız", expect: "unclear draft",
            otherwise: (
                nil, nil, "Tutar: 5,25 TL\nKartınız",
                "not_a_payment draft (card)"
            )),
        Said(
            line: "drafts: pass over nothing that says who paid",
            file: "senders: { domains: [bank.example] }",
            before: draftCard,
            text: usual + "\nKartınız", expect: "unclear draft",
            otherwise: (
                nil, nil, "Tutar: 5,25 TL\nKartınız",
                "not_a_payment draft (card)"
            )),
        Said(
            line: "drafts: pass over nothing that another variant knows of money",
            file: "senders: { domains: [bank.example] }",
            before: draftCard,
            text: "Hesabınıza para geldi\nAd Soyad: Elif Karaca\nTutar: 5,25 TL\nKartınız",
            expect: "unclear draft",
            otherwise: (
                nil, nil, "Ad Soyad: Elif Karaca\nTutar: 5,25 TL\nKartınız",
                "not_a_payment draft (card)"
            )),
        Said(
            line: "direction: words that must stand and words that must not",
            variant: "    direction: { in: [tarafınıza], out: [hesabınızdan] }",
            text: usual + "\nTarafınıza", expect: paid,
            otherwise: (nil, nil, usual + "\nTarafınıza, hesabınızdan", "unclear")),
        Said(
            line: "direction: without its words it is none",
            variant: "    direction: { in: [tarafınıza] }", expect: "unclear"),
    ]

    private static func place(_ place: String, _ more: String = "") -> String {
        "    fields: { amount: { label: Tutar, place: \(place)\(more) } }"
    }

    private static let captures = [
        Said(
            line: "capture: named groups in a sentence",
            variant:
                "    sentence: '(?<payer>.+) (?<amount>[\\d,]+ TL) yolladı'\n    fields: { amount: { style: turkish } }",
            text: "Hesabınıza para geldi\nELİF KARACA 5,25 TL yolladı", expect: paid),
        Said(
            line: "capture: same line", variant: place("same_line"),
            text: "Hesabınıza para geldi\nTutar : 5,25 TL", expect: "payment 5.25 TRY"),
        Said(
            line: "capture: next cell", variant: place("next_cell"),
            text: "Hesabınıza para geldi\nTutar\t5,25 TL\tx", expect: "payment 5.25 TRY"),
        Said(
            line: "capture: third cell", variant: place("third_cell"),
            text: "Hesabınıza para geldi\nTutar\t:\t5,25 TL", expect: "payment 5.25 TRY"),
        Said(
            line: "capture: next line", variant: place("next_line"),
            text: "Hesabınıza para geldi\nTutar\n5,25 TL", expect: "payment 5.25 TRY"),
        Said(
            line: "capture: until the next known label",
            variant: "    labels: [Kanal]\n" + place("until_label"),
            text: "Hesabınıza para geldi\nTutar:\n5,25\nTL\nKanal: FAST",
            expect: "payment 5.25 TRY"),
        Said(
            line: "capture: any known label ends a value, also in one line",
            variant: "    labels_run_together: true",
            text: "Hesabınıza para geldi Tutar: 5,25 TL Gönderen: ELİF KARACA Açıklama: -",
            expect: paid),
        Said(
            line: "capture: columns of a table, a movement per row",
            variant: """
                    rows: { columns: { amount: Tutar, payer: Kimden, occurred_at: 1 } }
                    fields: { occurred_at: { dates: [dd.MM.yyyy] } }
                """,
            text:
                "Hesabınıza para geldi\nTarih\tKimden\tTutar\n22.11.2026\tELİF KARACA\t5,25 TL\n22.11.2026\tBORA TANYEL\t6,25 TL",
            expect:
                "payment 1: 5.25 TRY ELİF KARACA 2026-11-21T21:00:00Z 2: 6.25 TRY BORA TANYEL 2026-11-21T21:00:00Z"
        ),
        Said(
            line: "capture: the day over the table, the hour in its row",
            variant: """
                    sentence: '(?<date>[\\d.]+) günü'
                    rows: { columns: { time: Saat, payer: Kimden, amount: Tutar } }
                    fields: { occurred_at: { dates: ['dd.MM.yyyy HH:mm'] } }
                """,
            text:
                "Hesabınıza para geldi\n22.11.2026 günü\nSaat\tKimden\tTutar\n14:05\tELİF KARACA\t5,25 TL\n15:10\tBORA TANYEL\t6,25 TL",
            expect:
                "payment 1: 5.25 TRY ELİF KARACA 2026-11-22T11:05:00Z 2: 6.25 TRY BORA TANYEL 2026-11-22T12:10:00Z"
        ),
        Said(
            line: "capture: the first or the last place of a label",
            variant: place("same_line", ", occurrence: last"),
            text: "Hesabınıza para geldi\nTutar: 1,00 TL\nTutar: 5,25 TL",
            expect: "payment 5.25 TRY"),
        Said(
            line: "capture: two places of a label that differ are unclear",
            variant: place("same_line"),
            text: "Hesabınıza para geldi\nTutar: 1,00 TL\nTutar: 5,25 TL", expect: "unclear"),
        Said(
            line: "capture: required or optional",
            variant:
                "    fields: { amount: { label: Tutar }, payer: { label: Gönderen, required: true } }",
            expect: paid,
            otherwise: (nil, nil, "Hesabınıza para geldi\nTutar: 5,25 TL", "unclear")),
        Said(
            line: "capture: words that mean empty",
            variant:
                "    fields: { amount: { label: Tutar }, description: { label: Açıklama, empty: [Belirtilmedi] } }",
            text: "Hesabınıza para geldi\nTutar: 5,25 TL\nAçıklama: BELİRTİLMEDİ",
            expect: "payment 5.25 TRY"),
    ]

    private static func amount(_ keys: String) -> String {
        "    fields: { amount: { label: Tutar, \(keys) } }"
    }

    private static func payer(_ keys: String) -> String {
        "    fields: { amount: { label: Tutar }, payer: { label: Gönderen, \(keys) } }"
    }

    private static let values = [
        Said(
            line: "field: number style", variant: amount("style: english"),
            text: "Hesabınıza para geldi\nTutar: 1,250 TL", expect: "payment 1250.00 TRY"),
        Said(
            line: "field: three letters that are no currency", variant: amount("style: turkish"),
            text: "Hesabınıza para geldi\nTutar: 1.250,00 ABC", expect: "unclear",
            otherwise: (
                nil, nil, "Hesabınıza para geldi\nTutar: 1.250,00 AZN", "payment 1250.00 AZN"
            )),
        Said(
            line: "field: currency where none is printed",
            variant: amount("currency: EUR"), text: "Hesabınıza para geldi\nTutar: 5,25",
            expect: "payment 5.25 EUR"),
        Said(
            line: "field: date patterns and zone; time from the body",
            variant:
                "    fields: { amount: { label: Tutar }, occurred_at: { label: Zaman, dates: [d.MM.yyyy HH.mm], zone: '+01:00' } }",
            text: "Hesabınıza para geldi\nTutar: 5,25 TL\nZaman: 8.11.2026 14.05",
            expect: "payment 5.25 TRY 2026-11-08T13:05:00Z",
            otherwise: (nil, nil, usual, "payment 5.25 TRY")),
        Said(
            line: "field: mask characters", variant: payer("mask: '*x'"),
            text: "Hesabınıza para geldi\nTutar: 5,25 TL\nGönderen: Exxx K****",
            expect: "payment 5.25 TRY E*** K****"),
        Said(
            line: "field: cutting length", variant: payer("cut: 11"),
            expect: "payment 5.25 TRY ELİF KARACA…"),
        Said(
            line: "field: the case the bank applies", variant: payer("case: upper"), expect: paid,
            otherwise: (
                nil, nil, "Hesabınıza para geldi\nTutar: 5,25 TL\nGönderen: Elif", "unclear"
            )),
        Said(
            line: "field: the bank's own number",
            variant:
                "    fields: { amount: { label: Tutar }, transaction_id: { label: Sorgu No } }",
            text: "Hesabınıza para geldi\nTutar: 5,25 TL\nSorgu No: 4711",
            expect: "payment 5.25 TRY id 4711", otherwise: (nil, nil, usual, "payment 5.25 TRY")),
        Said(
            line: "field: what this bank never sends",
            file: "senders: { domains: [bank.example] }\nnever_sends: [occurred_at, sender_iban]",
            expect: paid),
        Said(
            line: "field: what the payer controls fills nothing else",
            variant:
                "    fields: { amount: { label: Tutar }, payer: { label: Gönderen, controlled_by: payer } }",
            text: "Hesabınıza para geldi\nTutar: 5,25 TL\nGönderen: x Tutar: 9,00 TL",
            expect: "payment 5.25 TRY x Tutar: 9,00 TL"),
        Said(
            line: "text: folded for Turkish, blanks and no-break blanks as one",
            text: "HESABINIZA\u{A0} PARA   GELDİ\nTUTAR: 5,25 TL", expect: "payment 5.25 TRY"),
    ]

    private static func outcome(_ outcome: String) -> String {
        "  - id: other\n    outcome: \(outcome)\n    frame: [başka bir şey]"
    }

    private static let something = "Başka bir şey oldu"

    private static let outcomes = [
        Said(
            line: "outcome: no payment, and of which kind",
            after: outcome("not_a_payment\n    kind: fee"), text: something,
            expect: "not_a_payment (fee)"),
        Said(
            line: "outcome: a payment without details",
            after: outcome("payment_without_details"), text: something,
            expect: "payment_without_details"),
        Said(
            line: "outcome: a payment that was taken back", after: outcome("reversal"),
            text: something, expect: "reversal"),
        Said(
            line: "outcome: unclear", after: outcome("unclear"), text: something,
            expect: "unclear"),
        Said(
            line: "outcome: a draft among confirmed ones", variant: "    status: draft",
            expect: "payment draft 5.25 TRY ELİF KARACA"),
        Said(
            line: "outcome: the payer is the owner of the account",
            file: "senders: { domains: [bank.example] }\naccount_owner: [elif karaca]",
            expect: "not_a_payment (own_transfer)",
            otherwise: (
                nil, nil, usual.replacing("Açıklama: -", with: "Açıklama: KTF6HV349"),
                paid + " “KTF6HV349”"
            )),
    ]
}
