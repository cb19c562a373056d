// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Operator

@Suite("a notice on a screen")
struct NoticeTextTests {
    @Test("shows the hour of Istanbul, or the day alone where the bank prints no hour")
    func time() throws {
        let date = try #require(Timestamp.date("2026-11-21T23:00:00Z"))
        var notice = PaymentNotice(
            amount: Money(minorUnits: 1, currency: .turkishLira), occurredAt: date, timeFrom: .body)
        let text = ExplanationText(manner: Manner(language: .english, paints: false))
        #expect(text.notice(notice).map(\.1).last == "2026-11-22 02:00:00")
        notice.dayOnly = "2026-11-22"
        #expect(text.notice(notice).map(\.1).last == "2026-11-22")
    }
}

@Suite("a JSON line")
struct JSONLineTests {
    @Test("keeps its keys in the order in which they were put")
    func order() {
        var inner = JSONLine()
        inner.put("amount_minor", 125_000)
        var line = JSONLine()
        line.put("z", "last letter first")
        line.put("a", true)
        line.put("none", String?.none)
        line.put("list", ["x", "y"])
        line.put("empty", [String]())
        line.put("object", inner)
        line.put("objects", [inner, JSONLine()])
        #expect(
            line.finished
                == #"{"z":"last letter first","a":true,"none":null,"list":["x","y"],"empty":[],"#
                + #""object":{"amount_minor":125000},"objects":[{"amount_minor":125000},{}]}"#)
    }

    @Test(
        "writes every text so that it can be read again",
        arguments: [
            "", "Elif Karaca", "İğneci Şükrü", "\"\\/", "\n\r\t", "\u{0}\u{1}\u{1F}", "\u{7F}",
            "\u{2028}\u{2029}", "👩‍🎤", "a\u{301}",
        ])
    func roundTrip(text: String) throws {
        var line = JSONLine()
        line.put(text, text)
        #expect(!line.finished.utf8.contains { $0 < 0x20 })
        let back = try JSONDecoder().decode(
            [String: String].self, from: Data(line.finished.utf8))
        #expect(back.keys.map { Array($0.utf8) } == [Array(text.utf8)])
        #expect(back.values.map { Array($0.utf8) } == [Array(text.utf8)])
    }

    @Test("writes control characters as RFC 8259 wants them")
    func escapes() {
        var line = JSONLine()
        line.put("t", "\u{1}\u{1F}\"\\\n")
        #expect(line.finished == #"{"t":"\u0001\u001f\"\\\n"}"#)
    }
}

@Suite("words of strangers")
struct ShownTextTests {
    @Test(
        "are shown without what a terminal obeys",
        arguments: [
            ("ELİF \u{1B}[2JKARACA", "ELİF  [2JKARACA"), ("a\u{202E}b\u{2066}c\u{200F}", "abc"),
            ("a\r\nb\tc\u{9B}d\u{2028}e", "a  b c d e"),
            ("Çiğdem Örge 👩‍👩‍👧", "Çiğdem Örge 👩‍👩‍👧"),
        ])
    func shown(text: String, expected: String) { #expect(text.shown == expected) }
}

@Suite("a table")
struct TableTests {
    @Test("gives each column the width of its widest cell, the last none")
    func columns() {
        var table = Table(["ID", "NAME", "WHY"])
        table.add(["1", "Şükrü İğneci", "x"])
        table.add(["200", "Elif", ""])
        #expect(
            table.text
                == "ID   NAME          WHY\n1    Şükrü İğneci  x\n200  Elif          ")
    }

    @Test("without rows is its headings")
    func empty() { #expect(Table(["ID", "NAME"]).text == "ID  NAME") }
}

@Suite("the trace of a mail")
struct MailTraceTests {
    private func report(_ change: (inout MailReport) -> Void = { _ in }) -> MailReport {
        let findings = MailFindings(
            disposition: .settle, sha256: [], identity: [], sizeBytes: 4096,
            receivedAt: Date(timeIntervalSince1970: 1_795_345_533), messageID: "x@bank.example",
            outcome: .payment, rule: RuleID("garanti-bbva/incoming-transfer"), ruleIsDraft: false,
            trust: TrustVerdict(.verified, by: "dkim garantibbva.com.tr"), movements: [],
            reasons: [],
            explanation: "garanti-bbva/incoming-transfer: payment")
        let due = Money(minorUnits: 125_000, currency: .turkishLira)
        let guest = RegistrationID("reg-17")
        var report = MailReport(
            findings, source: "season.mbox#12",
            verdict: Verdict(
                .approve, allocations: [.init(registration: guest, amount: due)],
                reasons: [.codeExact, .amountEqual], reference: ReferenceCode("KTF6HV349")))
        report.notice = PaymentNotice(
            amount: due, payer: "Elif Karaca", description: "Ktf6hv349",
            occurredAt: Date(timeIntervalSince1970: 1_795_345_533), timeFrom: .body)
        report.effects = [
            Effect(.lumaApprove, registration: guest),
            Effect(.message(.ticket, by: .sms), registration: guest, after: .lumaApprove),
        ]
        change(&report)
        return report
    }

