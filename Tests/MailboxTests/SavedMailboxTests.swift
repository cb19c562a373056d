// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Mailbox

private let from = MboxCase.from

private func measured(_ body: String) -> String { MboxCase.measured(body) }

@Suite final class SavedMailboxTests {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("saved-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: some Sequence<UInt8>, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text).write(to: file)
        return file.path
    }

    func read(_ path: String, mailBytesMax: Int = 25 << 20) throws -> [SavedMail] {
        var mailbox = try SavedMailbox(path: path, mailBytesMax: mailBytesMax)
        var mails: [SavedMail] = []
        while let mail = try mailbox.next() { mails.append(mail) }
        return mails
    }

    @Test("An mbox of any dialect gives its mails", arguments: MboxCase.dialects)
    func readsDialect(_ sample: MboxCase) throws {
        let mails = try read(try write(sample.file.utf8, to: "box.mbox"))
        #expect(mails.map { String(decoding: $0.raw, as: UTF8.self) } == sample.mails)
        #expect(mails.map(\.label) == (0..<mails.count).map { "box.mbox#\($0 + 1)" })
        #expect(mails.last.map { $0.bytesReadSoFar == sample.file.utf8.count } ?? true)
    }

    @Test("Mails on the border of a read come whole", arguments: -40...40)
    func survivesBorders(_ shift: Int) throws {
        // The reader's buffer is 1 MiB; the second separator slides across its end.
        for (separator, second) in [(from, "A: 2\n\ny\n"), ("From 1\n", "Delivered-To: a\n")] {
            let length = (1 << 20) + shift - from.utf8.count - separator.utf8.count
            let first = "A: 1\n\n" + String(repeating: "x", count: length) + "\n"
            let mails = try read(
                try write((from + first + "\n" + separator + second).utf8, to: "b.mbox"))
            #expect(mails.map(\.raw.count) == [first.utf8.count, second.utf8.count])
        }
    }

    @Test("A mail over the limit comes cut off, those behind it whole")
    func cutsLargeMail() throws {
        let large = "A: 1\n\n" + String(repeating: "0123456789\n", count: 300_000)
        let path = try write((from + large + "\n" + from + "A: 2\n\ny\n").utf8, to: "b.mbox")
        let mails = try read(path, mailBytesMax: 1 << 20)
        #expect(mails.map(\.isTruncated) == [true, false])
        #expect(mails.map(\.raw.count) == [SavedMailbox.beginningBytes, 8])
        #expect(large.utf8.starts(with: mails.first?.raw ?? [0]))
    }

    @Test("A Maildir gives new and cur in the order of the names")
    func readsMaildir() throws {
        _ = try write("A: 2\n\n".utf8, to: "m/new/1002.x")
        _ = try write("A: 1\n\n".utf8, to: "m/cur/1001.x:2,S")
        _ = try write("A: 3\n\n".utf8, to: "m/cur/1003.x:2,")
        _ = try write("not delivered".utf8, to: "m/tmp/1004.x")
        let mails = try read(folder.appendingPathComponent("m").path)
        #expect(mails.map(\.label) == ["m/cur/1001.x:2,S", "m/new/1002.x", "m/cur/1003.x:2,"])
    }

    @Test("A folder gives its .eml files, and goes on after one that is no mail")
    func readsFolder() throws {
        _ = try write("A: 1\r\n\r\nx".utf8, to: "a.eml")
        _ = try write("\u{0}\u{1}".utf8, to: "b.eml")
        _ = try write("A: 3\n\n".utf8, to: "c.EML")
        _ = try write("notes".utf8, to: "readme.txt")
        var mailbox = try SavedMailbox(path: folder.path)
        #expect(mailbox.totalBytes == 17)
        #expect(try mailbox.next()?.label == "a.eml")
        #expect(throws: MailboxError.self) { _ = try mailbox.next() }
        let last = try mailbox.next()
        #expect(last?.label == "c.EML")
        #expect(last?.bytesReadSoFar == 17)
        #expect(try mailbox.next() == nil)
    }

    @Test("A folder gives the mailboxes without an ending, and no other such files")
    func readsNamelessMailboxes() throws {
        _ = try write((from + "A: 1\n\nx\n").utf8, to: "t/Inbox")
        _ = try write("index".utf8, to: "t/Inbox.msf")
        _ = try write("notes".utf8, to: "t/notes")
        #expect(try read(folder.path + "/t").map(\.label) == ["Inbox#1"])
    }

