// SPDX-License-Identifier: Apache-2.0

/// Something that came with a mail besides its text, as the mail describes it.
package struct Attachment: Hashable, Sendable {
    /// What can be made of it.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Its text stands in `Message.bodies`.
        case text
        case html
        /// Its bytes stand in `Message.pdfs`; its text comes with `Message.reading(pdfsWith:)`.
        case pdf
        /// A mail: it stands in `Message.inner`.
        case mail
        /// A mail in a form that only other programs read: `.msg` of Outlook, `.eml.gz`.
        case closedMail = "closed_mail"
        /// All that Outlook made of a mail, in `winmail.dat`.
        case winmail
        /// A mail, or a part of one, that only its receiver's key opens.
        case encrypted
        /// A picture, an archive, a signature: listed, never opened.
        case other
    }

    /// The file name, decoded, as one line of at most 255 bytes; empty when it has none. The sender
    /// chose it: it may be a path or look like another one.
    package let name: String
    /// What the mail calls it, lower case, without parameters: `application/pdf`.
    package let type: String
    /// In bytes, decoded; reckoned from the encoded length of what is not opened.
    package let sizeBytes: Int
    /// Known from type and name.
    package let kind: Kind

    /// An attachment as it is given.
    package init(name: String, type: String, sizeBytes: Int, kind: Kind) {
        self.name = name
        self.type = type
        self.sizeBytes = sizeBytes
        self.kind = kind
    }
}

extension Attachment {
    /// What a leaf of the MIME tree holds.
    ///
    /// Banks send receipts as `application/octet-stream` too: then the name says what it is. A part
    /// that names a type of its own is believed, so that a picture called `x.html` stays a picture;
    /// but programs have many names for a mail saved as a file.
    static func kind(type: String, name: String) -> Kind {
        let name = name.asciiLowercased()
        if name.hasSuffix(".eml") { return .mail }
        if closedMails.contains(where: name.hasSuffix) { return .closedMail }
        if name == "winmail.dat" { return .winmail }
        switch type {
        case "application/vnd.ms-outlook": return .closedMail
        case "application/ms-tnef", "application/vnd.ms-tnef": return .winmail
        case "application/pgp-encrypted": return .encrypted
        case _ where isSigned(type: type, name: name): return .encrypted
        case "text/html", "application/xhtml+xml", "text/x-amp-html": return .html
        // Of whichever kind: a calendar may take back what the mail says (RFC 2046 §4.1.4).
        case _ where type.hasPrefix("text/"): return .text
        case "application/pdf", "application/x-pdf": return .pdf
        case "message/rfc822": return .mail
        case "application/octet-stream", "application/download", "application/force-download":
            if name.hasSuffix(".html") || name.hasSuffix(".htm") { return .html }
            if name.hasSuffix(".txt") || name.hasSuffix(".csv") { return .text }
            if name.hasSuffix(".pdf") { return .pdf }
            return .other
        default: return .other
        }
    }

    private static let closedMails = [
        ".msg", ".oft", ".emlx", ".pst", ".mbox", ".eml.gz", ".eml.zip", ".mbox.gz",
    ]

    /// Whether it is a CMS object around a text, which is signed, encrypted or both: only a look
    /// into it tells (RFC 8551 §3.2).
    static func isSigned(type: String, name: String) -> Bool {
        type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime"
            || name.asciiLowercased().hasSuffix(".p7m")
    }
}

extension Message {
    /// An attached mail that was not read, because a limit was reached.
    package struct LeftOut: Hashable, Sendable {
        /// Whom it says it is from, when that is one address.
        package let sender: MailAddress?
        /// It lies within too many others; else there are too many of them.
        package let isTooDeep: Bool

        /// One as it is given.
        package init(sender: MailAddress?, isTooDeep: Bool) {
            self.sender = sender
            self.isTooDeep = isTooDeep
        }
    }
}

/// The bytes of an attached PDF. Only a program of its own may open them.
package struct PDFAttachment: Hashable, Sendable {
    /// As in `Attachment`.
    package let name: String
    /// As in `Attachment`.
    package let type: String
    /// Decoded, whole.
    package let bytes: [UInt8]

    /// A PDF as it is given.
    package init(name: String, type: String, bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }
}

/// What could be had of a PDF.
package enum PDFText: Hashable, Sendable {
    /// UTF-8 in the order of reading: a line per line of the page, a tab between cells.
    /// `isCut`: pages or words were left out at a limit.
    case text([UInt8], isCut: Bool)
    /// It can only be read with a password.
    case encrypted
    /// Its pages are pictures.
    case withoutText
    /// It is broken, costs too much to read, or nothing is there to read it with.
    case unreadable
}

extension Message {
    /// The mail with the text of its PDFs among its bodies, or with notes that say why not.
    ///
    /// The text goes the way of all text: NFC, blanks as one, nothing invisible. Ligatures
    /// (`Vakıﬂar`) become letters, since a rule cannot know which font a bank uses.
    ///
    /// - Parameter read: reads one PDF; called once for each, in their order.
    package func reading(
        pdfsWith read: (PDFAttachment) -> PDFText, limits: MailLimits = .standard
    ) -> Message {
        var bodies = bodies
        var notes = notes
        for pdf in pdfs {
            switch read(pdf) {
            case .text(let bytes, let isCut):
                var normalizer = TextNormalizer()
                let text = normalizer.normalize(
                    Ligatures.spelledOut(bytes), bytesMax: limits.textBytesMax)
                notes.formUnion(normalizer.notes)
                if isCut { notes.insert(.truncated) }
                guard !text.isEmpty else {
                    notes.insert(.pdfWithoutText)
                    continue
                }
                bodies.append(
                    BodyText(source: .attachment(name: pdf.name, type: pdf.type), text: text))
            case .encrypted: notes.insert(.pdfEncrypted)
            case .withoutText: notes.insert(.pdfWithoutText)
            case .unreadable: notes.insert(.pdfUnreadable)
            }
        }
        return Message(
            from: from, originalFrom: originalFrom, to: to, fromFieldCount: fromFieldCount,
            subject: subject, date: date, messageID: messageID,
            bodies: bodies, attachments: attachments, inner: inner,
            innerRaw: innerRaw, leftOut: leftOut, notes: notes)
    }
}

/// Signs that a font draws in place of several letters, U+FB00–U+FB06.
///
/// Only these are taken apart: the whole of NFKC would also turn `½`, `²` and full-width digits
/// into others, which changes amounts.
enum Ligatures {
    private static let letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"].map { Array($0.utf8) }

    static func spelledOut(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0xEF) else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xAC,
                (0x80...0x86).contains(bytes[index + 2])
            {
                out += letters[Int(bytes[index + 2] - 0x80)]
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }
}
