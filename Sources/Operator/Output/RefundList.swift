// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import Ledger

/// Money that is due back, with what a bank needs to send it.
struct RefundRow {
    let due: RefundDue
    let payer: String?
    /// Where the money came from, if the bank's notice said so; else the organizer asks the payer.
    let iban: String?
    let reference: String?

    init(_ due: RefundDue, in books: LedgerTransaction) throws {
        self.due = due
        let payment = try books.payment(due.payment)
        payer = payment?.notice.payer
        iban = payment?.notice.senderIBAN.flatMap { IBAN($0)?.text }
        reference =
            try due.about.flatMap { try books.registration($0)?.reference.text }
            ?? payment?.reference?.text
    }

    var json: JSONLine {
        var line = JSONLine()
        line.put("payment", due.payment.number)
        line.put("about", due.about?.text)
        line.put("booking", due.booking)
        line.put("amount", due.amount)
        line.put("currency", due.amount.currency.code)
        line.put("payer", payer)
        line.put("iban", iban)
        line.put("reference", reference)
        return line
    }

    var cells: [String] {
        [
            due.payment.description, due.about?.text ?? "–", due.amount.description,
            payer?.shown ?? "–", iban ?? "–",
        ]
    }
}

/// The file for the bank: `payment,about,booking,iban,name,amount,currency,description`. With the
/// number of the booking a list is confirmed once: the same sum that is due again has another one.
///
/// A field that a table program would take for a formula (`=`, `+`, `-`, `@` first, also as wide
/// signs) is written with a blank before it: payers choose their names.
enum RefundList {
    static let columns = [
        "payment", "about", "booking", "iban", "name", "amount", "currency", "description",
    ]

    /// A row that was sent, and where to: empty where the file does not say.
    typealias Sent = (due: RefundDue, iban: String)

    static func text(_ rows: [RefundRow]) -> String {
        let lines = rows.map { row in
            [
                row.due.payment.description, row.due.about?.text ?? "",
                String(row.due.booking), row.iban ?? "",
                row.payer?.shown ?? "", row.due.amount.decimal, row.due.amount.currency.code,
                ["iade", row.reference].compactMap(\.self).joined(separator: " "),
            ]
        }
        return ([columns] + lines).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func field(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) {
            text = " " + text
        }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// The rows of a file that was written so, as they stand in it; also saved again by a table
    /// program in Turkey, with semicolons between the fields and `1.250,00` for the amount.
    static func read(_ text: String, path: String) throws(Failure) -> [Sent] {
        var reader = CSVReader(text)
        var rows: [Sent] = []
        var isHead = true
        while true {
            let fields: [CSVReader.Field]
            do throws(CSVError) {
                guard let next = try reader.next() else { break }
                fields = next
            } catch {
                throw Failure(
                    place: "\(path):\(error.line):\(error.column)", message: error.message,
                    code: .data)
            }
            if isHead {
                guard fields.map(\.text) == columns else {
                    throw Failure(place: path, message: "not a list of refunds", code: .data)
                }
                isHead = false
                continue
            }
            guard rows.count < rowsMax, fields.count == columns.count,
                let payment = Int64(fields[0].text), let booking = Int64(fields[2].text),
                let currency = Currency(fields[6].text),
                let amount = Money(decimal: TypedAmount.plain(fields[5].text), currency: currency)
            else {
                throw Failure(
                    place: "\(path):\(fields.first?.line ?? 0)", message: "not a row of refunds",
                    code: .data)
            }
            let about = fields[1].text.drop { $0 == " " }
            let due = RefundDue(
                payment: PaymentID(payment),
                about: about.isEmpty ? nil : RegistrationID(String(about)), amount: amount,
                booking: booking)
            rows.append((due, fields[3].text))
        }
        return rows
    }

    /// More refunds than any event has guests.
    private static let rowsMax = 100_000
}
