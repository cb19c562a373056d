// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mail

/// The mails of `Tests/Fixtures/mail`, each with what has to be read in it beside it.
@Suite struct TortureMailTests {
    /// What a rule can see of a mail.
    struct Seen: Codable, Equatable {
        struct Body: Codable, Equatable {
            var source: String
            var text: String
        }

        struct File: Codable, Equatable {
            var name: String
            var type: String
            var kind: String
            var sizeBytes: Int
        }

        var from: [String]
        var names: [String]
        var fromFields: Int
        var subject: String
        var bodies: [Body]
        var attachments: [File]
        var inner: [Seen]
        var notes: [String]

        init(_ message: Message) {
            from = message.from.map(\.address)
            names = message.from.map(\.displayName)
            fromFields = message.fromFieldCount
            subject = message.subject
            bodies = message.bodies.map { body in
                let source =
                    switch body.source {
                    case .plain: "plain"
                    case .html: "html"
                    case .attachment(let name, let type): "attachment \(name) \(type)"
                    }
                return Body(source: source, text: body.text)
            }
            attachments = message.attachments.map {
                File(name: $0.name, type: $0.type, kind: $0.kind.rawValue, sizeBytes: $0.sizeBytes)
            }
            inner = message.inner.map { Seen($0) }
            notes = message.notes.map(\.rawValue).sorted()
        }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/mail")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (files ?? []).filter { $0.hasSuffix(".eml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    @Test func `there are mails to try`() { #expect(Self.names.count > 40) }

    @Test("is read the same with LF and with CRLF", arguments: names)
    func isRead(name: String) throws {
        let file = Self.folder.appending(path: name)
        let raw = Array(try Data(contentsOf: file.appendingPathExtension("eml")))
        let seen = try Seen(MessageParser.parse(raw))
        let wanted = try? JSONDecoder().decode(
            Seen.self, from: Data(contentsOf: file.appendingPathExtension("json")))
        if seen != wanted {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(seen).write(to: file.appendingPathExtension("actual.json"))
        }
        #expect(seen == wanted, "see \(name).actual.json")
        // Where lines end differently, parts of which nobody reads differ in length.
        var withReturns = try Seen(MessageParser.parse(Self.withReturns(raw)))
        for index in withReturns.attachments.indices {
            try #require(index < seen.attachments.count)
            withReturns.attachments[index].sizeBytes = seen.attachments[index].sizeBytes
        }
        #expect(withReturns == seen)
    }

    private static func withReturns(_ raw: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for byte in raw {
            if byte == 10, out.last != 13 { out.append(13) }
            out.append(byte)
        }
        return out
    }
}
