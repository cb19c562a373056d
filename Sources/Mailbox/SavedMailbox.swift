// SPDX-License-Identifier: Apache-2.0

/// One mail out of a saved mailbox.
package struct SavedMail: Sendable {
    /// Where it stood: `season.mbox#12` (counted from 1), or the file's name.
    package var label: String
    /// The bytes, with the mbox quoting taken back.
    package var raw: [UInt8]
    /// True when the mail was over the limit; `raw` then holds its beginning.
    package var isTruncated: Bool
    /// How far the reading is, against `SavedMailbox.totalBytes`.
    package var bytesReadSoFar: Int64

    package init(label: String, raw: [UInt8], isTruncated: Bool, bytesReadSoFar: Int64) {
        self.label = label
        self.raw = raw
        self.isTruncated = isTruncated
        self.bytesReadSoFar = bytesReadSoFar
    }
}

/// A file or folder of saved mail, read one mail at a time.
package struct SavedMailbox: ~Copyable {
    /// The size of everything in bytes; nil for standard input.
    package let totalBytes: Int64?

    /// Opens an mbox, a Maildir, an .eml file, a folder of .eml files, or `-` for standard input.
    package init(path: String, mailBytesMax: Int = 25 << 20) throws(MailboxError) {
        totalBytes = nil
    }

    /// The next mail, nil at the end.
    package mutating func next() throws(MailboxError) -> SavedMail? { nil }
}
