// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Mailbox
import OAuth
import Rules
import Statements
import Testing

@testable import Operator

@Suite("What goes wrong, in Turkish")
struct MessageBookTests {
    /// Where errors are made that `MessageBook` puts into Turkish.
    private static let sources = [
        "Sources/Operator/Configuration", "Sources/Operator/Running/AgentLock.swift",
        "Sources/Operator/Running/AgentRun.swift", "Sources/Operator/Running/LiveWorld.swift",
        "Sources/Operator/Running/SignIn.swift", "Sources/Agent/KeyRing.swift",
        "Sources/Mailbox/SavedFileReader.swift", "Sources/Mailbox/SavedFileSource.swift",
        "Sources/Mailbox/SavedMailbox.swift", "Sources/OAuth", "Sources/Statements",
        "Sources/Operator/Statements/MappingFile.swift", "Sources/Operator/Registrations",
        "Sources/Operator/Output/RefundList.swift",
        "Sources/Operator/Commands/RefundCommands.swift",
    ]
    /// Words of protocols and calls within calls, which stay as they are.
    private static let untranslated: Set<String> = [
        "access_denied", "lock", "store", "csv", "camt", "mt940",
    ]

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func files() throws -> [URL] {
        try sources.flatMap { name -> [URL] in
            let place = root.appending(path: name)
            guard !name.hasSuffix(".swift") else { return [place] }
            return try FileManager.default.contentsOfDirectory(
                at: place, includingPropertiesForKeys: nil
            ).filter { $0.pathExtension == "swift" }
        }
    }

    @Test("no message that is thrown lacks a Turkish one")
    func everyMessage() throws {
        var seen: Set<String> = []
        for file in try Self.files() {
            let text = try String(contentsOf: file, encoding: .utf8)
            for message in ThrownMessages.all(in: text)
            where message.contains(where: \.isLetter) && !Self.untranslated.contains(message) {
                seen.insert(message)
                let turkish = MessageBook.table.turkish(message[...], gap: String.init)
                #expect(turkish != nil, "\(file.lastPathComponent): \(message)")
            }
        }
        // A scanner that finds nothing would prove nothing.
        #expect(seen.count > 90)
        #expect(seen.contains("`*` is a whole number from * to *"))
        #expect(seen.contains("The permission is gone. Sign in with: mutabik login *"))
    }

    @Test("no phrase is shadowed by another one, and each fills its gaps")
    func everyPhrase() {
        for (english, turkish) in MessageBook.phrases {
            #expect(!turkish.isEmpty && turkish != english)
            var count = 0
            var filled = ""
            for sign in english {
                if sign == "*" { count += 1 }
                filled += sign == "*" ? "Q\(count)" : String(sign)
            }
            let expected = (0..<count).reduce(turkish) {
                $0.replacing("$\($1 + 1)", with: "Q\($1 + 1)")
            }
            #expect(MessageBook.turkish(filled) == expected)
            for gap in 0..<count { #expect(expected.contains("Q\(gap + 1)"), "\(english)") }
        }
        #expect(Set(MessageBook.phrases.map(\.0)).count == MessageBook.phrases.count)
    }

    @Test("the meaning of every setting that must stand has a Turkish one")
    func meanings() {
        func required(_ settings: [Setting]) -> [Setting] {
            settings.flatMap { setting -> [Setting] in
                switch setting.kind {
                case .section(let inner), .list(let inner):
                    (setting.isRequired ? [setting] : []) + required(inner)
                // Its hint is made of other words.
                case .textsOr: []
                default: setting.isRequired ? [setting] : []
                }
            }
        }
        let settings = required(SettingsSchema.all)
        #expect(settings.count > 10)
        for setting in settings {
            #expect(MessageBook.turkish(setting.meaning) != setting.meaning, "\(setting.key)")
        }
    }

    @Test(
        "a configuration is corrected in the reader's language",
        arguments: [
            ("", "dosya boş; `mutabik config describe` bir örnek yazdırır"),
            ("[1]", "dosya `anahtar: değer` satırlarından oluşmalı"),
            ("master_key: x", "`master_key` kendisi burada duramaz;"),
            ("trust: {dns: maybe}", "`trust.dns` true ya da false olur"),
            ("a: 1\na: 2", "`a` bu bölümde iki kez geçiyor"),
            ("master_key: {file: a, environment: b}", "yalnızca birini ister"),
            ("state_directory: ~", "`state_directory` bir metin ister"),
            ("trust:\n\tdns: true", "sekmeyle değil boşlukla girintileyin"),
            (
                "matching: {own_accounts: []}",
                "`matching.own_accounts` boş bir liste. own_accounts:"
            ),
            ("matching: {own_accounts: [x]}", "içlerinden biri hiç rakam göstermiyor"),
            ("{}", "`master_key` eksik. Kayıt defterini açan"),
        ])
    func configuration(text: String, expected: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Configuration(text: text, path: "a.yaml")
        }
        let shown = Language.turkish.text(of: error)
        #expect(shown.contains(expected), "\(shown)")
        #expect(shown.hasPrefix("a.yaml:"))
        #expect(Language.english.text(of: error) == error.description)
    }

