// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Mail
import Matching
import Testing

@testable import Agent

@Suite struct AttachedMailTests {
    private let proof = TrustVerdict(.verified, by: "dkim garantibbva.com.tr")

    @Test(
        "an attached notice is undone from an encoding that mails must not have",
        arguments: [true, false])
    func encodedAttached(isEncoded: Bool) throws {
        let notice = try PassedOnMail.notice()
        let lines = notice.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
            let codes = line.utf8.map { byte in
                byte == 61 || byte > 126
                    ? "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                    : String(UnicodeScalar(byte))
            }
            return stride(from: 0, to: max(1, codes.count), by: 20).map { start in
                codes[start..<min(codes.count, start + 20)].joined()
            }.joined(separator: "=\r\n")
        }
        let attached = isEncoded ? lines.joined(separator: "\r\n") : notice
        let findings = try PassedOnMail.read(
            PassedOnMail.attaching([attached], encoding: "quoted-printable"))
        #expect(findings.attached.map(\.raw) == [Array(notice.utf8)])
        #expect(findings.attached.map(\.findings.trust) == [proof])
    }

    @Test func `an attached notice is believed for its own signature`() throws {
        let notice = try PassedOnMail.notice()
        let direct = try PassedOnMail.read(notice)
        let findings = try PassedOnMail.read(PassedOnMail.attaching([notice]))
        #expect(direct.trust == proof)
        #expect(findings.outcome == .unread)
        #expect(findings.notices.isEmpty && findings.imitates == nil)
        let inner = try #require(findings.attached.first)
        #expect(findings.attached.count == 1)
        #expect(inner.raw == Array(notice.utf8))
        #expect(inner.findings.trust == proof)
        #expect(inner.findings.outcome == .payment)
        #expect(inner.findings.notices == direct.notices)
        #expect(inner.findings.identity == direct.identity)
        #expect(inner.findings.identity != findings.identity)
    }

    @Test func `a changed one is forged, one without a signature unverified`() throws {
        let notice = try PassedOnMail.notice()
        let changed = notice.replacing("1.250,00", with: "9.250,00")
        let unsigned = notice.replacing("DKIM-Signature:", with: "X-Signature:")
        let mail = PassedOnMail.attaching([changed, unsigned])
        let found = try PassedOnMail.read(mail).attached.map(\.findings)
        #expect(found.map(\.trust.trust) == [.forged, .unverified])
        #expect(found.map(\.outcome) == [.payment, .payment])
    }

    /// The mail host judges the mail that it delivers. What stands in one within, its sender typed.
    @Test(
        "a finding of the mail host inside of an attached mail is nobody's word", arguments: 0..<4)
    func typedFinding(way: Int) throws {
        let typed =
            "Authentication-Results: mx.ornek.example; dkim=pass header.d=\(PassedOnMail.bank)\r\n"
            + (try PassedOnMail.notice()).replacing("DKIM-Signature:", with: "X-Signature:")
        let host = "Authentication-Results: mx.ornek.example; dkim=pass header.d=ornek.example\r\n"
        let mail =
            switch way {
            case 0: PassedOnMail.attaching([typed])
            case 1: host + PassedOnMail.attaching([PassedOnMail.attaching([typed])])
            case 2:
                host
                    + PassedOnMail.attaching([typed]).replacing(
                        "message/rfc822", with: "application/octet-stream; name=dekont.eml")
            default:
                "Content-Type: multipart/form-data; boundary=xYzZY\r\n\r\n--xYzZY\r\n"
                    + "Content-Disposition: form-data; name=\"email\"\r\n\r\n\(typed)\r\n--xYzZY--\r\n"
            }
        func trust(_ mail: String) throws -> [Trust] {
            try PassedOnMail.read(mail, authserv: "mx.ornek.example").attached.map(\.findings)
                .filter { $0.outcome == .payment }.map(\.trust.trust)
        }
        #expect(try trust(mail) == [.unverified])
        // The same finding on the mail that the host delivered is believed.
        let direct = try PassedOnMail.read(typed, authserv: "mx.ornek.example")
        #expect(direct.trust.trust == .vouched)
    }

    @Test func `each of several counts, also one within another`() throws {
        let first = try PassedOnMail.notice("1.250,00")
        let second = try PassedOnMail.notice("600,00")
        let mail = PassedOnMail.attaching([first, PassedOnMail.attaching([second])])
        let found = try PassedOnMail.read(mail).attached.map(\.findings)
        #expect(found.map(\.outcome) == [.payment, .unread, .payment])
        #expect(found.compactMap(\.notices.first?.amount.minorUnits) == [125_000, 60_000])
        #expect(found.filter { $0.outcome == .payment }.allSatisfy { $0.trust == proof })
    }

    @Test func `a mail that attaches nothing known stays as it is`() throws {
        let other = "From: Can <can@ornek.example>\r\nSubject: x\r\n\r\nMerhaba\r\n"
        let findings = try PassedOnMail.read(PassedOnMail.attaching([other]))
        #expect(findings.outcome == .unread && findings.attached.isEmpty)
    }

    @Test func `keys of attached mails are asked for`() throws {
        let reader = try PassedOnMail.reader()
        let mail = PassedOnMail.attaching([try PassedOnMail.notice()])
        #expect(reader.keyNames(Array(mail.utf8)).all == PassedOnMail.names)
        #expect(reader.keyNames(Array(PassedOnMail.attaching([]).utf8)).all.isEmpty)
    }

    @Test func `an attached mail waits for its key by itself`() throws {
        let mail = PassedOnMail.attaching([try PassedOnMail.notice()])
        var findings = try PassedOnMail.read(mail, key: .unavailable)
        #expect(findings.disposition == .settle && findings.isHeld)
        #expect(findings.attached.map(\.findings.disposition) == [.hold])
        findings.stopWaiting()
        #expect(!findings.isHeld)
    }

    @Test func `a mail that the server did not hand out is not called damaged`() throws {
        let reader = try PassedOnMail.reader()
        func read(_ raw: [UInt8], isTruncated: Bool) -> MailFindings {
            reader.read(
                raw, receivedAt: PassedOnMail.arrival, isTruncated: isTruncated,
                keys: { _ in .absent })
        }
        let findings = read([], isTruncated: true)
        #expect(findings.outcome == .unclear && findings.reasons == [.mailNotGiven])
        // It is no copy of another one that did not come either.
        #expect(findings.disposition == .quarantine)
        #expect(read([], isTruncated: false).reasons == [.mailBroken])
    }

    @Test func `when some were left out a person is told`() throws {
        let notice = try PassedOnMail.notice()
        let mail = PassedOnMail.attaching(Array(repeating: notice, count: 22))
        let findings = try PassedOnMail.read(mail)
        #expect(findings.attached.count == 20)
        #expect(findings.outcome == .unclear && findings.reasons == [.attachedNotRead])
    }
}

