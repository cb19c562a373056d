// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite("The sample bank")
struct SampleBankTests {
    static let transfer = SampleTransfer(
        bank: .garanti, payer: "Elif Karaca",
        amount: Money(minorUnits: 125_000, currency: .turkishLira), description: "KTF6HV349",
        // 22 November 2026, 14:05:33 in Istanbul.
        occurredAt: Date(timeIntervalSince1970: 1_795_345_533))

    static func transfer(_ bank: SampleBank.Bank) -> SampleTransfer {
        var transfer = transfer
        transfer.bank = bank
        return transfer
    }

    @Test(
        "openssl accepts the signature of every bank",
        arguments: SampleBank.Bank.allCases, [SampleBank.Algorithm.rsa(bits: 2048), .ed25519])
    func signatureHolds(bank: SampleBank.Bank, algorithm: SampleBank.Algorithm) throws {
        let samples = try SampleBank(algorithm)
        let mail = try SignedMail(try samples.mail(Self.transfer(bank)))
        #expect(mail.tags["d"] == bank.domain)
        #expect(try mail.bodyHashHolds())
        #expect(try mail.signatureHolds(keyFile: samples.keyFile))
    }

    @Test("openssl refuses a signature when a signed field was changed")
    func changedFieldIsFound() throws {
        let samples = try SampleBank()
        let bytes = try samples.mail(Self.transfer)
        let text = String(decoding: bytes, as: UTF8.self)
            .replacing("Subject: Gelen", with: "Subject: Giden")
        let mail = try SignedMail(Array(text.utf8))
        #expect(try mail.bodyHashHolds())
        #expect(try !mail.signatureHolds(keyFile: samples.keyFile))
    }

    @Test("Each variant is wrong in its own way only", arguments: SampleBank.Bank.allCases)
    func variants(bank: SampleBank.Bank) throws {
        let samples = try SampleBank(.rsa(bits: 1024))
        func mail(_ variant: SampleBank.Variant) throws -> [UInt8] {
            try samples.mail(Self.transfer(bank), variant)
        }
        let unsigned = String(decoding: try mail(.unsigned), as: UTF8.self)
        #expect(!unsigned.contains("DKIM-Signature"))

        let changed = try SignedMail(try mail(.changedBody))
        #expect(try !changed.bodyHashHolds())
        #expect(try changed.signatureHolds(keyFile: samples.keyFile))

        let foreign = try SignedMail(try mail(.foreignSignature))
        #expect(foreign.tags["d"] == "odeme-bilgi.example")
        #expect(foreign.fields["from"]?.contains("@\(bank.domain)>") == true)
        #expect(try foreign.signatureHolds(keyFile: samples.keyFile))

        let alike = try SignedMail(try mail(.lookAlike))
        #expect(alike.fields["from"]?.contains("@\(bank.domain).odeme-bilgi.example>") == true)
        #expect(try alike.signatureHolds(keyFile: samples.keyFile))

        for variant in [SampleBank.Variant.outgoing, .promotion, .chargeback] {
            let other = try SignedMail(try mail(variant))
            #expect(try other.bodyHashHolds())
            #expect(try other.signatureHolds(keyFile: samples.keyFile))
        }
    }

    @Test(
        "The words are those of the bank",
        arguments: [
            (SampleBank.Bank.garanti, "<b>Gönderici Ad Soyad:</b> Elif Karaca<br>"),
            (.garanti, "<b>Açıklama:</b> Ktf6hv349<br>"), (.garanti, "1.250,00 TL"),
            (
                .akbank,
                "hesabınıza KTF6HV349 açıklaması ile ELİF KARACA tarafından 1.250,00 TL EFT girişi"
            ),
            (
                .yapiKredi,
                "22/11/2026 14:05:33 tarihinde, ELİF KARACA isimli/unvanlı kişiden  1.250,00 TL"
            ),
            (.halkbank, ">22.11.2026 14.05</td>"), (.halkbank, ">BİNİKİYÜZELLİ TL</td>"),
            (.kuveytTurk, "Açıklama: KTF6HV349 İşlem Zamanı: 22.11.2026 14:05"),
            (.ziraat, "22.11.2026 tarihinde, saat 14:05'de ELİF KARACA tarafından, 5001 ek nolu"),
            (.papara, "Elif Karaca size 1.250,00 TL gönderdi"),
            (.moka, "tarihinde gerçekleştirilen 90412233 numaralı ödemeye ait bilgiler"),
        ])
    func words(bank: SampleBank.Bank, words: String) throws {
        let samples = try SampleBank(.ed25519)
        let mail = try SignedMail(try samples.mail(Self.transfer(bank)))
        #expect(try mail.html().contains(words))
        #expect((3000...8000).contains(try mail.html().utf8.count))
    }

