// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Testing

@testable import Rules

/// One thing that the format must be able to say: a rule that says it, a mail, what comes of it.
struct Said: CustomTestStringConvertible, Sendable {
    let line: String
    /// Keys of the file, in place of or besides the usual ones.
    var file = "senders: { domains: [bank.example] }"
    /// Keys of the variant besides its id, outcome and frame.
    var variant = ""
    /// Whole variants before and after.
    var before = ""
    var after = ""
    var from = "bilgi@bank.example"
    var subject = "Gelen"
    var text: String? = Self.usual
    var html: String?
    var attachment: (name: String, type: String, text: String)?
    var inner: String?
    /// The whole mail as it came, in place of its parts.
    var raw: [UInt8]?
    /// The reading in one line; see `summary`.
    let expect: String
    /// The same rule and this mail give that.
    var otherwise: (from: String?, subject: String?, text: String?, expect: String)?

    var testDescription: String { line }

    static let frame = "hesabınıza para geldi"
    static let usual = "Hesabınıza para geldi\nTutar: 5,25 TL\nGönderen: ELİF KARACA\nAçıklama: -"

    private static let fields = """
            fields:
              amount: { label: Tutar }
              payer: { label: Gönderen }
              description: { label: Açıklama, empty: ['-'] }
        """

    var rule: RuleSource {
        let own = variant.contains("fields:") ? variant : variant + "\n" + Self.fields
        let frame = variant.contains("frame:") ? "" : "    frame: [\(Self.frame)]\n"
        return RuleSource(
            path: "bank/rule.yaml",
            text: """
                id: bank
                bank: Örnek Bank
                status: confirmed
                \(file)
                variants:
                \(before)
                  - id: incoming
                    outcome: payment
                \(frame)\(own)
                \(after)
                  - id: examined
                    outcome: payment
                    subject: [sınav]
                    frame: [sınavda geçen söz]
                    fields: { amount: { label: Tutar } }
                samples:
                  match: [{ name: a, from: a@bank.example, subject: sınav, text: "sınavda geçen söz\\nTutar: 1,00 TL", expect: { amount: 1.00 TRY } }]
                  no_match: [{ name: b, from: a@bank.example, subject: sınav, text: x, expect: { outcome: unclear } }]
                  hostile: [{ name: c, from: x@else.example, subject: sınav, text: "sınavda geçen söz\\nTutar: 1,00 TL", expect: { outcome: unread } }]
                """)
    }

    func message(from: String? = nil, subject: String? = nil, text: String? = nil) -> Message {
        let parts = (from ?? self.from).split(separator: "@").map(String.init)
        let sender = MailAddress(localPart: parts[0], domain: parts[1])
        var bodies: [BodyText] = []
        if let text = text ?? self.text { bodies.append(BodyText(source: .plain, text: text)) }
        if let html { bodies.append(BodyText(source: .html, text: html)) }
        if let attachment {
            bodies.append(
                BodyText(
                    source: .attachment(name: attachment.name, type: attachment.type),
                    text: attachment.text))
        }
        let inner = inner.map {
            [Message(from: [sender], subject: "", bodies: [BodyText(source: .plain, text: $0)])]
        }
        return Message(
            from: [sender], subject: subject ?? self.subject, bodies: bodies, inner: inner ?? [])
    }