    @Test("an unknown key is named with its place")
    func unknownKey() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Configuration(text: "trust: {dsn: true}", path: "a.yaml")
        }
        let shown = Language.turkish.text(of: error)
        #expect(
            shown.hasPrefix("a.yaml:1:9: bilinmeyen anahtar: `dsn` (yeri: `trust`). Bilinenler:"))
    }

    @Test("statements, lists and the ledger")
    func money() throws {
        let csv = Array("Tarih;Tutar\nx;1,00\n".utf8)
        var mapping = StatementMapping(name: "kiyi")
        mapping.columns = [.date: "Tarih", .amount: "Tutar"]
        mapping.dates = [try #require(DayPattern("dd.MM.yyyy"))]
        let error = try #require(throws: StatementError.self) {
            try StatementReader.read(csv, mapping: mapping, account: nil)
        }
        #expect(
            Language.turkish.text(of: error)
                == "satır 2: “Tarih” sütunu: gün okunamıyor; kalıbını dates altına ya da tabloyu "
                + "bitiren sözcüğü footer altına yazın")
        #expect(Language.english.text(of: error) == "\(error)")
        let late = try #require(throws: StatementError.self) {
            try StatementReader.read(
                Array("Tarih;Tutar\n03.11.2099;1,00\n".utf8), mapping: mapping,
                today: BankDay(year: 2026, month: 11, day: 22))
        }
        #expect(
            Language.turkish.text(of: late)
                == "satır 2: 2099-11-03 günü daha gelmedi; eşlemedeki dates değerine ve bu "
                + "makinenin saatine bakın")
        let row = try #require(throws: Failure.self) {
            try RefundList.read("a,b\n", path: "iade.csv")
        }
        #expect(Language.turkish.text(of: row) == "iade.csv: bir iade listesi değil")
        let key = try #require(throws: Failure.self) {
            try MappingFile.read("columns: {x: Tarih}", path: "m.yaml")
        }
        #expect(
            Language.turkish.text(of: key).hasPrefix("m.yaml:1:11: beklenen: şunlardan biri: date,")
        )
        let ledger = LedgerError(operation: "open", subject: "a.db", cause: .diskFull)
        #expect(Language.turkish.text(of: ledger).hasPrefix("defter: open: a.db: diskte yer yok ("))
    }

    /// The texts of an enumeration are no thrown literals: each is named here.
    @Test("whatever the ledger reports has a Turkish text and hint")
    func ledger() {
        let causes: [LedgerError.Cause] = [
            .diskFull, .busy, .corrupt, .inputOutput, .permission, .foreignDatabase,
            .newerVersion(found: 3, known: 2), .wrongMasterKey, .seal, .constraint("rule"),
            .conflict, .notFound, .wrongState("done"), .other(code: 5),
        ]
        for cause in causes {
            let error = LedgerError(operation: "open", subject: "a.db", cause: cause)
            #expect(MessageBook.turkish(error.detail) != error.detail, "\(error.detail)")
            #expect(MessageBook.turkish(error.hint) != error.hint, "\(error.hint)")
        }
    }

    @Test("saved mail, key files and signing in")
    func others() {
        let missing = MailboxError(
            operation: "open", subject: "a.mbox", cause: "No such file or directory")
        #expect(
            Language.turkish.text(of: missing)
                == "posta kutusu: a.mbox açılamadı: böyle bir dosya ya da klasör yok")
        let archive = MailboxError(
            operation: "read", subject: "a.zip", cause: "an archive of files",
            hint: "unpack it first")
        #expect(
            Language.turkish.text(of: archive)
                == "posta kutusu: a.zip okunamadı: bir dosya arşivi. önce onu açın")
        #expect(Language.english.text(of: archive) == "\(archive)")
        let key = ConfigurationError(
            path: "keys.txt", line: 3, column: 1, message: "more than 100000 lines")
        #expect(Language.turkish.text(of: key) == "keys.txt:3:1: 100000 satırdan uzun")
        let refused = OAuthError(
            operation: "refresh", cause: "invalid_grant",
            hint: "The permission is gone. Sign in with: mutabik login kasa", retry: .signInAgain)
        #expect(
            Language.turkish.text(of: refused)
                == "oauth: izin yenilenemedi: invalid_grant. İzin artık yok. Şununla oturum açın: "
                + "mutabik login kasa")
    }
}

