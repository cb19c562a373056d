// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Testing

@testable import Rules

/// What a rule file writes down as a small sample, sent as the bytes of a whole mail.
@Suite("The samples of rule files as whole mails")
struct RawSampleTests {
    static let paths = ShippedRules.sources.filter { !$0.isFragment }.map(\.path)

    private static func samples(of source: RuleSource) -> [Sample] {
        let shelf = PatternShelf()
        var fragments: [String: Fragment] = [:]
        for part in ShippedRules.sources where part.isFragment {
            fragments[part.path] = RuleParser.fragment(part, shelf: shelf).fragment
        }
        return RuleParser.parse(source, shelf: shelf, fragments: fragments).samples
    }

    @Test("hold from the bytes on", arguments: paths, [false, true])
    func hold(_ path: String, asWindows1254: Bool) throws {
        let source = try #require(ShippedRules.sources.first { $0.path == path })
        // Samples say what a rule's words say; that nobody confirmed it yet is another matter.
        let text = source.text.replacing("status: draft", with: "status: confirmed")
        let book = RuleBook.compile(
            [RuleSource(path: path, text: text)] + ShippedRules.sources.filter(\.isFragment)
        ).book
        var count = 0
        for sample in Self.samples(of: source) {
            guard let raw = RawSample(sample, asWindows1254: asWindows1254)?.bytes else { continue }
            count += 1
            let pdfs = sample.message.bodies.filter { body in
                if case .attachment(let name, _) = body.source { return name.hasSuffix(".pdf") }
                return false
            }
            var texts = pdfs.map { Array($0.text.utf8) }[...]
            let message = try MessageParser.parse(raw).reading { _ in
                texts.popFirst().map { .text($0, isCut: false) } ?? .unreadable
            }
            let whole = Sample(
                group: sample.group, name: sample.name, place: sample.place, message: message,
                receivedAt: sample.receivedAt, expectations: sample.expectations,
                movementCount: sample.movementCount)
            let problems = SampleRunner(source: source, book: book).run([whole])
            #expect(problems.map(\.description) == [], "\(String(decoding: raw, as: UTF8.self))")
        }
        // Czech and Polish letters that windows-1254 lacks, and senders that no header can name.
        #expect(asWindows1254 || count >= 2)
    }
}

/// The bytes of a mail that says what a sample says.
struct RawSample {
    let bytes: [UInt8]

    /// Nil when the sample cannot be a mail like this.
    init?(_ sample: Sample, asWindows1254: Bool) {
        let message = sample.message
        guard let from = message.from.first, from.address.allSatisfy(\.isASCII),
            message.inner.isEmpty
        else { return nil }
        var parts: [String] = []
        for body in message.bodies {
            guard let part = Self.part(body, asWindows1254) else { return nil }
            parts.append(part)
        }
        func word(_ text: String) -> String {
            text.isEmpty ? "" : "=?utf-8?B?\(Data(text.utf8).base64EncodedString())?="
        }
        let mail = """
            From: \(word(from.displayName)) <\(from.address)>
            Subject: \(word(message.subject))
            Date: \(Dress.mailDate(Timestamp.text(sample.receivedAt)))
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="=_sample"

            \(parts.map { "--=_sample\n" + $0 }.joined(separator: "\n"))
            --=_sample--

            """
        bytes = Array(mail.utf8)
    }

    private static func part(_ body: BodyText, _ asWindows1254: Bool) -> String? {
        var type: String
        var text = body.text
        var disposition = ""
        switch body.source {
        case .plain:
            // A table in plain text is none any more.
            guard !text.contains("\t") else { return nil }
            type = "text/plain"
        case .html:
            type = "text/html"
            text = Dress.paragraphs(text)
        case .attachment(let name, _):
            disposition = "Content-Disposition: attachment; filename=\"\(name)\"\n"
            type = name.hasSuffix(".pdf") ? "application/pdf" : "text/html"
            text = Dress.paragraphs(text)
        }
        let charset = asWindows1254 ? "windows-1254" : "utf-8"
        guard let data = text.data(using: asWindows1254 ? .windowsCP1254 : .utf8) else {
            return nil
        }
        if !type.hasSuffix("pdf") { type += "; charset=\(charset)" }
        let encoded = data.base64EncodedString(
            options: [.lineLength76Characters, .endLineWithLineFeed])
        return
            "Content-Type: \(type)\n\(disposition)Content-Transfer-Encoding: base64\n\n\(encoded)"
    }
}
