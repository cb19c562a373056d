// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Rules

/// Why variants did or did not take a mail, in sentences for a person.
struct ExplanationText {
    let manner: Manner

    func part(_ part: VariantExplanation.Part) -> String {
        switch part {
        case .plain: manner.pick("plain text", "düz metin")
        case .html: manner.pick("HTML text", "HTML metni")
        case .inner: manner.pick("attached mail", "ekteki e-posta")
        case .nothing: manner.pick("no body", "gövde yok")
        case .attachment(let name): manner.pick("attachment ", "ek ") + name
        }
    }

    func verdict(_ verdict: VariantExplanation.Verdict) -> String {
        switch verdict {
        case .fits: manner.painted(manner.pick("fits", "uyuyor"), .green)
        case .nearly: manner.painted(manner.pick("nearly fits", "neredeyse uyuyor"), .yellow)
        case .unclear:
            manner.painted(
                manner.pick("can be read in two ways", "iki türlü okunabiliyor"), .yellow)
        case .no: manner.painted(manner.pick("does not fit", "uymuyor"), .dim)
        }
    }

    func outcome(_ reading: Reading) -> String {
        let colour: Terminal.Colour =
            switch reading.outcome {
            case .payment: .green
            case .notAPayment, .unread: .dim
            default: .yellow
            }
        let kind = reading.notAPaymentKind.map { " (\($0))" } ?? ""
        return manner.painted(reading.outcome.rawValue + kind, colour)
    }

    /// `2026-11-22 14:05:33` by the clocks of Istanbul.
    static func local(_ date: Date) -> String {
        let shifted = date.addingTimeInterval(Double(Timestamp.istanbul))
        return Timestamp.text(shifted).replacing("T", with: " ").replacing("Z", with: "")
    }

    /// The values of a payment on one line each.
    func notice(_ notice: PaymentNotice) -> [(Field, String)] {
        var rows: [(Field, String)] = [(.amount, notice.amount.description)]
        if let payer = notice.payer { rows.append((.payer, payer)) }
        if let text = notice.description { rows.append((.description, text)) }
        let from = notice.timeFrom == .body ? "" : manner.pick(" (arrival)", " (geliş zamanı)")
        let time = notice.dayOnly ?? Self.local(notice.occurredAt)
        rows.append((.occurredAt, time + from))
        if let id = notice.transactionID { rows.append((.transactionID, id)) }
        if let iban = notice.senderIBAN { rows.append((.senderIBAN, iban)) }
        if let account = notice.receivingAccount { rows.append((.receivingAccount, account)) }
        return rows
    }
}
