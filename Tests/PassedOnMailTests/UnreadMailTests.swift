// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail
import Testing

@testable import Agent

/// Notices that came in a form which is not read: a person has to hear of them.
@Suite struct UnreadMailTests {
    private func covered(_ mail: String, _ times: Int) -> String {
        (0..<times).reduce(mail) { mail, _ in PassedOnMail.attaching([mail]) }
    }

    private func carrying(
        _ type: String, from: String = "Ayla <ayla@ornek.example>", subject: String = "dekont"
    ) -> String {
        """
        From: \(from)\r
        Subject: \(subject)\r
        Content-Type: multipart/mixed; boundary=qq\r
        \r
        --qq\r
        Content-Type: text/plain\r
        \r
        Ekte.\r
        --qq\r
        Content-Type: \(type)\r
        Content-Transfer-Encoding: base64\r
        \r
        AAAA\r
        --qq--\r

        """
    }

    @Test("a notice within too many covers is told to a person, whoever sent it")
    func tooDeep() throws {
        let notice = try PassedOnMail.notice()
        let read = try PassedOnMail.read(covered(notice, 3))
        #expect(read.attached.last?.findings.outcome == .payment)
        #expect(read.notes.isEmpty && read.reasons.isEmpty)
        for times in 4...6 {
            let deep = try PassedOnMail.read(covered(notice, times))
            #expect(deep.outcome == .unclear && deep.attached.isEmpty)
            #expect(deep.reasons == [.attachedNotRead])
            #expect(deep.notes == [.mailsLeftOut])
            #expect(deep.explanation.contains("within too many others"))
        }
    }

    @Test("one beside a notice that is read is told as well")
    func besides() throws {
        let notice = try PassedOnMail.notice()
        let mail = PassedOnMail.attaching([notice, covered(try PassedOnMail.notice("600,00"), 3)])
        let findings = try PassedOnMail.read(mail)
        #expect(findings.attached.first?.findings.outcome == .payment)
        #expect(findings.outcome == .unclear && findings.reasons == [.attachedNotRead])
    }

    @Test("of too many mails those count that are a bank's")
    func tooMany() throws {
        let other = "From: Can <can@ornek.example>\r\nSubject: x\r\n\r\nMerhaba\r\n"
        let many = Array(repeating: other, count: 21)
        let digest = try PassedOnMail.read(PassedOnMail.attaching(many))
        #expect(digest.outcome == .unread && digest.notes == [.mailsLeftOut])
        let last = try PassedOnMail.read(
            PassedOnMail.attaching(many + [try PassedOnMail.notice()]))
        #expect(last.outcome == .unclear && last.reasons == [.attachedNotRead])
        // The limit holds for all levels together.
        let nested = PassedOnMail.attaching(
            Array(repeating: PassedOnMail.attaching(Array(repeating: other, count: 6)), count: 4))
        #expect(try PassedOnMail.read(nested).notes == [.mailsLeftOut])
    }

    @Test(
        "a mail saved in a form that is not read is told to a person",
        arguments: [
            "application/vnd.ms-outlook; name=dekont.msg", "application/octet-stream; name=a.MSG",
            "application/gzip; name=dekont.eml.gz", "application/octet-stream; name=a.emlx",
        ])
    func closedMail(type: String) throws {
        for mail in [carrying(type), PassedOnMail.attaching([carrying(type)])] {
            let findings = try PassedOnMail.read(mail)
            #expect(findings.outcome == .unclear && findings.reasons == [.attachedNotRead])
            #expect(findings.explanation.contains("forward it as .eml"))
        }
    }

    @Test("what may be anything counts where a bank wrote it or a person forwarded it")
    func sealed() throws {
        let types: [(String, Reason)] = [
            ("application/ms-tnef; name=winmail.dat", .attachedNotRead),
            ("application/octet-stream; name=smime.p7m", .mailEncrypted),
            ("application/pkcs7-mime; smime-type=enveloped-data", .mailEncrypted),
            ("application/pgp-encrypted", .mailEncrypted),
        ]
        for (type, reason) in types {
            let stranger = try PassedOnMail.read(carrying(type))
            #expect(stranger.outcome == .unread && stranger.notes == [.attachedUnread])
            let forwarded = try PassedOnMail.read(carrying(type, subject: "İlt: dekont"))
            #expect(forwarded.outcome == .unclear && forwarded.reasons == [reason])
            let bank = "Garanti BBVA <garantibbva@\(PassedOnMail.bank)>"
            let findings = try PassedOnMail.read(carrying(type, from: bank))
            #expect(findings.outcome == .unclear && findings.reasons.contains(reason))
        }
    }

    @Test("a payment that was read is not held up by what lies beside it")
    func payment() throws {
        let lines = PassedOnMail.text().joined(separator: "\r\n")
        let bank = "Garanti BBVA <garantibbva@\(PassedOnMail.bank)>"
        let mail = carrying(
            "application/ms-tnef; name=winmail.dat", from: bank, subject: "Gelen Para Transferi"
        ).replacing("text/plain", with: "text/plain; charset=utf-8")
            .replacing("Ekte.", with: lines)
        #expect(try PassedOnMail.read(mail).outcome == .payment)
    }
}
