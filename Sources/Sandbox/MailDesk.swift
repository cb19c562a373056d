// SPDX-License-Identifier: Apache-2.0

/// A mail server as far as guests' mails need it: it takes what a strict relay takes.
struct MailDesk: Sendable {
    struct Mail: Sendable {
        let from: String
        let to: String
        let id: String
        let subject: String
        /// The plain part.
        let text: String
        let acceptedAt: Moment
    }

    /// Above any load test; a mail is a few KB.
    static let mailsMax = 20_000
    /// What no mail may lack, or have twice (RFC 5322 §3.6; Message-ID is asked for by relays).
    private static let once = ["from", "to", "subject", "date", "message-id", "mime-version"]

    private(set) var mails: [Mail] = []
    private(set) var byAddress: [String: [Int]] = [:]

    /// The answer's body is the reply line behind its code.
    mutating func answer(_ place: Place, _ call: Call, at moment: Moment) -> Deed {
        let to = call.headers["to"] ?? ""
        guard place == .mailData else { return Deed(Self.reply(250, "2.1.5 OK"), subject: to) }
        guard mails.count < Self.mailsMax else {
            return Deed(Self.reply(452, "4.3.1 sandbox is full"), subject: to)
        }
        guard let read = ReadMail(call.body),
            Self.once.allSatisfy({ read.headers[$0]?.count == 1 })
        else { return Deed(Self.reply(554, "5.6.0 header fields missing or twice"), subject: to) }
        let from = call.headers["from"] ?? ""
        guard read.first("from").hasSuffix("<\(from)>") else {
            return Deed(Self.reply(550, "5.7.1 From is not the sender"), subject: to)
        }
        byAddress[to.lowercased(), default: []].append(mails.count)
        mails.append(
            Mail(
                from: from, to: to, id: read.first("message-id"),
                subject: ReadMail.decodedWords(read.first("subject")), text: read.text,
                acceptedAt: moment))
        return Deed(
            Self.reply(250, "2.0.0 Ok: queued as SB\(mails.count)"), subject: to, effect: "mail",
            text: mails.last.map { $0.subject + "\n" + $0.text })
    }

    static func reply(_ code: Int, _ text: String) -> Answer {
        Answer(status: code, body: text, contentType: "text/plain")
    }

    /// Mails that came once more under the same Message-ID, after an answer was lost.
    var copies: Int { mails.count - Set(mails.map(\.id)).count }
}