    @Test("Every line ends in CRLF and stays below 998 signs", arguments: SampleBank.Bank.allCases)
    func lines(bank: SampleBank.Bank) throws {
        let samples = try SampleBank(.ed25519)
        let mail = try samples.mail(Self.transfer(bank))
        let lines = mail.split(separator: 10, omittingEmptySubsequences: false)
        #expect(lines.dropLast().allSatisfy { $0.last == 13 })
        #expect(lines.allSatisfy { $0.count < 998 && $0.allSatisfy { $0 < 128 } })
    }
}

/// Reads a signed mail back with means of its own, so that no mistake is made twice alike.
struct SignedMail {
    let headerLines: [String]
    let body: String
    var fields: [String: String] = [:]
    var tags: [String: String] = [:]

    init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.range(of: "\r\n\r\n"))
        body = String(text[end.upperBound...])
        let unfolded = text[..<end.lowerBound]
            .replacingOccurrences(of: "\r\n[ \t]", with: " ", options: .regularExpression)
        headerLines = unfolded.components(separatedBy: "\r\n")
        for line in headerLines {
            let colon = try #require(line.firstIndex(of: ":"))
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...])
        }
        for tag in (fields["dkim-signature"] ?? "").components(separatedBy: ";") {
            let parts = tag.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            tags[parts[0].trimmingCharacters(in: .whitespaces)] =
                parts[1].replacingOccurrences(of: " ", with: "")
        }
    }

    func html() throws -> String {
        let part = try #require(body.components(separatedBy: "Content-Type: text/html").last)
        let start = try #require(part.range(of: "\r\n\r\n"))
        let content = part[start.upperBound...].components(separatedBy: "\r\n--")[0]
        if part.contains("Encoding: base64") {
            let data = try #require(
                Data(base64Encoded: content, options: .ignoreUnknownCharacters))
            return String(decoding: data, as: UTF8.self)
        }
        let joined = content.replacingOccurrences(of: "=\r\n", with: "")
            .replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "=", with: "%")
        return try #require(joined.removingPercentEncoding)
    }

    func bodyHashHolds() throws -> Bool {
        var canonical = body.components(separatedBy: "\r\n").map {
            $0.replacingOccurrences(of: "[ \t]+", with: " ", options: .regularExpression)
                .replacingOccurrences(of: " $", with: "", options: .regularExpression)
        }.joined(separator: "\r\n")
        while canonical.hasSuffix("\r\n\r\n") { canonical.removeLast() }
        let hash = try OpenSSL.run(["dgst", "-sha256", "-binary"], input: Data(canonical.utf8))
        return hash.output.base64EncodedString() == tags["bh"]
    }

    func signatureHolds(keyFile: String) throws -> Bool {
        let name = "\(tags["s"] ?? "")._domainkey.\(tags["d"] ?? "")\t"
        let line = try #require(
            keyFile.components(separatedBy: "\n").first { $0.hasPrefix(name) })
        let key = try #require(line.components(separatedBy: "p=").last)
        func relaxed(_ field: String) -> String {
            let value = (fields[field] ?? "")
                .replacingOccurrences(of: "[ \t]+", with: " ", options: .regularExpression)
            return field + ":" + value.trimmingCharacters(in: .whitespaces)
        }
        var text = (tags["h"] ?? "").components(separatedBy: ":")
            .map { relaxed($0) + "\r\n" }.joined()
        text += relaxed("dkim-signature").replacingOccurrences(
            of: "( b=).*$", with: "$1", options: .regularExpression)
        let signature = try #require(Data(base64Encoded: tags["b"] ?? ""))
        return try OpenSSL.verifies(
            signature, of: Data(text.utf8), key: key, isRSA: tags["a"] == "rsa-sha256")
    }
}

/// The command line tool, as a second opinion.
enum OpenSSL {
    static func run(
        _ arguments: [String], input: Data = Data()
    ) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let (given, taken) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = taken
        process.standardError = FileHandle.nullDevice
        try process.run()
        given.fileHandleForWriting.write(input)
        try given.fileHandleForWriting.close()
        let output = taken.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    static func verifies(
        _ signature: Data, of text: Data, key: String, isRSA: Bool
    ) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ data: Data) throws -> String {
            let url = folder.appendingPathComponent(name)
            try data.write(to: url)
            return url.path
        }
        var der = try #require(Data(base64Encoded: key))
        // RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key.
        if !isRSA { der = Data([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]) + der }
        let keyPath = try file("key.der", der)
        let signaturePath = try file("signature", signature)
        if isRSA {
            return try run(
                [
                    "dgst", "-sha256", "-keyform", "DER", "-verify", keyPath, "-signature",
                    signaturePath, try file("text", text),
                ]
            ).status == 0
        }
        let digest = try run(["dgst", "-sha256", "-binary"], input: text).output
        return try run(
            [
                "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", keyPath, "-rawin",
                "-sigfile", signaturePath, "-in", try file("digest", digest),
            ]
        ).status == 0
    }
}
