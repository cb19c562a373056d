// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Mailbox
internal import Rules

/// A mail that a person names: `notice.eml`, `season.mbox#12`, or `-` for standard input.
struct MailArgument {
    let text: String

    /// Mails of one file that are taken at once.
    private static let mailsMax = 1000

    /// The one mail that is meant.
    func one(_ manner: Manner) throws -> SavedMail {
        let mails = try all(manner, atMost: 2)
        guard let mail = mails.first else {
            throw Failure(
                message: manner.pick("\(text): no mail is there", "\(text): burada e-posta yok"),
                code: .data)
        }
        guard mails.count == 1 else {
            throw Failure(
                message: manner.pick(
                    "\(text) holds several mails; name one of them: \(text)#1",
                    "\(text) içinde birden çok e-posta var; birini seçin: \(text)#1"), code: .data)
        }
        return mail
    }

    /// All mails of the file, or the one behind `#`.
    func all(_ manner: Manner, atMost limit: Int = mailsMax) throws -> [SavedMail] {
        var path = text
        var number: Int?
        if !FileManager.default.fileExists(atPath: text), let mark = text.lastIndex(of: "#"),
            let wanted = Int(text[text.index(after: mark)...]), wanted > 0
        {
            path = String(text[..<mark])
            number = wanted
        }
        var mails: [SavedMail] = []
        var count = 0
        do throws(MailboxError) {
            var mailbox = try SavedMailbox(path: path)
            while let mail = try mailbox.next() {
                count += 1
                guard number == nil || number == count else { continue }
                mails.append(mail)
                if number != nil || mails.count >= limit { return mails }
            }
        } catch {
            throw Failure(
                message: "\(path): \(manner.language.message(error.cause))"
                    + (error.hint.map { ". " + manner.language.message($0) } ?? ""),
                code: .data)
        }
        if let number {
            throw Failure(
                message: manner.pick(
                    "\(path) holds \(count.of("mail")); there is no number \(number)",
                    "\(path) içinde \(count) e-posta var; \(number) numaralısı yok"), code: .data)
        }
        return mails
    }
}

extension SavedMail {
    /// The mail with the text of its PDFs.
    func message(_ manner: Manner) throws -> Message {
        guard !isTruncated else {
            throw Failure(
                message: "\(label): "
                    + manner.pick(
                        "too large; the agent lays such a mail before a person unread",
                        "çok büyük; mutabik böyle bir iletiyi okumadan bir kişiye sorar"),
                code: .data)
        }
        do throws(MailError) {
            let message = try MessageParser.parse(raw)
            guard !message.pdfs.isEmpty else { return message }
            return message.reading(pdfsWith: PDFProgram.reader())
        } catch {
            throw Failure(
                message: "\(label): \(error.cause). "
                    + manner.pick(
                        "Give a mail as it was saved, with its headers",
                        "E-postayı başlıklarıyla, kaydedildiği gibi verin"), code: .data)
        }
    }
}

/// A mail from which rules take what they read, as the agent would.
struct ToldMail {
    let message: Message
    let way: MailReader.Way
    let received: Date
    let reading: Reading

    /// The mail itself, or those that a person passed on with it.
    static func all(in message: Message, _ book: RuleBook) -> [ToldMail] {
        let reader = MailReader(
            rules: book, authenticator: Authenticator(trustedAuthserv: nil),
            readPDF: PDFProgram.reader())
        let own = message.date
        return reader.told(by: message, receivedAt: own ?? Date()).map { mail, way in
            let mail = book.asRead(mail)
            let received = own ?? mail.date ?? Date(timeIntervalSince1970: 0)
            return ToldMail(
                message: mail, way: way, received: received,
                reading: book.read(mail, receivedAt: received))
        }
    }

    var isRead: Bool { reading.outcome != .unclear && reading.outcome != .unread }

    /// How it came, for a person; nil when that needs no word.
    func way(_ manner: Manner) -> String? {
        switch way {
        case .itself: nil
        case .attached:
            manner.pick(
                "A mail that came attached is read:", "Ekte gelen bir e-posta okunuyor:")
        case .rewritten:
            manner.pick(
                "A mail whose From was rewritten on the way is read; it always ends with a person:",
                "Göndereni yolda değiştirilmiş bir e-posta okunuyor; kararı her zaman bir kişi "
                    + "verir:")
        case .forwardedByHand:
            manner.pick(
                "A mail that was forwarded by hand is read; it always ends with a person:",
                "Elle iletilmiş bir e-posta okunuyor; kararı her zaman bir kişi verir:")
        }
    }
}
