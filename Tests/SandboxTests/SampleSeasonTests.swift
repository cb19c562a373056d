// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite("A sample season")
struct SampleSeasonTests {
    @Test("The same seed gives the same season, another seed another one")
    func seedDecides() {
        #expect(SampleSeason(seed: 7, count: 50).csv == SampleSeason(seed: 7, count: 50).csv)
        #expect(SampleSeason(seed: 7, count: 50).csv != SampleSeason(seed: 8, count: 50).csv)
    }

    @Test("Ten thousand registrations share no id, code, phone or name")
    func everythingIsUnique() {
        let season = SampleSeason(seed: 42, count: 10_000)
        let rows = season.entries.map(\.registration)
        #expect(rows.count == 10_000)
        #expect(Set(rows.map(\.id)).count == rows.count)
        #expect(Set(rows.map(\.reference)).count == rows.count)
        #expect(Set(rows.compactMap(\.phone)).count == rows.count)
        #expect(Set(rows.compactMap { $0.name?.words }).count == rows.count)
        #expect(rows.allSatisfy { $0.phone?.isTurkishMobile == true })
    }

    @Test("The first line of the file names the columns, each row fills them")
    func csv() throws {
        let lines = SampleSeason(seed: 1, count: 3).csv.split(separator: "\n")
        #expect(lines[0] == "id,event,name,email,phone,amount,currency,reference,registered_at")
        #expect(lines.count == 4)
        let cells = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        #expect(cells.count == 9)
        #expect(cells[0].hasPrefix("gst-"))
        #expect(ReferenceCode(String(cells[7])) != nil)
        #expect(cells[8].hasPrefix("2026-11-20T06:00:") && cells[8].hasSuffix("Z"))
    }

    @Test("A mailbox file holds every mail, and a line that looks like a new mail is quoted")
    func mbox() throws {
        let quoted = SampleFiles.quoted(
            Array("A: b\r\n\r\nFrom x\r\n>From y\r\n".utf8), bank: .papara, seconds: 1_795_345_533)
        #expect(
            String(decoding: quoted, as: UTF8.self)
                == "From bilgi@papara.com Sun Nov 22 11:05:33 2026\n"
                + "A: b\n\n>From x\n>>From y\n\n")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("season-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let season = SampleSeason(seed: 3, count: 20)
        let bank = try SampleBank(.ed25519)
        try SampleFiles.write(season, bank: bank, as: .mbox, to: folder)
        try SampleFiles.write(season, bank: bank, as: .maildir, to: folder)
        let mbox = try String(contentsOfFile: "\(folder)/season.mbox", encoding: .utf8)
        #expect(mbox.components(separatedBy: "\nFrom ").count == 20)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/Maildir/new")
        #expect(names.count == 20)
        let keys = try String(contentsOfFile: "\(folder)/keys.tsv", encoding: .utf8)
        let name = try #require(names.min())
        let first = try #require(
            FileManager.default.contents(atPath: "\(folder)/Maildir/new/\(name)"))
        #expect(try SignedMail(Array(first)).signatureHolds(keyFile: keys))
    }
}