    /// `payment 5.25 TRY ELİF KARACA`, each movement; then what else is known, by its name.
    static func summary(_ reading: Reading) -> String {
        var words = [reading.outcome.rawValue]
        if reading.isDraft { words.append("draft") }
        if let kind = reading.notAPaymentKind { words.append("(\(kind))") }
        if reading.reasons.contains(.mailTooLarge) { words.append("(too large)") }
        if reading.explanation.hasSuffix("search too much") { words.append("(too much search)") }
        for movement in reading.movements {
            if reading.movements.count > 1 { words.append("\(movement.index):") }
            guard let notice = movement.notice else { continue }
            words.append("\(notice.amount.decimal) \(notice.amount.currency)")
            if let payer = notice.payer { words.append(payer) }
            if let text = notice.description { words.append("“\(text)”") }
            if notice.timeFrom == .body { words.append(Timestamp.text(notice.occurredAt)) }
            if let id = notice.transactionID { words.append("id \(id)") }
            if let account = notice.receivingAccount { words.append("to \(account)") }
        }
        if reading.domains != ["bank.example"], !reading.domains.isEmpty {
            words.append("signed by \(reading.domains.joined(separator: " or "))")
        }
        if reading.proof.needsSignature { words.append("with a signature only") }
        if let forwarders = reading.proof.forwarders {
            words.append("by way of \(forwarders.joined(separator: " or ")) only")
        }
        if let bits = reading.proof.rsaBitsMin { words.append("with RSA keys of \(bits) bits") }
        return words.joined(separator: " ")
    }
}

