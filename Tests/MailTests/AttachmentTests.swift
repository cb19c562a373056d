// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Testing

@testable import Mail

@Suite struct AttachmentTests {
    private static let pdf = Array("%PDF-1.4 not opened here".utf8)

    private func mail(_ parts: [String], lineEnd: String) throws -> Message {
        let text =
            "From: bank@bank.example\nContent-Type: multipart/mixed; boundary=b\n\n"
            + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
        return try MessageParser.parse(Array(text.replacing("\n", with: lineEnd).utf8))
    }

    @Test("a mail attached as quoted-printable is undone, one that is only called so is not")
    func quotedPrintableMail() throws {
        let inner = "From: a@b.example\r\nDKIM-Signature: v=1; b=\r\n x\r\n\r\nşık = 1\r\n"
        let encoded = inner.replacing("=", with: "=3D").replacing("ş", with: "=C5=\r\n=9F")
        for (label, text) in [
            ("quoted-printable", encoded), ("Quoted-Printable", inner), ("8bit", inner),
        ] {
            let message = try mail(
                [
                    "Content-Type: message/rfc822\nContent-Transfer-Encoding: \(label)\n\n"
                        + text.replacing("\r\n", with: "\n")
                ], lineEnd: "\r\n")
            #expect(message.innerRaw.map { String(decoding: $0, as: UTF8.self) } == [inner])
            #expect(message.inner.first?.bodies.first?.text == "şık = 1")
        }
    }

    @Test(
        "base64 that ends and goes on is read to its last letter, and noted",
        arguments: [
            ("VHV0YXI6IA==MS4yNTAgVEw=", true), ("VHV0YXI6IA==\n\nMS4yNTAgVEw=\n", true),
            ("VHV0YXI6IA=MS4yNTAgVEw=", true), ("VHV0YXI6IDEuMjUwIFRM", false),
            ("VHV0YXI6IDEuMjUwIFRM\n====\n-- \n", false), ("VHV0YXI6IDEuMjUwIFRM==", false),
        ])
    func paddedWithin(base64: String, isNoted: Bool) throws {
        let text = "From: a@b.example\nContent-Transfer-Encoding: base64\n\n\(base64)"
        let message = try MessageParser.parse(Array(text.utf8))
        #expect(message.bodies.map(\.text) == ["Tutar: 1.250 TL"])
        #expect(message.notes == (isNoted ? [.malformed] : []))
    }

