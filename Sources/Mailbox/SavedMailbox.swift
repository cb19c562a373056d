// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One mail out of a saved mailbox.
package struct SavedMail: Sendable, Equatable {
    /// Where it stood: `season.mbox#12` (counted from 1), or the file's name.
    package var label: String
    /// The bytes, with the mbox quoting taken back.
    package var raw: [UInt8]
    /// The bytes as they stood in the mbox, if they were other ones. Not every dialect quotes a
    /// line that has its `>` already: only the mail's signature can tell which bytes are right.
    package var asWritten: [UInt8]?
    /// True when the mail was over the limit; `raw` is then its first 256 KiB.
    package var isTruncated: Bool
    /// What a person should know about how it was found; nil when nothing was odd.
    package var remark: MailboxError?
    /// The mails that it would be if its length were wrong; empty when there was no choice. Whoever
    /// sends a mail can write its length, and only signatures can tell that another was taken in.
    package var asCut: [SavedMail]
    /// How far the reading is, against `SavedMailbox.totalBytes`.
    package var bytesReadSoFar: Int64

    package init(
        label: String, raw: [UInt8], asWritten: [UInt8]? = nil, isTruncated: Bool,
        remark: MailboxError? = nil, asCut: [SavedMail] = [], bytesReadSoFar: Int64
    ) {
        self.label = label
        self.raw = raw
        self.asWritten = asWritten
        self.isTruncated = isTruncated
        self.remark = remark
        self.asCut = asCut
        self.bytesReadSoFar = bytesReadSoFar
    }
}

extension SavedMail {
    /// So many readings that each may be tried: of four lines there are 14.
    private static let quotesMax = 4
    /// Larger mails are no notices, and each reading is a copy.
    private static let mixedBytesMax = 1 << 20

    /// The bytes when some of the quoted lines lose their `>` and others keep it, as in an mboxo
    /// mail with both: neither `raw` nor `asWritten` is right then. Empty when there is nothing to
    /// choose, or too much.
    package var mixedReadings: [[UInt8]] {
        guard let asWritten, !isTruncated, asWritten.count <= Self.mixedBytesMax else { return [] }
        let quotes = MboxQuoting.quotes(in: asWritten, atMost: Self.quotesMax + 1)
        guard (2...Self.quotesMax).contains(quotes.count) else { return [] }
        return (1..<(1 << quotes.count) - 1).map { choice in
            var reading = asWritten
            for (place, quote) in quotes.enumerated().reversed() where choice >> place & 1 == 1 {
                reading.remove(at: quote)
            }
            return reading
        }
    }
}

/// A file or folder of saved mail, read one mail at a time in flat memory.
///
///     var mailbox = try SavedMailbox(path: "season.mbox")
///     while let mail = try mailbox.next() { … }
///
/// After an error `next` may be called again: it goes on with the next file. What of a folder could
/// not be looked at comes as errors behind all mails.
package struct SavedMailbox: ~Copyable {
    /// Of a mail over the limit so much is kept; the same as from a server.
    static let beginningBytes = 256 << 10

    /// The size of everything in bytes; nil for standard input.
    package let totalBytes: Int64?

    private let mailBytesMax: Int
    private var files: ArraySlice<SavedFile>
    private var unread: ArraySlice<MailboxError>
    private var current: SavedFileReader?
    /// Bytes of the files that are done.
    private var bytesDone: Int64 = 0

    /// Opens an mbox, a Maildir, an .eml file, a folder of .eml or .mbox files or of mailboxes
    /// without an ending, as Thunderbird keeps them, or `-` for standard input (an mbox or one
    /// mail). Each file may be compressed with gzip. Folders within a folder are read as well.
    ///
    /// - Parameter mailBytesMax: a larger mail comes cut off and marked.
    package init(path: String, mailBytesMax: Int = 25 << 20) throws(MailboxError) {
        let (files, unread) = try SavedFolder.find(path)
        self.files = files[...]
        self.unread = unread[...]
        self.mailBytesMax = mailBytesMax
        totalBytes = path == "-" ? nil : files.reduce(0) { $0 + $1.sizeBytes }
    }

    /// The next mail, nil at the end.
    package mutating func next() throws(MailboxError) -> SavedMail? {
        while true {
            if current == nil {
                guard let file = files.popFirst() else {
                    if let error = unread.popFirst() { throw error }
                    return nil
                }
                current = try SavedFileReader(file, mailBytesMax: mailBytesMax)
            }
            guard let reader = current else { return nil }
            do {
                if var mail = try reader.next() {
                    mail.bytesReadSoFar += bytesDone
                    return mail
                }
            } catch {
                finish(reader)
                throw error
            }
            finish(reader)
        }
    }

    private mutating func finish(_ reader: SavedFileReader) {
        bytesDone += reader.bytesRead
        current = nil
    }
}

extension MailboxError {
    init(opening path: String, _ code: Int32) {
        self.init(
            operation: "open", subject: path, cause: String(cString: strerror(code)),
            hint: code == EACCES ? "give the agent's user the right to read it" : nil)
    }
}