@Suite("Every line of what the format must say")
struct FormatListTests {
    @Test("holds", arguments: Said.all)
    func holds(_ said: Said) throws {
        let (book, problems) = RuleBook.compile([said.rule])
        #expect(problems.isEmpty, "\(problems)")
        func read(_ message: Message) -> String {
            Said.summary(book.read(message, receivedAt: TestMail.arrival))
        }
        #expect(
            read(try said.raw.map { try MessageParser.parse($0) } ?? said.message()) == said.expect)
        if let (from, subject, text, expect) = said.otherwise {
            #expect(read(said.message(from: from, subject: subject, text: text)) == expect)
        }
    }

    @Test("whose account it is, said once for all files")
    func owner() {
        let said = Said(line: "", expect: "")
        let before = TestMail.book(said.rule)
        let owner = RuleSource(
            path: "common/account-owner.yaml",
            text: "fragment: account-owner\naccount_owner: [Elif Karaca]", layer: .local)
        let (book, problems) = RuleBook.compile([said.rule, owner], keeping: before)
        #expect(problems.isEmpty)
        #expect(book.digest != before.digest)
        let reading = book.read(said.message(), receivedAt: TestMail.arrival)
        #expect(reading.notAPaymentKind == "own_transfer")
        let broken = RuleSource(
            path: owner.path, text: owner.text.replacing("account_owner", with: "account_owner_"),
            layer: .local)
        let kept = RuleBook.compile([said.rule, broken], keeping: book)
        #expect(kept.problems.count == 1)
        #expect(
            kept.book.read(said.message(), receivedAt: TestMail.arrival).notAPaymentKind
                == "own_transfer")
        // Nobody knows any more who the owner is: a person looks at every payment.
        let cold = RuleBook.compile([said.rule, broken]).book
        #expect(cold.read(said.message(), receivedAt: TestMail.arrival).isDraft)
        let after = RuleBook.compile([said.rule], keeping: book).book
        #expect(after.read(said.message(), receivedAt: TestMail.arrival).outcome == .payment)
    }

    @Test(
        "whose account it is, and a fragment that cannot be read: each notice goes to a person",
        arguments: [
            "fragment: account-owner\naccount_ovner: [Elif Karaca]",
            "fragment: account-owner\naccount-owner: [Elif Karaca]",
            "fragment: account-owner\naccount_owner: []", "", "owner", "fragment: account-owner",
            "fragment: account-owner\nreferences: '-'\n",
        ])
    func ownerUnknown(_ text: String) {
        let said = Said(line: "", expect: "")
        let owner = RuleSource(path: "common/account-owner.yaml", text: text, layer: .local)
        let (book, problems) = RuleBook.compile([said.rule, owner])
        #expect(
            problems.last?.message.english
                == "until this file is mended a person sees each notice of every bank")
        let reading = book.read(said.message(), receivedAt: TestMail.arrival)
        #expect(reading.isDraft)
        #expect(reading.reasons.contains(.ruleIsDraft))
    }

    @Test("whose account it is, said in the wrong folder: each notice goes to a person")
    func ownerMisplaced() {
        let said = Said(line: "", expect: "")
        for text in ["fragment: own\naccount_owner: [Elif Karaca]", "account_owner: [Elif Karaca]"]
        {
            let owner = RuleSource(path: "own.yaml", text: text, layer: .local)
            let (book, problems) = RuleBook.compile([said.rule, owner])
            #expect(
                problems.last?.message.english
                    == "until this file is mended a person sees each notice of every bank")
            #expect(book.read(said.message(), receivedAt: TestMail.arrival).isDraft)
        }
        let moved = RuleSource(
            path: "own.yaml", text: "fragment: own\ndeny: [iptal]", layer: .local)
        #expect(
            RuleBook.compile([said.rule, moved]).problems.map(\.description) == [
                "own.yaml:1:1: a shared fragment stands in a folder called common; move this file "
                    + "there"
            ])
    }

    @Test("which charset a text is in when the mail does not say, or says it wrongly")
    func charset() throws {
        var said = Said(line: "", expect: "")
        said.file = "senders: { domains: [bank.example] }\ncharset: iso-8859-2"
        let polish = TestMail.book(said.rule)
        said.file = "senders: { domains: [bank.example] }"
        let usual = TestMail.book(said.rule)
        // ŁUCJA WĘGŁOWSKA in ISO-8859-2.
        let name: [UInt8] = [
            0xA3, 85, 67, 74, 65, 32, 87, 0xCA, 71, 0xA3, 79, 87, 83, 75, 65,
        ]
        for stated in [
            "", "; charset=iso-8859-1", "; charset=utf-8", "; charset=us-ascii", "; charset=x-none",
        ] {
            for type in ["text/plain", "text/html"] {
                let head =
                    "From: a@bank.example\r\nSubject: x\r\nContent-Type: \(type)\(stated)\r\n"
                let start = "\r\n<p>hesab&#305;n&#305;za para geldi</p><p>Tutar: 5,25 TL</p>"
                let plain = "\r\nhesabiniza para geldi\r\nTutar: 5,25 TL\r\n"
                let begin = head + (type == "text/html" ? start : plain) + "Gönderen: "
                let bytes = begin.utf8.map { $0 }
                // The label in the mail's own charset: ö is the same in all of them.
                let raw = Self.replacing(bytes, Array("ö".utf8), with: [0xF6]) + name
                let message = try MessageParser.parse(raw)
                let read = polish.read(message, receivedAt: TestMail.arrival)
                #expect(read.notices.first?.payer == "ŁUCJA WĘGŁOWSKA", "\(type) \(stated)")
                let other = usual.read(message, receivedAt: TestMail.arrival)
                #expect(other.notices.first?.payer == "£UCJA WÊG£OWSKA", "\(type) \(stated)")
            }
        }
        // What is UTF-8, or says which charset it is in, is not touched.
        let utf8 = try MessageParser.parse(
            Array("From: a@bank.example\r\nSubject: x\r\n\r\n\(Said.usual)".utf8))
        #expect(
            polish.read(utf8, receivedAt: TestMail.arrival).notices.first?.payer == "ELİF KARACA")
        let turkish = Self.replacing(
            Array(
                "From: a@bank.example\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-8859-9\r\n\r\nhesabiniza para geldi\r\nTutar: 5,25 TL\r\nGönderen: #NAL"
                    .utf8), Array("ö".utf8), with: [0xF6])
        let stated = try MessageParser.parse(Self.replacing(turkish, Array("#".utf8), with: [0xDE]))
        #expect(
            polish.read(stated, receivedAt: TestMail.arrival).notices.first?.payer == "ŞNAL")
    }

    private static func replacing(
        _ bytes: [UInt8], _ part: [UInt8], with other: [UInt8]
    ) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: part) {
                out += other
                index += part.count
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    @Test("limits of size and of patterns")
    func limits() {
        let said = Said(line: "", expect: "")
        let book = TestMail.book(said.rule)
        let long = Said.usual + "\n" + String(repeating: "a", count: 600 * 1024)
        let reading = book.read(said.message(text: long), receivedAt: TestMail.arrival)
        #expect(reading.outcome == .unclear)
        #expect(reading.reasons == [.mailTooLarge])
        for pattern in [
            #"(?<payer>(x{1,30}){1,30}){1,30}"#, #"((?<payer>a{1000}))+(b{1000}c{1000}d{1000})+"#,
            #"(?<payer>(?:(?:[a-z]{1,9} ?){1,9}x){1,9})y"#, "(?<payer>a.{400})b",
            "(?<payer>[a-z]{1,200})[a-z ]{1,200}[0-9]{4}",
            "(?<payer>"
                + (0..<3000).map { "\($0 * 7919 % 9973)x\($0)" }.joined(separator: "|") + ")",
        ] {
            let costly = Said(line: "", variant: "    sentence: '\(pattern)'", expect: "")
            #expect(!RuleBook.compile([costly.rule]).problems.isEmpty, "\(pattern)")
        }
        // What bank sentences need is not refused.
        for pattern in [
            #"(?<payer>.{1,40}) (?<amount>\d{1,3}(?:\.\d{3})*,\d{2} [a-z]{3})"#,
            #"iban [a-z]{2}\d{2}(?: ?[\dx*]{4}){5} ?\d{2} (?<payer>.+)"#,
            #"\{4\} (?<payer>[{9}]+)"#,
        ] {
            let usual = Said(line: "", variant: "    sentence: '\(pattern)'", expect: "")
            #expect(RuleBook.compile([usual.rule]).problems.isEmpty, "\(pattern)")
        }
    }

    @Test(
        "a file whose samples show nothing does not load",
        arguments: [
            (
                "match: [{ name: a, from: a@bank.example, subject: x, text: y, expect: { outcome: unclear } }]",
                "no sample under match is read"
            ),
            (
                "no_match: [{ name: b, from: y@other.example, subject: x, text: x, expect: { outcome: unread } }]",
                "no sample under no_match comes from a sender"
            ),
            (
                "no_match: [{ name: b, from: a@bank.example, subject: x, text: hi, expect: { outcome: unclear } }]",
                "no sample under no_match looks like a notice"
            ),
            (
                "hostile: [{ name: c, from: a@else.example, subject: x, text: hi, expect: { outcome: unread } }]",
                "no sample under hostile is an attack"
            ),
            (
                "hostile: [{ name: c, from: a@bank.example, subject: x, text: hi, expect: { outcome: unclear } }]",
                "no sample under hostile is an attack"
            ),
            (
                "hostile: [{ name: c, from: a@bank.example, subject: sınav, text: \"sınavda geçen söz\\nTutar: 1,00 TL\", expect: { amount: 1.00 TRY } }]",
                "no sample under hostile is an attack"
            ),
        ])
    func hollow(_ group: String, _ message: String) {
        let said = Said(line: "", expect: "")
        let name = group.prefix { $0 != ":" } + ":"
        let lines = said.rule.text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.drop { $0 == " " }.hasPrefix(name) ? "  " + group : String($0)
        }
        let (book, problems) = RuleBook.compile([
            RuleSource(path: "bank/rule.yaml", text: lines.joined(separator: "\n"))
        ])
        #expect(book.fileCount == 0)
        let faults = problems.faults
        #expect(faults.map { $0.message.english.hasPrefix(message) } == [true], "\(problems)")
    }

    @Test("a file whose samples fail does not load")
    func samples() {
        let said = Said(line: "", expect: "")
        let broken = RuleSource(
            path: "bank/rule.yaml",
            text: said.rule.text.replacing("amount: 1.00 TRY", with: "amount: 2.00 TRY"))
        let (book, problems) = RuleBook.compile([broken])
        #expect(book.fileCount == 0)
        #expect(problems.faults.count == 1)
    }
}