@Suite struct QuotedMailTests {
    @Test(
        "a notice in the text is read and never believed",
        arguments: ["", "> ", ">> "], ["Bakar mısın?\n\n", ""])
    func quoted(mark: String, note: String) throws {
        let lines = PassedOnMail.quoted().split(separator: "\n", omittingEmptySubsequences: false)
        let text = note + lines.map { mark + $0 }.joined(separator: "\n")
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .payment)
        #expect(findings.trust == TrustVerdict(.unverified, by: "forwarded by hand"))
        #expect(findings.notices.map(\.amount.minorUnits) == [125_000])
        #expect(findings.notices.map(\.payer) == ["Elif Karaca"])
        #expect(findings.explanation.hasPrefix("forwarded by hand: garanti-bbva/incoming"))
        #expect(findings.imitates == nil && findings.disposition == .settle)
    }

    @Test func `a sender with a rule who quotes a notice signs only that he quotes it`() throws {
        let fields = [
            ("from", "Garanti BBVA <garantibbva@\(PassedOnMail.bank)>"),
            ("subject", "Gelen Para Transferi"), ("date", "Sun, 22 Nov 2026 11:05:33 +0300"),
            ("content-type", "text/plain; charset=utf-8"),
        ]
        let body = PassedOnMail.quoted().split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0 + "\r\n" }.joined()
        let mail = try PassedOnMail.signed(fields, body, by: PassedOnMail.bank)
        let findings = try PassedOnMail.read(mail)
        #expect(findings.outcome == .payment)
        #expect(findings.trust == TrustVerdict(.unverified, by: "forwarded by hand"))
        #expect(findings.reasons.first == .forwardedByHand)
    }

    @Test func `the subject of the person serves where the form has none`() throws {
        let text =
            "\"Garanti\" <garantibbva@garantibbva.com.tr>, 22/11/2026 11:05 tarihinde şunu yazdı:\n"
            + PassedOnMail.text().joined(separator: "\n")
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .payment && findings.trust.trust == .unverified)
    }

    @Test func `a notice in HTML is read`() throws {
        let page =
            "<div>Gönderen: Garanti &lt;garantibbva@garantibbva.com.tr&gt;<br>"
            + "Date: 22 Kas 2026 Paz, 11:05<br>Subject: Gelen Para Transferi</div>"
            + PassedOnMail.text().map { "<p>\($0)</p>" }.joined()
        let findings = try PassedOnMail.read(PassedOnMail.quoting(page, type: "text/html"))
        #expect(findings.outcome == .payment && findings.trust.trust == .unverified)
    }

    @Test func `of a mail passed on twice the bank's part counts`() throws {
        let outer = "From: Can <can@ornek.example>\nSubject: Fwd: x\nDate: dün\n\nBak.\n"
        let findings = try PassedOnMail.read(
            PassedOnMail.quoting(outer + PassedOnMail.quoted()))
        #expect(findings.outcome == .payment && findings.trust.trust == .unverified)
    }

    @Test func `two notices in one text are for a person`() throws {
        let text =
            PassedOnMail.quoted() + "\n" + PassedOnMail.quoted(PassedOnMail.text("9.999,00"))
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .unclear && findings.notices.isEmpty)
        #expect(findings.reasons == [.forwardedByHand, .mailUnclear])
    }

    @Test func `who poses as the bank does not become a person by quoting it`() throws {
        for sender in [
            "Garanti BBVA <b@garantibbva.com.tr.odeme.example>", "Garanti BBVA <x@y.example>",
        ] {
            let findings = try PassedOnMail.read(
                PassedOnMail.quoting(PassedOnMail.quoted(), from: sender))
            #expect(findings.outcome == .unread)
            #expect(findings.trust.trust == .forged && findings.imitates != nil)
        }
    }

    @Test(
        "a heading with the bank's name and no address is one too",
        arguments: [
            "Kimden: Garanti BBVA\nGönderilme Tarihi: 22 Kasım 2026 11:05\nKime: Ayla\nKonu: Gelen Para Transferi",
            "From: Garanti BBVA\nSent: 22 November 2026 11:05\nTo: Ayla\nSubject: Gelen Para Transferi",
            "-------- Yeniden yönlendirilen mesaj --------\n22.11.2026, 11:05, \"Garanti BBVA\" <garantibbva@garantibbva.com.tr>:",
        ])
    func nameAlone(heading: String) throws {
        let text = ([heading, ""] + PassedOnMail.text()).joined(separator: "\n")
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .payment && findings.notices.count == 1)
        #expect(findings.trust == TrustVerdict(.unverified, by: "forwarded by hand"))
        #expect(findings.imitates == nil && findings.reasons.first == .forwardedByHand)
    }

    @Test func `a quoted look-alike of the bank is forged`() throws {
        let text = PassedOnMail.quoted(sender: "garantibbva@garantibbva.com.tr.odeme.example")
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .unread)
        #expect(findings.trust.trust == .forged && findings.imitates != nil)
    }

    @Test func `a signature of the person proves nothing about the notice`() throws {
        // The bank's key on a mail that is not the bank's: nothing it says is about the text.
        let signed = try PassedOnMail.notice().split(separator: "\r\n")[0]
        let mail = signed + "\r\n" + PassedOnMail.quoting(PassedOnMail.quoted())
        #expect(try PassedOnMail.read(String(mail)).trust.trust == .unverified)
    }

    @Test func `a notice of outgoing money in the text is no payment`() throws {
        let text = PassedOnMail.quoted(
            [
                "Para transferi işleminiz gerçekleşmiştir.", "Gönderen Bilgileri:",
                "Tutar: 5,00 TL",
            ], subject: "Para Transferi")
        let findings = try PassedOnMail.read(PassedOnMail.quoting(text))
        #expect(findings.outcome == .notAPayment && findings.notices.isEmpty)
    }
}

