// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import FoundationEssentials

/// By what a mail is known again that came a second way, where no signature says that both are
/// one: whoever passes a mail on may add fields, a banner or a word in front of the subject.
///
/// Anybody can write these fields: they count only of mails that were proven to be the sender's.
package struct CopyMarks: Hashable, Sendable {
    /// 32 bytes of what the mail says: From, To, Subject, Date, Message-ID and all that rules read.
    /// Two mails with it are one. Nil when the mail does not name itself, or was not read whole.
    package let content: [UInt8]?
    /// 32 bytes of Message-ID and Date. Two mails with it are perhaps one. Of a mail without a
    /// Message-ID what it says counts too: a bank writes to several payers in one second. Nil
    /// without either.
    package let letter: [UInt8]?
    /// `Authentication.signedContent`. Two mails with it are perhaps one: a copy that was given
    /// another name, or two notices of two payments.
    package var signed: [UInt8]?

    /// Marks as they are given; tests of other rooms make their own.
    package init(content: [UInt8]?, letter: [UInt8]?, signed: [UInt8]? = nil) {
        self.content = content
        self.letter = letter
        self.signed = signed
    }

    /// - Parameters:
    ///   - message: before its PDFs were read: they count by their bytes.
    ///   - raw: the mail that it was parsed from.
    package init(_ message: Message, _ raw: [UInt8]) {
        let letter = LetterName(raw, HeaderBlock(raw, limits: .standard))
        let (messageID, date) = (letter.messageID, message.date.map(Self.seconds))
        guard messageID != nil || date != nil else {
            self.init(content: nil, letter: nil)
            return
        }
        let name = [messageID ?? "", date ?? ""]
        let said = Self.content(of: message)
        let isWhole = messageID != nil && date != nil && !message.notes.contains(.truncated)
        self.init(
            content: isWhole ? Self.digest("content", name, said) : nil,
            letter: Self.digest("letter", name, messageID == nil ? said : []))
    }

    private static func seconds(_ date: Date) -> String {
        String(Int64(date.timeIntervalSince1970))
    }

    /// Texts, then digests of what has no text yet.
    private static func content(of message: Message) -> [[UInt8]] {
        var texts = message.from.map(\.address) + ["to"] + message.to.map(\.address)
        texts += ["subject", message.subject]
        for body in message.bodies { texts += ["\(body.source)", body.text] }
        for other in message.attachments {
            texts += [other.name, other.type, String(other.sizeBytes)]
        }
        return texts.map { Array($0.utf8) } + message.pdfs.map { Digest.sha256($0.bytes) }
            + message.innerRaw.map { Digest.sha256($0) }
    }

    /// Each piece behind its length, so that no two lists of pieces are one.
    private static func digest(
        _ kind: String, _ name: [String], _ content: [[UInt8]]
    ) -> [UInt8] {
        var hasher = Digest.SHA256Hasher()
        for piece in ([kind] + name).map({ Array($0.utf8) }) + content {
            hasher.update(Array("\(piece.count):".utf8))
            hasher.update(piece)
        }
        return hasher.finish()
    }
}
