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
    /// Mails attached to mails attached to mails.
    package var attachedDepthMax = 3
    /// Attached mails that are read on one level.
    package var attachedMax = 10
    /// Bytes of one body that are decoded; HTML notices with inline pictures stay below.
    package var bodyBytesMax = 2 * 1024 * 1024
    /// Bytes of text that are kept of one body; patterns run over all of it.
    package var textBytesMax = 256 * 1024
    /// Elements of HTML within one another.
    package var elementDepthMax = 2000

    package init() {}

    package static let standard = MailLimits()
}
