// SPDX-License-Identifier: Apache-2.0

import Agent
import Cryptography
import Domain
import FoundationEssentials
import Mail
import Rules
import Testing

@testable import Documents

/// From the bytes of a mail whose notice is a PDF to the payment in it, with the real program.
@Suite struct ReceiptMailTests {
    private static let rule = """
        id: kiyi-bankasi
        bank: Kıyı Bankası
        status: confirmed
        since: 2026-11-22
        references: invented
        senders: { addresses: [bildirim@kiyibankasi.example] }
        authentication: { domains: [kiyibankasi.example] }
        variants:
          - id: receipt
            outcome: payment
            attachment: { name: 'Dekont*.pdf', type: pdf }
            frame: [Gelen FAST Anlık Ödeme]
            fields:
              occurred_at: { label: İŞLEM TARİHİ, dates: ['dd.MM.yyyy HH:mm:ss'] }
              transaction_id: { label: SORGU NO }
              amount: { label: İŞLEM TUTARI, style: turkish }
              payer: { label: GÖNDEREN AD SOYAD / UNVAN }
              description: { label: İŞLEM AÇIKLAMASI }
            labels: [İŞLEM TÜRÜ, MASRAF TUTARI, İŞLEM NO, FİŞ NO]
          - id: daily
            outcome: payment
            attachment: { name: 'Hesap*.pdf', type: pdf }
            frame: [Hesap hareketleri]
            rows:
              columns: { occurred_at: 1, amount: 2, description: 4 }
              cells: 4
              signed: true
            fields:
              amount: { style: turkish }
              occurred_at: { dates: ['dd.MM.yyyy HH:mm:ss'] }
        samples:
          match:
            - name: the receipt
              from: bildirim@kiyibankasi.example
              subject: FAST
              text: Detaylar ektedir.
              attachments:
                - name: Dekont.pdf
                  text: |
                    İŞLEM TÜRÜ ¦ Gelen FAST Anlık Ödeme
                    İŞLEM TUTARI ¦ 1.250,00 TL
              expect: { outcome: payment, amount: 1250.00 TRY }
          no_match:
            - name: nothing attached
              from: bildirim@kiyibankasi.example
              subject: FAST
              text: Gelen FAST Anlık Ödeme. Detaylar ektedir.
              expect: { outcome: unclear }
          hostile:
            - name: the sentence stands in the mail
              from: bildirim@kiyibankasi.example
              subject: FAST
              text: |
                Gelen FAST Anlık Ödeme
                İŞLEM TUTARI: 1.250,00 TL
              expect: { outcome: unclear }
        """

    private func findings(_ pdf: [UInt8], named name: String) throws -> MailFindings {
        let mail = """
            From: Kıyı Bankası <bildirim@kiyibankasi.example>
            Subject: =?utf-8?Q?FAST_Anl=C4=B1k_=C3=96deme_Bilgilendirmesi?=
            Date: Sun, 22 Nov 2026 14:06:00 +0300
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8

            Detaylar ektedir.
            --b
            Content-Type: application/octet-stream; name="\(name)"
            Content-Disposition: attachment; filename="\(name)"
            Content-Transfer-Encoding: base64

            \(Base64.encode(pdf))
            --b--

            """
        let (rules, problems) = RuleBook.compile([
            RuleSource(path: "kiyi-bankasi/rule.yaml", text: Self.rule)
        ])
        try #require(problems.isEmpty, "\(problems)")
        let reader = try Program.reader()
        return MailReader(
            rules: rules, authenticator: Authenticator(trustedAuthserv: nil),
            readPDF: { reader.read($0.bytes) }
        ).read(
            Array(mail.utf8), receivedAt: Date(timeIntervalSince1970: 1_795_345_560),
            isTruncated: false, keys: { _ in .absent })
    }

    @Test func `a receipt of two columns of labels`() throws {
        let rows = [
            ["İŞLEM TÜRÜ", "Gelen FAST Anlık Ödeme", "İŞLEM TARİHİ", "22.11.2026 14:05:33"],
            ["SORGU NO", "2551234567", "İŞLEM TUTARI", "1.250,00 TL"],
            ["MASRAF TUTARI", "0,00 TL", "İŞLEM NO", "2026005212345678"],
            ["GÖNDEREN AD SOYAD / UNVAN", "SELİN ÖRGE", "FİŞ NO", ""],
            ["İŞLEM AÇIKLAMASI", "ktp6dj6pd"],
        ]
        let pdf = PDFMaker.statement(rows, columns: [30, 170, 320, 420])
        let findings = try findings(pdf, named: "Dekont.pdf")
        #expect(findings.outcome == .payment, "\(findings.explanation)")
        let notice = try #require(findings.notices.first)
        #expect(notice.amount.minorUnits == 125_000)
        #expect(notice.payer == "SELİN ÖRGE")
        #expect(notice.description == "ktp6dj6pd")
        #expect(notice.transactionID == "2551234567")
    }

    @Test func `a day's statement`() throws {
        let rows = [
            ["Hesap hareketleri"],
            [
                "22.11.2026 14:05:33", "+1.250,00 TRY", "+31.880,15 TRY",
                "NEHİR ATALAN*0064*KT5PZ4R38*3312345678*FAST",
            ], ["22.11.2026 15:10:02", "-40,00 TRY", "+31.840,15 TRY", "FAST ÜCRETİ"],
        ]
        let pdf = PDFMaker.statement(rows, columns: [30, 140, 230, 320])
        let findings = try findings(pdf, named: "Hesap_Ozeti_0064.pdf")
        #expect(findings.outcome == .payment, "\(findings.explanation)")
        #expect(findings.notices.map(\.amount.minorUnits) == [125_000])
    }

    @Test func `a receipt with a password goes to a person`() throws {
        let findings = try findings(PDFReaderTests.fixture("needs-password"), named: "Dekont.pdf")
        #expect(findings.outcome == .unclear)
        #expect(findings.explanation.hasSuffix("its PDF needs a password"))
    }
}