@Suite struct PassedOnMailLedgerTests {
    private let pipeline = PaymentPipeline(
        matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))

    private func ledger() throws -> LedgerDatabase {
        let ledger = try LedgerDatabase.temporary(masterKey: .random())
        try ledger.write { books in
            for (id, code) in [("reg-1", "KTF6HV349"), ("reg-2", "KT834JJ46")] {
                _ = try books.insert(
                    Registration(
                        id: RegistrationID(id), event: EventID("atolye"),
                        name: PersonName("Elif Karaca"), email: nil, phone: nil,
                        due: Money(minorUnits: 125_000, currency: .turkishLira),
                        reference: try #require(ReferenceCode(code)),
                        registeredAt: PassedOnMail.arrival))
            }
        }
        return ledger
    }

    private func settle(
        _ mail: String, uid: UInt32, in ledger: LedgerDatabase
    ) throws -> [MailReport] {
        let place = MailPlace(account: "bank", folder: "INBOX", uidvalidity: 1, uid: uid)
        let findings = try PassedOnMail.read(mail)
        return try ledger.write {
            try pipeline.settle(
                findings, at: place, raw: Array(mail.utf8), now: PassedOnMail.arrival, in: $0)
        }
    }

    @Test func `attached notices approve, each once, whichever way they come`() throws {
        let ledger = try ledger()
        let notices = [
            try PassedOnMail.notice(), try PassedOnMail.notice(code: "Kt834jj46 ucret"),
        ]
        let mail = PassedOnMail.attaching(notices)
        let reports = try settle(mail, uid: 7, in: ledger)
        #expect(reports.map(\.verdict.kind) == [.approve, .approve])
        #expect(reports.map(\.movement) == [1, 2])
        #expect(reports.map(\.source) == ["bank/INBOX#1;UID=7", "bank/INBOX#2;UID=7"])
        #expect(try settle(mail, uid: 7, in: ledger).isEmpty)
        #expect(try settle(notices[0], uid: 8, in: ledger).map(\.verdict.kind) == [.duplicate])
        let again = PassedOnMail.attaching([notices[1]], note: "Bir daha.")
        #expect(try settle(again, uid: 9, in: ledger).map(\.verdict.kind) == [.duplicate])
        let places = try ledger.read { try $0.mails(limit: 20).map(\.place.folder) }
        #expect(places == ["INBOX", "INBOX#1", "INBOX#2", "INBOX", "INBOX", "INBOX#1"])
    }

    @Test func `bytes of attached mails are kept with them alone`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try LedgerDatabase(
            path: folder.appending(path: "ledger.sqlite").path, masterKey: .random())
        let notice = try PassedOnMail.notice()
        _ = try settle(PassedOnMail.attaching([notice]), uid: 7, in: ledger)
        try ledger.read { books in
            let mails = try books.mails(limit: 20)
            #expect(mails.map(\.reading.outcome) == [.unread, .payment])
            #expect(try mails.map { try books.rawMail($0.id) } == [nil, Array(notice.utf8)])
        }
    }

    @Test func `a notice in the text is proposed and not booked`() throws {
        let ledger = try ledger()
        let mail = PassedOnMail.quoting(PassedOnMail.quoted())
        let report = try #require(try settle(mail, uid: 7, in: ledger).first)
        #expect(report.verdict.kind == .review)
        #expect(report.verdict.reasons.starts(with: [.senderUnverified, .forwardedByHand]))
        #expect(report.verdict.candidates.first?.registration == RegistrationID("reg-1"))
        // The real one is not kept out by it.
        let direct = try settle(try PassedOnMail.notice(), uid: 8, in: ledger)
        #expect(direct.map(\.verdict.kind) == [.approve])
    }
}
