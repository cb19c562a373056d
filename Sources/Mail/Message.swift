// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One address of a From field.
package struct MailAddress: Hashable, Sendable {
    /// What stands before the angle brackets, decoded; chosen by the sender, proves nothing.
    package let displayName: String
    /// What stands before the at sign, as it came.
    package let localPart: String
    /// ASCII letters in lower case; anything else stays as it came, so that look-alikes differ.
    package let domain: String

    /// An address; the domain is brought into lower case.
    package init(displayName: String = "", localPart: String, domain: String) {
        self.displayName = displayName
        self.localPart = localPart
        self.domain = domain.asciiLowercased()
    }

    /// `local@domain`.
    package var address: String { "\(localPart)@\(domain)" }
}

/// One text of a mail, ready for patterns.
package struct BodyText: Hashable, Sendable {
    /// Which part of the mail it was.
    package enum Source: Hashable, Sendable {
        case plain
        case html
        /// File name and media type as in `Attachment`.
        case attachment(name: String, type: String)
    }

    /// Where it was found.
    package let source: Source
    /// NFC; one row or block per line, cells separated by a tab, blanks as one, no empty lines,
    /// no invisible characters, nothing that a reader would not see. In the text of a page an empty
    /// cell keeps its place, at the ends of a line, too; of plain text and PDFs none is known.
    package let text: String

    /// What it was made of, where the mail does not surely say in which charset.
    let uncertain: UncertainText?

    /// A text that is normalised already.
    package init(source: Source, text: String) { self.init(source, text, uncertain: nil) }

    init(_ source: Source, _ text: String, uncertain: UncertainText?) {
        self.source = source
        self.text = text
        self.uncertain = uncertain
    }
}

/// A mail as rules see it.
package struct Message: Sendable {
    /// What was noticed while reading.
    package enum Note: String, Hashable, Sendable, CaseIterable {
        /// Zero-width characters or soft hyphens were taken out.
        case invisibleCharacters = "invisible_characters"
        /// Marks that turn the direction of writing were taken out.
        case bidirectionalControls = "bidirectional_controls"
        /// The bytes did not fit the charset that was named, or none was named.
        case charsetRepaired = "charset_repaired"
        /// Text that a reader would not see was left out.
        case hiddenText = "hidden_text"
        /// A rule of the page that was not understood may hide text that was read.
        case perhapsHiddenText = "perhaps_hidden_text"
        /// The mail breaks the rules of RFC 5322 or RFC 2045.
        case malformed
        /// Something attached may be a mail, and is of a kind that is not read.
        case attachedUnread = "attached_unread"
        /// Attached mails were left out at a limit.
        case mailsLeftOut = "mails_left_out"
        /// A PDF needs a password.
        case pdfEncrypted = "pdf_encrypted"
        /// A PDF is broken, or reading it costs too much.
        case pdfUnreadable = "pdf_unreadable"
        /// A PDF holds pictures of text only.
        case pdfWithoutText = "pdf_without_text"
        /// A limit was reached; the rest was left out.
        case truncated
        /// It answers another mail, by its header fields or its subject, and may quote that one.
        case answer
    }

    /// The addresses of all From fields, in order.
    package let from: [MailAddress]
    /// The addresses of all To fields, in order.
    package let to: [MailAddress]
    /// Whose mail it was before somebody who passed it on wrote himself into From: the only address
    /// of `X-Original-From` or `X-Original-Sender`. Anybody can write these fields.
    package let originalFrom: MailAddress?
    /// How many From fields there are; anything but one is a trick or a fault.
    package let fromFieldCount: Int
    /// Decoded, as one line.
    package let subject: String
    /// The sender's Date field, which he can choose; nil when unreadable.
    package let date: Date?
    /// As it stands there, angle brackets included. A stranger can choose it.
    package let messageID: String?
    /// Plain and HTML bodies and text-like attachments, in the order of the mail; the text of PDFs
    /// behind them, once they were read.
    package let bodies: [BodyText]
    /// What came along, in the order of the mail: everything that is not simply the mail's text.
    package let attachments: [Attachment]
    /// Attached PDFs that were not read yet.
    package let pdfs: [PDFAttachment]
    /// Mails attached to this one (`message/rfc822`).
    package let inner: [Message]
    /// The untouched bytes of each mail of `inner`, in step with it: what a signature is checked
    /// on.
    package let innerRaw: [[UInt8]]
    /// Attached mails that were not read, at any depth.
    package let leftOut: [LeftOut]
    /// What was noticed; empty for a clean mail.
    package let notes: Set<Note>

    /// A mail as it is given; tests of other rooms make their own.
    package init(
        from: [MailAddress], originalFrom: MailAddress? = nil, to: [MailAddress] = [],
        fromFieldCount: Int = 1, subject: String, date: Date? = nil, messageID: String? = nil,
        bodies: [BodyText] = [],
        attachments: [Attachment] = [], pdfs: [PDFAttachment] = [], inner: [Message] = [],
        innerRaw: [[UInt8]] = [], leftOut: [LeftOut] = [], notes: Set<Note> = []
    ) {
        self.from = from
        self.originalFrom = originalFrom
        self.to = to
        self.fromFieldCount = fromFieldCount
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.bodies = bodies
        self.attachments = attachments
        self.pdfs = pdfs
        self.inner = inner
        self.innerRaw = innerRaw
        self.leftOut = leftOut
        self.notes = notes
    }

    /// The same mail as the one whose it was before; nil when it says of nobody, or of its sender.
    package var asOriginal: Message? {
        guard let originalFrom, originalFrom != from.first else { return nil }
        return Message(
            from: [originalFrom], to: to, fromFieldCount: fromFieldCount, subject: subject,
            date: date, messageID: messageID, bodies: bodies, attachments: attachments, pdfs: pdfs,
            inner: inner, innerRaw: innerRaw, leftOut: leftOut, notes: notes)
    }
}
