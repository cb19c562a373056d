// SPDX-License-Identifier: Apache-2.0

import Glibc

@testable import Mailbox

/// A saved mailbox made of any bytes, gzip'd ones among them.
enum AnyMbox {
    private static let mailBytesMax = 32 << 10

    static func check(_ input: [UInt8]) throws {
        let mails = try read(input)
        try require(mails == (try read(input)), "the same file read twice gives other mails")
        let isCompressed = input.starts(with: [0x1f, 0x8b])
        let sizes = mails.map(\.raw.count)
        try require(
            isCompressed || sizes.reduce(0, +) <= input.count, "more mail than there are bytes")
        try require(sizes.allSatisfy { $0 <= mailBytesMax }, "a mail over the limit")
    }

    /// All mails up to the first fault of the file.
    private static func read(_ input: [UInt8]) throws -> [SavedMail] {
        // A file in memory that has lost its name: nothing is left over, whatever happens.
        var name = Array("/dev/shm/mutabik-fuzz-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw BrokenProperty("no memory file: errno \(errno)") }
        unlink(name)
        defer { close(file) }
        guard input.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == input.count
        else { throw BrokenProperty("the memory file is not written") }
        var mails: [SavedMail] = []
        do {
            var mailbox = try SavedMailbox(
                path: "/proc/self/fd/\(file)", mailBytesMax: mailBytesMax)
            while let mail = try mailbox.next() {
                mails.append(mail)
                try require(mails.count <= input.count, "mails without end")
            }
        } catch is MailboxError {}
        return mails
    }
}