/// The texts that stand in the calls by which errors are made, `*` for what is put into them.
private enum ThrownMessages {
    private static let calls = [
        "ConfigurationError", "OAuthError", "MailboxError", "KeyFileError", "refuse", "error",
        "missing", "broken", "failed", "append", "StatementError", "CSVError", "Failure", "refusal",
    ]
    /// Arguments that are no message.
    private static let others: Set<Substring> = ["path", "place", "subject", "separator"]

    static func all(in source: String) -> [String] {
        var messages: [String] = []
        for call in calls {
            var rest = source[...]
            while let hit = rest.firstRange(of: call + "(") {
                let isWord =
                    hit.lowerBound > source.startIndex
                    && source[source.index(before: hit.lowerBound)].isLetter
                rest = rest[hit.upperBound...]
                if !isWord { messages += arguments(rest) }
            }
        }
        return messages
    }

    /// The texts up to the bracket that ends the call; `+` binds them.
    private static func arguments(_ source: Substring) -> [String] {
        var rest = source
        var found: [String] = []
        var current: String?
        var label: Substring = ""
        var word: Substring = ""
        var depth = 1
        var isBound = false
        func finish() {
            if let current { found.append(current) }
            current = nil
        }
        while let sign = rest.first, depth > 0 {
            if sign == "\"" {
                rest.removeFirst()
                let text = literal(&rest)
                if isBound, let begun = current {
                    current = begun + text
                } else {
                    finish()
                    current = depth > 1 || others.contains(label) ? nil : text
                }
                isBound = false
                continue
            }
            if sign.isLetter {
                word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." }
                rest = rest.dropFirst(word.count)
                if isBound, current != nil { current? += "*" }
                isBound = false
                continue
            }
            rest.removeFirst()
            switch sign {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "+": isBound = true
            case ":" where depth == 1 && current == nil: label = word
            case "," where depth == 1:
                finish()
                label = ""
            default: break
            }
        }
        finish()
        return found
    }

    /// What stands up to the closing quote.
    private static func literal(_ rest: inout Substring) -> String {
        var text = ""
        while let sign = rest.popFirst(), sign != "\"" {
            guard sign == "\\" else {
                text.append(sign)
                continue
            }
            let escaped = rest.popFirst()
            guard escaped == "(" else {
                if let escaped { text.append(escaped) }
                continue
            }
            var depth = 1
            while depth > 0, let inner = rest.popFirst() {
                depth += inner == "(" ? 1 : inner == ")" ? -1 : 0
            }
            if text.last != "*" { text.append("*") }
        }
        return text
    }
}
