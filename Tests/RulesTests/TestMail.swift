// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail
import Rules

/// Small mails for tests, and a rule file with one variant that tests change in one place.
enum TestMail {
    /// 22 November 2026, 14:06 in Istanbul: a minute after the notices in tests.
    static let arrival = Date(timeIntervalSince1970: 1_795_345_560)

    static func message(
        from address: String = "bilgi@bank.example", name: String = "", subject: String = "Gelen",
        text: String? = nil, html: String? = nil, date: Date? = nil, fromFieldCount: Int = 1,
        notes: Set<Message.Note> = []
    ) -> Message {
        let parts = address.split(separator: "@").map(String.init)
        var bodies: [BodyText] = []
        if let text { bodies.append(BodyText(source: .plain, text: text)) }
        if let html { bodies.append(BodyText(source: .html, text: html)) }
        return Message(
            from: [
                MailAddress(
                    displayName: name, localPart: parts.first ?? "", domain: parts.last ?? "")
            ], fromFieldCount: fromFieldCount, subject: subject, date: date, messageID: nil,
            bodies: bodies, inner: [], notes: notes)
    }

    /// A whole rule file around one payment variant; `amount` is the amount's field.
    static func rule(
        amount: String = "{ label: Tutar, currency: TRY }",
        occurredAt: String = "{ label: Zaman, dates: ['dd.MM.yyyy HH:mm'] }",
        sentence: String = "", extra: String = ""
    ) -> RuleSource {
        RuleSource(
            path: "bank/rule.yaml",
            text: """
                id: bank
                bank: Örnek Bank
                status: confirmed
                senders:
                  domains: [bank.example]
                variants:
                  - id: incoming
                    outcome: payment
                    frame: [hesabınıza para geldi]
                    \(sentence)
                    fields:
                      amount: \(amount)
                      payer: { label: Gönderen }
                      occurred_at: \(occurredAt)
                      description: { label: Açıklama }
                  - id: examined
                    outcome: payment
                    subject: [sınav]
                    frame: [sınavda geçen söz]
                    fields: { amount: { label: Tutar } }
                \(extra)
                samples:
                  match:
                    - name: read
                      from: a@bank.example
                      subject: sınav
                      text: |
                        sınavda geçen söz
                        Tutar: 5,25 TL
                      expect: { amount: 5.25 TRY }
                    - name: one
                      from: a@bank.example
                      subject: Gelen
                      text: |
                        hesabınıza para geldi
                        Tutar: 5,25 TL
                      expect: { outcome: \(sentence.isEmpty ? "payment" : "unclear") }
                  no_match:
                    - name: two
                      from: a@bank.example
                      subject: sınav
                      text: hava güzel
                      expect: { outcome: unclear }
                  hostile:
                    - name: three
                      from: a@else.example
                      subject: sınav
                      text: "sınavda geçen söz\\nTutar: 5,25 TL"
                      expect: { outcome: unread }
                """)
    }

    static func book(_ source: RuleSource) -> RuleBook { RuleBook.compile([source]).book }
}

extension [RuleProblem] {
    /// Without what becomes of the mails until a file is mended.
    var faults: [RuleProblem] {
        filter { !$0.message.english.hasPrefix("until this file is mended") }
    }
}