    @Test("Of other names in a folder mailboxes and numbered mails are read, the rest is named")
    func namesWhatIsUnread() throws {
        _ = try write((from + "A: 1\n\nx\n").utf8, to: "t/Banka 2026.11")
        _ = try write("A: 2\n\n".utf8, to: "t/17")
        for name in ["1.emlx", "a.msg", "b.mbox.zip", "c.jpg", "17.msf"] {
            _ = try write("B: 1\n\n".utf8, to: "t/" + name)
        }
        var mailbox = try SavedMailbox(path: folder.path + "/t")
        #expect(try mailbox.next()?.label == "17")
        #expect(try mailbox.next()?.label == "Banka 2026.11#1")
        for name in ["1.emlx", "a.msg", "b.mbox.zip"] {
            let error = #expect(throws: MailboxError.self) { _ = try mailbox.next() }
            #expect(error?.subject == name)
        }
        #expect(try mailbox.next() == nil)
    }

    @Test("Folders within a folder are read, of whatever kind")
    func readsFoldersWithin() throws {
        for name in ["a.eml", "sub/b.eml", "sub/deep/c.eml", ".hidden/d.eml"] {
            _ = try write("A: 1\n\n".utf8, to: "t/\(name)")
        }
        _ = try write((from + "A: 1\n\nx\n").utf8, to: "t/Inbox.sbd/Banka")
        for name in ["M/cur/1", "M/tmp/2", "M/.Bank/cur/3", "M/.Bank/new/4", "M/.Bank.Old/cur/5"] {
            _ = try write("A: 1\n\n".utf8, to: "t/\(name)")
        }
        #expect(
            Set(try read(folder.path + "/t").map(\.label)) == [
                "a.eml", "sub/b.eml", "sub/deep/c.eml", "Inbox.sbd/Banka#1", "M/cur/1",
                "M/.Bank/cur/3", "M/.Bank/new/4", "M/.Bank.Old/cur/5",
            ])
        #expect(
            Set(try read(folder.path + "/t/M").map(\.label)) == [
                "M/cur/1", "M/.Bank/cur/3", "M/.Bank/new/4", "M/.Bank.Old/cur/5",
            ])
    }

    @Test("What of a folder is not read is named, behind all that is")
    func namesUnreadFolders() throws {
        _ = try write("A: 1\n\n".utf8, to: "t/b/a.eml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/t/again", withDestinationPath: folder.path + "/t")
        let deep = String(repeating: "d/", count: SavedFolder.depthMax + 1)
        _ = try write("A: 1\n\n".utf8, to: "t/" + deep + "z.eml")
        var mailbox = try SavedMailbox(path: folder.path + "/t")
        #expect(try mailbox.next()?.label == "b/a.eml")
        let link = #expect(throws: MailboxError.self) { _ = try mailbox.next() }
        #expect(link?.subject == "again")
        let tooDeep = #expect(throws: MailboxError.self) { _ = try mailbox.next() }
        #expect(tooDeep?.cause == "too many folders within each other")
        #expect(try mailbox.next() == nil)
    }

    @Test("A file without anything in it is not read in silence, unless a folder holds it")
    func namesEmptyFile() throws {
        let path = try write([], to: "t/a.mbox")
        for empty in [path, try write(gzip([]), to: "a.gz"), try write("\n\n".utf8, to: "b")] {
            #expect(throws: MailboxError.self) { try read(empty) }
        }
        #expect(try read(folder.path + "/t").isEmpty)
    }

    @Test("A mail that went on over a separator says so, and no other one does")
    func remarksOnJoinedMail() throws {
        let file = measured("w\n") + measured(from + "A: 1\n\nx\n") + measured("y\n")
        let mails = try read(try write(file.utf8, to: "a.mbox"))
        #expect(mails.map(\.remark?.subject) == [nil, "a.mbox#2", nil])
        #expect(mails.map(\.asCut.count) == [0, 2, 0])
    }

    @Test("A mail that went on over separators is there in pieces too, wherever it stands")
    func cutsJoinedMail() throws {
        let within = "x\n\n" + from + "A: 1\n\n>From a\n\n" + from + "A: 2\n\n"
        for before in ["w\n", String(repeating: "w", count: (1 << 20) - 300) + "\n"] {
            let file = measured(before) + measured(within) + measured("y\n")
            let pieces = try read(try write(file.utf8, to: "a.mbox"))[1].asCut
            #expect(pieces.map(\.label) == (1...3).map { "a.mbox#2.\($0)" })
            #expect(
                pieces.map { String(decoding: $0.raw, as: UTF8.self) } == [
                    "Content-Length: \(within.utf8.count)\n\nx\n", "A: 1\n\nFrom a\n", "A: 2\n\n",
                ])
        }
    }

    @Test("One mail with a mark of an editor in front is read without it")
    func readsMarkedMail() throws {
        let mails = try read(try write("\u{feff}A: 1\n\nx\n".utf8, to: "a.eml"))
        #expect(mails.map(\.raw) == [Array("A: 1\n\nx\n".utf8)])
        let late = try read(try write("\r\n\nA: 1\n\nx\n".utf8, to: "a.eml"))
        #expect(late.map(\.raw) == mails.map(\.raw))
    }

    @Test("An archive is to be unpacked first")
    func namesArchives() throws {
        let tar =
            Array("Takeout/Mail/all.mbox".utf8) + [UInt8](repeating: 0, count: 236)
            + Array("ustar  ".utf8) + [UInt8](repeating: 0, count: 300)
        for bytes in [Array("PK\u{3}\u{4}....".utf8), tar, try gzip(tar)] {
            let error = #expect(throws: MailboxError.self) {
                try read(try write(bytes, to: "takeout"))
            }
            #expect(
                error?.description
                    == "mailbox: read takeout: an archive of files. unpack it first")
        }
    }

    @Test("Where quotes were taken back, the bytes as they stood are there too")
    func keepsQuoted() throws {
        let mails = try read(
            try write((from + "A: 1\n\n>From a\n\n" + from + "A: 2\n\ny\n").utf8, to: "a.mbox"))
        #expect(mails.map(\.asWritten) == [Array("A: 1\n\n>From a\n".utf8), nil])
    }

    @Test("Of a few quotes each may be one of the mail's own, of many none is tried")
    func mixesQuotes() throws {
        let head = from + "A: 1\n\n"
        let both = try read(try write((head + ">From a\n>>From b\n").utf8, to: "a.mbox"))
        #expect(
            both.first?.mixedReadings.map { String(decoding: $0, as: UTF8.self) } == [
                "A: 1\n\nFrom a\n>>From b\n", "A: 1\n\n>From a\n>From b\n",
            ])
        for (count, readings) in [(0, 0), (1, 0), (4, 14), (5, 0)] {
            let text = head + String(repeating: ">From a\n", count: count)
            let mails = try read(try write(text.utf8, to: "a.mbox"))
            #expect(mails.first?.mixedReadings.count == readings)
        }
    }

    @Test(
        "A length that reaches over the border of a read is believed", arguments: [0, 1, 700_000])
    func measuresAcrossBorders(_ length: Int) throws {
        let inner = "\n" + from + "A: 9\n\n" + String(repeating: "x", count: length) + "\n"
        let pad = String(repeating: "p\n", count: 300_000)
        let file = measured(pad) + measured(inner) + measured(inner) + measured("y\n")
        let mails = try read(try write(file.utf8, to: "a.mbox"))
        #expect(mails.count == 4)
        #expect(mails.map(\.raw.count).last == "Content-Length: 2\n\ny\n".utf8.count)
    }

    @Test("A missing file is named with a reason")
    func namesMissingFile() {
        let error = #expect(throws: MailboxError.self) {
            _ = try SavedMailbox(path: "/nowhere/a.mbox")
        }
        #expect(error?.description == "mailbox: open /nowhere/a.mbox: No such file or directory")
    }

    /// What gzip(1) makes of the bytes.
    func gzip(_ bytes: some Sequence<UInt8>) throws -> [UInt8] {
        let path = try write(bytes, to: "plain-\(UUID().uuidString)")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-c", path]
        process.standardOutput = output
        try process.run()
        let compressed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(compressed)
    }

    func mbox(_ count: Int) -> [UInt8] {
        Array(
            (1...count).map { from + "A: \($0)\n\n\(String(repeating: "x", count: $0))\n\n" }
                .joined().utf8)
    }

    @Test("A compressed mailbox gives the same mails as a plain one, whatever its name")
    func readsGzip() throws {
        let plain = try read(try write(mbox(3000), to: "a.mbox")).map(\.raw)
        let compressed = try gzip(mbox(3000))
        for name in ["a.mbox.gz", "a.mbox", "export"] {
            let path = try write(compressed, to: "z/\(name)")
            let mails = try read(path)
            #expect(mails.map(\.raw) == plain)
            #expect(mails.last?.label == "\(name)#3000")
            #expect(mails.last?.bytesReadSoFar == Int64(compressed.count))
            #expect(try SavedMailbox(path: path).totalBytes == Int64(compressed.count))
            try FileManager.default.removeItem(atPath: path)
        }
        _ = try write(compressed, to: "y/b.mbox.gz")
        #expect(try read(folder.appendingPathComponent("y").path).count == 3000)
    }

    @Test("Compressed parts in a row are one mailbox; zeros behind them are padding")
    func readsParts() throws {
        let parts = try gzip(mbox(2)) + gzip([]) + gzip(mbox(1)) + [0, 0, 0]
        #expect(try read(try write(parts, to: "a.gz")).count == 3)
    }

    @Test("A compressed mailbox that is cut off or damaged anywhere says so and never traps")
    func damagedGzip() throws {
        let whole = try gzip(mbox(20))
        for cut in 3..<whole.count {
            let error = #expect(throws: MailboxError.self) {
                try read(try write(whole[..<cut], to: "cut.gz"))
            }
            #expect(error?.description == "mailbox: read cut.gz: the compressed file is cut off")
            var damaged = whole
            damaged[cut] ^= 0x10
            _ = try? read(try write(damaged, to: "damaged.gz"))
        }
        let error = #expect(throws: MailboxError.self) {
            try read(try write(whole + Array("garbage".utf8), to: "a.gz"))
        }
        #expect(error?.cause == "something else follows the compressed part")
    }

    @Test("What was inflated before a fault comes, the last mail marked as cut")
    func mailsBeforeDamage() throws {
        let (mails, whole) = (mbox(3000), try gzip(mbox(3000)))
        let plain = try read(try write(mails, to: "a.mbox")).map(\.raw)
        for (bytes, least) in [
            (whole + Array("garbage".utf8), 2999), (whole.dropLast(9), 2999),
            (whole.dropLast(whole.count / 10), 2000),
        ] {
            var mailbox = try SavedMailbox(path: try write(bytes, to: "cut.gz"))
            var found: [SavedMail] = []
            #expect(throws: MailboxError.self) {
                while let mail = try mailbox.next() { found.append(mail) }
            }
            #expect(found.count > least)
            #expect(found.dropLast().map(\.raw) == Array(plain.prefix(found.count - 1)))
            #expect(found.map(\.isTruncated).firstIndex(of: true) == found.count - 1)
        }
    }

    @Test("A pipe that hands over byte by byte is read whole", arguments: [true, false])
    func readsPipe(isCompressed: Bool) throws {
        let bytes = isCompressed ? try gzip(mbox(30)) : mbox(30)
        let path = folder.appendingPathComponent("pipe-\(isCompressed)").path
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            let pipe = open(path, O_WRONLY)
            for byte in bytes { _ = withUnsafePointer(to: byte) { Glibc.write(pipe, $0, 1) } }
            close(pipe)
        }
        writer.start()
        #expect(try read(path).count == 30)
    }

    @Test("Arbitrary bytes never trap and are read to their end", arguments: 0..<200)
    func takesAnything(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let parts = [
            "From ", "\n", "\r\n", ">", "A: 1\n", from, "\nFrom ", " 11:05 2026", ":", "\u{0}",
        ]
        var bytes = Array(from.utf8)
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            bytes += Array((parts.randomElement(using: &random) ?? "").utf8)
        }
        let mails = try read(try write(bytes, to: "r.mbox"), mailBytesMax: 64)
        #expect(mails.last?.bytesReadSoFar ?? Int64(bytes.count) == Int64(bytes.count))
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
