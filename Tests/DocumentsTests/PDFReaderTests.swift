// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Mail
import Testing

@testable import Documents

/// Each of these starts the real program.
@Suite struct PDFReaderTests {
    private static let letter = "Sayın SAHNE KAPISI DERNEĞİ"

    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/pdf")
        return Array(try Data(contentsOf: folder.appending(path: name + ".pdf")))
    }

    private func text(_ pdf: [UInt8]) throws -> String {
        guard case .text(let bytes, let isCut) = try Program.reader().read(pdf) else {
            Issue.record("no text")
            return ""
        }
        #expect(!isCut)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a receipt is read cell by cell, line by line`() throws {
        let rows = [
            ("İŞLEM TÜRÜ", "Gelen FAST Anlık Ödeme"), ("İŞLEM TARİHİ", "22.11.2026 14:05:33"),
            ("SORGU NO", "2551234567"), ("İŞLEM TUTARI", "1.250,00 TL"),
            ("MASRAF TUTARI", "0,00 TL"), ("GÖNDEREN AD SOYAD / UNVAN", "SELİN ÖRGE"),
            ("İŞLEM NO", "2026005212345678"), ("FİŞ NO", ""), ("İŞLEM AÇIKLAMASI", "ktp6dj6pd"),
        ]
        let expected = rows.map { $1.isEmpty ? $0 : "\($0)\t\($1)" }
        let read = try text(PDFMaker.receipt(rows, title: "Vak\u{131}\u{FB02}ar Bankası"))
        #expect(
            read.split(separator: "\n").dropFirst().map(String.init) == expected)
        let message = Message(
            from: [], subject: "",
            pdfs: [PDFAttachment(name: "Dekont.pdf", type: "application/pdf", bytes: [])]
        ).reading { _ in .text(Array(read.utf8), isCut: false) }
        #expect(message.bodies.first?.text.hasPrefix("Vakıflar Bankası\nİŞLEM TÜRÜ\t") ?? false)
    }

    @Test func `a day's statement keeps a row per movement`() throws {
        let rows = [
            [
                "22.11.2026 14:05:33", "+1.250,00 TRY", "+31.880,15 TRY",
                "NEHİR ATALAN*0064*KT5PZ4R38*3312345678*FAST",
            ],
            ["22.11.2026 15:10:02", "-40,00 TRY", "+31.840,15 TRY", "FAST ÜCRETİ"],
        ]
        let read = try text(PDFMaker.statement(rows, columns: [40, 150, 230, 320]))
        #expect(read == rows.map { $0.joined(separator: "\t") + "\n" }.joined())
    }

    @Test func `pages beyond the twentieth are left out and said to be`() throws {
        let page = [PDFMaker.Text(x: 40, y: 40, text: Self.letter)]
        let whole = try text(PDFMaker.document(Array(repeating: page, count: 20)))
        #expect(whole.split(separator: "\n").count == 20)
        let answer = try Program.reader().read(
            PDFMaker.document(Array(repeating: page, count: 21)))
        #expect(answer == .text(Array(whole.utf8), isCut: true))
    }

    @Test func `what is not text, or not open, is said to be so`() throws {
        let reader = try Program.reader()
        #expect(reader.read(PDFMaker.document([[]])) == .withoutText)
        #expect(reader.read(Pictures.onePicture) == .withoutText)
        #expect(reader.read(try Self.fixture("needs-password")) == .encrypted)
        #expect(reader.read([]) == .unreadable)
        #expect(reader.read(Array("%PDF-1.4\ngarbage".utf8)) == .unreadable)
        #expect(reader.read([UInt8](repeating: 0, count: 9 << 20)) == .unreadable)
    }

    @Test func `a document that is only locked against changes is read`() throws {
        let read = try text(Self.fixture("locked-for-changes"))
        #expect(read.contains("İŞLEM TUTARI\t1.250,00 TL\n"))
    }

    @Test("bombs end as unreadable PDFs or short texts", arguments: Bomb.allCases)
    func bombs(bomb: Bomb) throws {
        switch try Program.reader().read(bomb.document) {
        case .text(let bytes, _): #expect(bytes.count <= 256 * 1024)
        case .unreadable, .withoutText, .encrypted: break
        }
        #expect(try text(PDFMaker.document([[.init(x: 9, y: 9, text: "a")]])) == "a\n")
    }

    @Test func `bytes that were changed anywhere never bring more than a failure`() throws {
        let reader = try Program.reader()
        let document = PDFMaker.receipt([("TUTAR", "1.250,00 TL")], title: "Dekont")
        var random = SystemSeed(state: 7)
        for _ in 0..<60 {
            var broken = document
            for _ in 0..<8 {
                broken[Int(random.next() % UInt64(broken.count))] = UInt8(random.next() & 0xFF)
            }
            if case .text(let bytes, _) = reader.read(broken) { #expect(bytes.count < 4096) }
        }
    }

    @Test func `a program that is not there, and one that says something else`() {
        #expect(PDFReader(program: "/nonexistent").read([1]) == .unreadable)
        #expect(PDFReader(program: "/bin/true").read([1]) == .unreadable)
        #expect(PDFReader(program: "/bin/cat").read(Array("ok 5\nabc".utf8)) == .unreadable)
        #expect(
            PDFReader(program: "/bin/cat").read(Array("cut 3\nabc".utf8))
                == .text(Array("abc".utf8), isCut: true))
    }

    @Test func `a program that writes without end is cut off`() {
        var limits = PDFReader.Limits()
        limits.textBytesMax = 1000
        #expect(PDFReader(program: "/usr/bin/yes", limits: limits).read([]) == .unreadable)
    }

    @Test func `a program that never answers is ended`() {
        var limits = PDFReader.Limits()
        limits.time = .milliseconds(50)
        // It waits for the end of its input, which comes, and for nothing else.
        #expect(PDFReader(program: "/bin/cat", limits: limits).read([]) == .unreadable)
        let sleeper = ChildProcess(program: "/usr/bin/yes")
        #expect(sleeper?.exchange([], answerBytesMax: .max, within: .milliseconds(50)) == [])
    }
}

/// The same numbers in every run (xorshift64).
private struct SystemSeed {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