    private func text(_ report: MailReport, _ language: Language) -> String {
        let trace = MailTrace(language: language)
        return trace.head(report) + "\n" + trace.decision(report, indent: "    ")
    }

    @Test("says in English what became of a payment and why")
    func english() {
        #expect(
            text(report(), .english) == """
                season.mbox#12  garanti-bbva/incoming-transfer  payment  verified (dkim garantibbva.com.tr)
                    1.250,00 TL  KTF6HV349  → approve reg-17: luma.approve, ticket.sms
                    The code was found. The amount is exactly what was due.
                """)
    }

    @Test("says it in Turkish")
    func turkish() {
        #expect(
            text(report(), .turkish) == """
                season.mbox#12  garanti-bbva/incoming-transfer  payment  verified (dkim garantibbva.com.tr)
                    1.250,00 TL  KTF6HV349  → approve reg-17: luma.approve, ticket.sms
                    Kod bulundu. Tutar tam istenen kadar.
                """)
    }

    @Test("names the candidates of a question")
    func question() {
        let asked = report { report in
            report.trust = TrustVerdict(.forged)
            report.effects = []
            report.verdict = Verdict(
                .review, reasons: [.senderForged],
                candidates: [
                    .init(registration: RegistrationID("reg-17"), reasons: [], similarity: 0),
                    .init(registration: RegistrationID("reg-18"), reasons: [], similarity: 0),
                ])
        }
        #expect(
            text(asked, .turkish) == """
                season.mbox#12  garanti-bbva/incoming-transfer  payment  forged
                    1.250,00 TL  → review  adaylar: reg-17, reg-18
                    E-postanın göndereni sahte.
                """)
    }

    @Test("of no payment is what the rule says")
    func nothing() {
        let other = report { report in
            report.rule = nil
            report.outcome = .unread
            report.trust = TrustVerdict(.unverified)
            report.notice = nil
            report.effects = []
            report.verdict = Verdict(.none, reasons: [])
            report.explanation = "no rule is for this sender"
        }
        #expect(
            text(other, .english) == """
                season.mbox#12  –  unread  unverified
                    → none
                    no rule is for this sender
                """)
    }

    @Test("as JSON has every key, in a fixed order")
    func json() {
        #expect(
            report().json.finished
                == #"{"source":"season.mbox#12","message_id":"x@bank.example","#
                + #""received_at":"2026-11-22T11:05:33Z","outcome":"payment","#
                + #""rule":"garanti-bbva/incoming-transfer","trust":"verified","#
                + #""trust_by":"dkim garantibbva.com.tr","dmarc":null,"payment":{"amount_minor":125000,"#
                + #""currency":"TRY","payer":"Elif Karaca","reference":"KTF6HV349","#
                + #""description":"Ktf6hv349","occurred_at":"2026-11-22T11:05:33Z","#
                + #""time_from":"body","transaction_id":null,"id_from":"derived"},"#
                + #""verdict":"approve","#
                + #""registration":"reg-17","reasons":["code_exact","amount_equal"],"#
                + #""effects":["luma.approve","ticket.sms"],"#
                + #""explanation":"garanti-bbva/incoming-transfer: payment"}"#)
    }
}

@Suite("the language of messages")
struct LanguageTests {
    @Test(
        "is Turkish for a Turkish locale, else English",
        arguments: [
            (["LANG": "tr_TR.UTF-8"], true), (["LANG": "en_GB.UTF-8"], false), ([:], false),
            (["LC_ALL": "tr_TR", "LANG": "en_GB"], true),
            (["LC_MESSAGES": "C", "LANG": "tr_TR"], false),
            (["LC_ALL": "", "LANG": "tr_TR"], true),
        ] as [([String: String], Bool)])
    func byLocale(environment: [String: String], isTurkish: Bool) {
        #expect((Language(environment: environment) == .turkish) == isTurkish)
    }
}
