// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Matching
import Rules
import Testing

/// A saved mail below `rules/<bank>/samples` and what must come of it.
///
/// `p01.json` says it for `p01.html.eml`, `p01.text.eml` and every other dress of the same notice.
struct SampleMail: CustomTestStringConvertible, Sendable {
    /// What stands in the `.json` file. Keys that are left out are null.
    struct Expected: Codable, Equatable {
        struct Payment: Codable, Equatable {
            var amount: String
            var payer: String?
            var description: String?
            /// The code that the finder takes from the description.
            var reference: String?
            var occurredAt: String
            var timeFrom: String
            var transactionID: String?
            var senderIBAN: String?
            var receivingAccount: String?

            enum CodingKeys: String, CodingKey {
                case amount, payer, description, reference
                case occurredAt = "occurred_at"
                case timeFrom = "time_from"
                case transactionID = "transaction_id"
                case senderIBAN = "sender_iban"
                case receivingAccount = "receiving_account"
            }
        }

        var outcome: String
        var rule: String?
        var kind: String?
        var imitates: String?
        /// The rule is a draft: whatever is read ends with a person.
        var draft: Bool
        var payments: [Payment]
        /// What each movement is; only for mails that tell of several.
        var movements: [String]?
    }

    let bank: String
    /// `p01.html.eml`
    let name: String

    var testDescription: String { "\(bank)/\(name)" }

    private var folder: URL {
        ShippedRules.folder.appendingPathComponent("\(bank)/samples")
    }

    static let all: [SampleMail] = {
        let files = FileManager.default.enumerator(
            at: ShippedRules.folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "eml" }
            .map { file in
                let parts = file.pathComponents.suffix(3)
                return SampleMail(bank: parts.first ?? "", name: file.lastPathComponent)
            }.sorted { $0.testDescription < $1.testDescription }
    }()

    func raw() throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The mail; a PDF has the text that stands beside it as `p13.pdf.txt`, which is what the PDF
    /// reader makes of it.
    func message(_ raw: [UInt8]) throws -> Message {
        let file = folder.appendingPathComponent("\(stem).pdf.txt")
        let text = try? Data(contentsOf: file)
        return try MessageParser.parse(raw).reading { _ in
            text.map { .text(Array($0), isCut: false) } ?? .unreadable
        }
    }

    private var stem: Substring { name.prefix { $0 != "." } }

    func expected() throws -> Expected {
        let file = folder.appendingPathComponent("\(stem).json")
        return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
    }

    /// What the rules make of `message`, in the words of the `.json` file.
    static func actual(_ message: Message, book: RuleBook = ShippedRules.book) -> Expected {
        let reading = book.read(message, receivedAt: message.date ?? TestMail.arrival)
        return Expected(
            outcome: reading.outcome.rawValue,
            rule: reading.outcome == .unread ? nil : reading.rule?.text,
            kind: reading.notAPaymentKind, imitates: reading.imitates?.text,
            draft: reading.isDraft,
            payments: reading.notices.map(payment),
            movements: reading.movements.count > 1
                ? reading.movements.map(\.outcome.rawValue) : nil)
    }

    private static func payment(_ notice: PaymentNotice) -> Expected.Payment {
        let codes = ReferenceFinder.find(in: notice.description ?? "", prefixes: ["KT"])
        let exact = codes.compactMap { found -> String? in
            if case .exact(let code) = found { return code.text }
            return nil
        }
        return Expected.Payment(
            amount: "\(notice.amount.decimal) \(notice.amount.currency)", payer: notice.payer,
            description: notice.description, reference: exact.count == 1 ? exact[0] : nil,
            occurredAt: Timestamp.text(notice.occurredAt), timeFrom: notice.timeFrom.rawValue,
            transactionID: notice.transactionID, senderIBAN: notice.senderIBAN,
            receivingAccount: notice.receivingAccount)
    }
}
