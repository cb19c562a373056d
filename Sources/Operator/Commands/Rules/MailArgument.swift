// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Mail
internal import Mailbox

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
                message: "\(path): \(error.cause)" + (error.hint.map { ". \($0)" } ?? ""),
                code: .data)
        }
        if let number {
            throw Failure(
                message: manner.pick(
                    "\(path) holds \(count) mails; there is no number \(number)",
                    "\(path) içinde \(count) e-posta var; \(number) numaralısı yok"), code: .data)
        }
        return mails
    }
}

extension SavedMail {
    /// The mail as rules see it.
    func message(_ manner: Manner) throws -> Message {
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
