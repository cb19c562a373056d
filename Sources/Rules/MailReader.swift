// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail

/// Reads all bodies of a mail with one rule file and makes one reading of the results.
struct MailReader {
    /// Larger than any bank notice; a text beyond it is not searched but shown to a person.
    static let textBytesMax = 512 * 1024
    /// Clocks of banks and mail hosts differ by minutes.
    private static let futureSecondsMax = 600.0
    /// A notice that is older than this was held back or sent again.
    private static let ageSecondsMax = 10 * 86_400.0

    let file: RuleFile
    let message: Message
    let receivedAt: Date
    let subject: FoldedText
    let bodies: [(source: Variant.Body, text: FoldedText)]

    /// Folds every text once. Nil when the texts are too long to be searched.
    static func texts(
        of message: Message
    ) -> (subject: FoldedText, bodies: [(source: Variant.Body, text: FoldedText)])? {
        var size = message.subject.utf8.count
        var bodies: [(source: Variant.Body, text: FoldedText)] = []
        for body in message.bodies {
            let source: Variant.Body
            switch body.source {
            case .plain: source = .plain
            case .html: source = .html
            case .attachment: continue
            }
            size += body.text.utf8.count
            guard size <= textBytesMax else { return nil }
            bodies.append((source, FoldedText(body.text)))
        }
        guard size <= textBytesMax else { return nil }
        if bodies.isEmpty { bodies.append((.any, FoldedText(""))) }
        return (FoldedText(message.subject), bodies)
    }

    /// Nil when no variant of the file fits or nearly fits.
    func read() -> Reading? {
        let arrival = message.date ?? receivedAt
        var fit: (variant: Variant, notice: PaymentNotice?)?
        var incomplete: (Variant, String)?
        for body in bodies {
            let reader = BodyReader(
                file: file, subject: subject, body: body.text, source: body.source, arrival: arrival
            )
            switch reader.read() {
            case .nothing: break
            case .unclear(let variant, let why): return unclear(variant, "frame fits, " + why)
            case .incomplete(let variant, let why): incomplete = incomplete ?? (variant, why)
            case .fits(let variant, let notice):
                guard let first = fit else {
                    fit = (variant, notice)
                    continue
                }
                guard let merged = Self.merge(first, (variant, notice)) else {
                    return unclear(first.variant, "text and HTML say different things")
                }
                fit = merged
            }
        }
        if let fit {
            if let incomplete, !fit.variant.outcome.isMoneyIn {
                return unclear(incomplete.0, "frame fits, " + incomplete.1)
            }
            return reading(fit.variant, fit.notice)
        }
        return incomplete.map { unclear($0.0, "frame fits, " + $0.1) }
    }

    private func unclear(_ variant: Variant, _ why: String) -> Reading {
        let rule = file.ruleID(variant)
        return Reading(
            outcome: .unclear, rule: rule, isDraft: file.status == .draft,
            domains: file.authentication, reasons: [.mailUnclear], explanation: "\(rule): \(why)")
    }

    private func reading(_ variant: Variant, _ notice: PaymentNotice?) -> Reading {
        if variant.outcome.isMoneyIn {
            // What was cut off may deny the payment; what was turned round may read differently.
            if message.notes.contains(.truncated) {
                return unclear(variant, "frame fits, the mail was cut at a limit")
            }
            if message.notes.contains(.bidirectionalControls) {
                return unclear(variant, "frame fits, marks in the text turn its direction")
            }
        }
        let rule = file.ruleID(variant)
        var reasons: [Reason] = []
        var notes: [String] = []
        if file.status == .draft {
            reasons.append(.ruleIsDraft)
            notes.append("the rule is a draft")
        }
        switch variant.outcome {
        case .payment: break
        case .reversal: reasons.append(.reversalNeedsPerson)
        case .paymentWithoutDetails: reasons.append(.detailsMissing)
        case .unclear: reasons.append(.mailUnclear)
        case .notAPayment: break
        }
        if let notice, isSuspicious(notice.occurredAt) {
            reasons.append(.timeSuspicious)
            notes.append("the time is suspicious")
        }
        let what =
            variant.kind.map { "\(variant.outcome.rawValue) (\($0))" }
            ?? variant.outcome.rawValue
        return Reading(
            outcome: variant.outcome.mail, rule: rule, isDraft: file.status == .draft,
            notAPaymentKind: variant.kind, notices: notice.map { [$0] } ?? [],
            domains: file.authentication, reasons: reasons,
            explanation: (["\(rule): \(what)"] + notes).joined(separator: ", "))
    }

    private func isSuspicious(_ date: Date) -> Bool {
        let later = date.timeIntervalSince(receivedAt)
        return later > Self.futureSecondsMax || later < -Self.ageSecondsMax
    }

    /// What two bodies say together, or nil when they differ.
    private static func merge(
        _ one: (variant: Variant, notice: PaymentNotice?),
        _ two: (variant: Variant, notice: PaymentNotice?)
    ) -> (variant: Variant, notice: PaymentNotice?)? {
        guard one.variant.outcome == two.variant.outcome else { return nil }
        guard var notice = one.notice, let other = two.notice else {
            return one.notice == nil ? two : one
        }
        guard notice.amount == other.amount,
            agree(notice.payer, other.payer), agree(notice.transactionID, other.transactionID),
            agree(notice.senderIBAN, other.senderIBAN),
            notice.timeFrom != other.timeFrom || notice.occurredAt == other.occurredAt
        else { return nil }
        if let words = notice.description, let others = other.description {
            // A plain text may be wrapped: then it holds only the beginning of the words.
            let (short, long) =
                words.utf8.count <= others.utf8.count ? (words, others) : (others, words)
            guard long.turkishFolded().hasPrefix(short.turkishFolded()) else { return nil }
            notice.description = long
        }
        notice.description = notice.description ?? other.description
        notice.payer = notice.payer ?? other.payer
        notice.transactionID = notice.transactionID ?? other.transactionID
        notice.senderIBAN = notice.senderIBAN ?? other.senderIBAN
        notice.receivingAccount = notice.receivingAccount ?? other.receivingAccount
        if notice.timeFrom == .arrival, other.timeFrom == .body {
            notice.occurredAt = other.occurredAt
            notice.timeFrom = .body
        }
        return (one.variant, notice)
    }

    private static func agree(_ one: String?, _ two: String?) -> Bool {
        guard let one, let two else { return true }
        return one.turkishFolded() == two.turkishFolded()
    }
}