    @Test("every kind is listed with its name, type and size", arguments: ["\n", "\r\n"])
    func kinds(lineEnd: String) throws {
        let message = try mail(
            [
                "Content-Type: text/plain\n\nbody",
                "Content-Type: application/pdf; name=\"=?UTF-8?B?xZ4udHh0?=\"\n"
                    + "Content-Disposition: attachment; filename*=utf-8''Dekont%20%C5%9E.pdf\n"
                    + "Content-Transfer-Encoding: base64\n\n" + Base64.encode(Self.pdf),
                "Content-Type: APPLICATION/Octet-Stream; name=E-DEKONT.PDF\n"
                    + "Content-Transfer-Encoding: base64\n\n" + Base64.encode(Self.pdf),
                "Content-Type: image/png; name=x.html\nContent-Transfer-Encoding: base64\n\nAAAA",
                "Content-Type: text/csv; charset=windows-1254; name=a.csv\n"
                    + "Content-Transfer-Encoding: quoted-printable\n\n=DE=FDk;1",
                "Content-Type: application/octet-stream; name=a.html\n\n<p>x</p>",
                "Content-Type: message/rfc822\n"
                    + "Content-Disposition: attachment; filename=\"=?utf-8?q?a=C5=9F.eml?=\"\n\n"
                    + "From: a@b.example\n\ninner",
                "Content-Type: application/octet-stream; name=b.EML\n"
                    + "Content-Transfer-Encoding: base64\n\n"
                    + Base64.encode(Array("From: c@b.example\n\nhidden".utf8)),
                "Content-Type: text/plain; name=c.eml\nContent-Disposition: attachment\n\n"
                    + "From: d@b.example\n\nsaved",
                "Content-Type: application/x-mail; name=d.eml\n\nFrom: e@b.example\n\nsaved",
                "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
                    + Base64.encode(Array("Received: x\nFrom: f@b.example\n\nsaved".utf8)),
                "Content-Type: application/octet-stream\n\nFrom: g@b.example\n\nno mail",
            ], lineEnd: lineEnd)
        #expect(
            message.attachments.map(\.kind) == [
                .pdf, .pdf, .other, .text, .html, .mail, .mail, .mail, .mail, .mail, .other,
            ])
        #expect(
            message.attachments.map(\.name) == [
                "Dekont Ş.pdf", "E-DEKONT.PDF", "x.html", "a.csv", "a.html", "aş.eml", "b.EML",
                "c.eml", "d.eml", "", "",
            ])
        #expect(
            message.attachments.map(\.type) == [
                "application/pdf", "application/octet-stream", "image/png", "text/csv",
                "application/octet-stream", "message/rfc822", "application/octet-stream",
                "text/plain", "application/x-mail", "application/octet-stream",
                "application/octet-stream",
            ])
        #expect(message.attachments.map(\.sizeBytes).prefix(4) == [24, 24, 3, 5])
        #expect(message.pdfs.map(\.bytes) == [Self.pdf, Self.pdf])
        #expect(message.pdfs.first?.name == "Dekont Ş.pdf")
        #expect(
            message.bodies == [
                BodyText(source: .plain, text: "body"),
                BodyText(source: .attachment(name: "a.csv", type: "text/csv"), text: "Şık;1"),
                BodyText(
                    source: .attachment(name: "a.html", type: "application/octet-stream"),
                    text: "x"),
            ])
        #expect(message.inner.map { $0.from.first?.localPart } == ["a", "c", "d", "e", "f"])
    }

    @Test func `the text of a PDF stands behind the bodies, its ligatures spelled out`() throws {
        let message = Message(
            from: [], subject: "", bodies: [BodyText(source: .plain, text: "body")],
            pdfs: [
                PDFAttachment(name: "a.pdf", type: "application/pdf", bytes: [1]),
                PDFAttachment(name: "b.pdf", type: "application/pdf", bytes: [2]),
            ])
        let read = message.reading { pdf in
            pdf.bytes == [1]
                ? .text(
                    Array("Vak\u{131}\u{FB02}ar\tO\u{FB03}ce ½ ²\u{200B}\n\nx".utf8), isCut: false)
                : .encrypted
        }
        #expect(
            read.bodies.last
                == BodyText(
                    source: .attachment(name: "a.pdf", type: "application/pdf"),
                    text: "Vakıflar\tOffice ½ ²\nx"))
        #expect(read.bodies.count == 2)
        #expect(read.pdfs.isEmpty)
        #expect(read.notes == [.pdfEncrypted, .invisibleCharacters])
    }

    @Test(
        "what could not be read is a note",
        arguments: [
            (PDFText.unreadable, Message.Note.pdfUnreadable), (.withoutText, .pdfWithoutText),
            (.encrypted, .pdfEncrypted), (.text([], isCut: false), .pdfWithoutText),
            (.text([65], isCut: true), .truncated),
        ])
    func failures(text: PDFText, note: Message.Note) {
        let message = Message(
            from: [], subject: "",
            pdfs: [PDFAttachment(name: "a.pdf", type: "application/pdf", bytes: [1])])
        #expect(message.reading { _ in text }.notes == [note])
    }

    @Test func `too many PDFs, and too large ones, are left out and said to be`() throws {
        let part = "Content-Type: application/pdf\n\nx"
        let many = try mail(Array(repeating: part, count: 6), lineEnd: "\n")
        #expect(many.attachments.count == 6)
        #expect(many.pdfs.count == 5)
        #expect(many.notes == [.truncated])
        var limits = MailLimits()
        limits.fileBytesMax = 10
        let text = "From: a@b.example\nContent-Type: application/pdf\n\n12345678901"
        let large = try MessageParser.parse(Array(text.utf8), limits: limits)
        #expect(large.pdfs.isEmpty)
        #expect(large.attachments.map(\.sizeBytes) == [11])
        #expect(large.notes == [.truncated])
    }

    @Test func `a ligature cut short stays as it is`() {
        #expect(Ligatures.spelledOut([0xEF, 0xAC]) == [0xEF, 0xAC])
        #expect(Ligatures.spelledOut([0xEF, 0xAC, 0x87]) == [0xEF, 0xAC, 0x87])
        #expect(Ligatures.spelledOut([0xEF, 0xAC, 0x86]) == Array("st".utf8))
    }
}
