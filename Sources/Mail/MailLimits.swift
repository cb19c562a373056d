// SPDX-License-Identifier: Apache-2.0

/// How much of a mail is read. Mail is written by strangers; a notice of a bank is some 4–100 KB.
package struct MailLimits: Hashable, Sendable {
    /// The whole mail, in bytes. The large providers refuse mails beyond 25 MiB themselves.
    package var sizeBytesMax = 25 * 1024 * 1024
    /// Header fields; a mail that went through many hands has some 60.
    package var fieldsMax = 1000
    /// Header bytes; Exim and Postfix stop between 100 KB and 1 MB.
    package var headerBytesMax = 256 * 1024
    /// Multiparts within multiparts; real mails have three or four levels.
    package var depthMax = 20
    /// Parts in one mail, nested ones included.
    package var partsMax = 200
    /// `boundary=` parameters: each one makes every later line dearer for the MIME parser.
    package var boundariesMax = 100
    /// Lines of the body; 25 MiB of base64 have 340,000. Each may be a field or a part that the
    /// MIME parser makes an object of.
    package var linesMax = 500_000
    /// Lines that begin like a boundary (`--`), for the same reason.
    package var dashedLinesMax = 10_000
    /// Mails attached to mails attached to mails.
    package var attachedDepthMax = 3
    /// Attached mails that are read of one mail, those attached to them included. People pass on a
    /// handful; each costs key look-ups.
    package var attachedMax = 20
    /// Bytes of one body that are decoded. The HTML parser compares each attribute of an element
    /// with all others: this much costs half a second at worst, four times as much ten.
    package var bodyBytesMax = 512 * 1024
    /// Bytes of text that are kept of one body; patterns run over all of it.
    package var textBytesMax = 256 * 1024
    /// Bytes of one attached PDF or encoded mail; a receipt has some 50–500 KB, a statement with
    /// pictures 2 MB.
    package var fileBytesMax = 8 * 1024 * 1024
    /// PDFs of one mail that are read, each by a process of its own.
    package var pdfsMax = 5
    /// Elements of HTML within one another; tables in tables reach some 60.
    package var elementDepthMax = 500

    /// The limits as they stand above.
    package init() {}

    /// What everything uses but tests.
    package static let standard = MailLimits()
}
