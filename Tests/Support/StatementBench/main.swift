// SPDX-License-Identifier: Apache-2.0

import Agent
import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Matching
import Statements

/// `statement-bench LINES [DAYS]`: a statement of so many lines of one sum beside as many payments
/// of that sum that mails told of, all in so many days. Prints what comparing and applying take.
///
/// A tenth of the mails tell the bank's number, four tenths the code, four tenths the name alone;
/// of the last tenth half have a shortened name and half none at all.

let noon = Date(timeIntervalSince1970: 1_795_345_533)
let price = Money(minorUnits: 125_000, currency: .turkishLira)

func word(_ number: Int) -> String {
    var rest = number
    var letters: [Character] = []
    repeat {
        letters.append("aeiobdklmnrstvyz"[rest % 16])
        rest /= 16
    } while rest > 0
    return String(letters) + "an"
}

extension String {
    subscript(_ place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}

func code(_ number: Int) -> ReferenceCode? {
    var payload: [UInt8] = []
    var rest = number
    for _ in 0..<6 {
        payload.append(ReferenceCode.alphabet[rest % 23])
        rest /= 23
    }
    return ReferenceCode(prefix: "KT", payload: String(decoding: payload, as: UTF8.self))
}

struct Transfer {
    let number: Int
    let days: Int

    var day: Int { number % days }
    var at: Date { noon - 36_000 + Double(day) * 86_400 + Double(number / days % 36_000) }
    var payer: String { "\(word(number)) nur \(word(number / 7 + 11))" }
    var words: String { "etkinlik \(code(number)?.text ?? "")" }

    var line: StatementLine {
        var line = StatementLine(
            index: number + 1, row: number + 1, booked: BankDay(of: at), amount: price)
        line.counterparty = payer
        line.reference = "F\(number)"
        if (1...4).contains(number % 10) { line.description = words }
        return line
    }

    var notice: PaymentNotice {
        let kind = number % 10
        let short = "\(word(number)) \(word(number / 7 + 11))"
        return PaymentNotice(
            amount: price, payer: kind < 9 ? payer : number % 20 < 10 ? short : nil,
            description: (1...4).contains(kind) ? words : nil, occurredAt: at, timeFrom: .arrival,
            transactionID: kind == 0 ? "F\(number)" : nil)
    }
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let days = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 30
let transfers = (0..<count).map { Transfer(number: $0, days: days) }
let ledger = try LedgerDatabase.temporary(masterKey: .random())
try ledger.write { books in
    for transfer in transfers {
        let mail = try books.record(
            MailReading(outcome: .payment, trust: TrustVerdict(.verified)),
            at: MailPlace(
                account: "box", folder: "INBOX", uidvalidity: 1, uid: UInt32(transfer.number + 1)),
            sha256: [UInt8](repeating: 1, count: 32), raw: nil, sizeBytes: 0,
            receivedAt: transfer.at, now: transfer.at)
        let payment = try books.record(
            transfer.notice, of: mail, movement: 1, rule: RuleID("bank/transfer"),
            trust: .verified, verdict: Verdict(.review, reasons: [.noCode]), state: .review)
        try books.receive(payment, at: transfer.at)
        try books.openReview(
            of: .payment(payment), kind: "review", reasons: [.noCode], at: transfer.at)
    }
}
let statement = Statement(
    format: .csv, account: nil, currency: .turkishLira, lines: transfers.map(\.line))
let desk = StatementDesk(
    pipeline: PaymentPipeline(
        matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any))))
let digest = [UInt8](repeating: 2, count: 32)

func measure<Value>(_ what: String, _ body: () throws -> Value) rethrows -> Value {
    let clock = ContinuousClock()
    let start = clock.now
    let value = try body()
    print("\(what): \(clock.now - start)")
    return value
}

func tell(_ result: Reconciliation) {
    var counts: [String: Int] = [:]
    for item in result.items {
        switch item.finding {
        case .known, .repeated: counts["known", default: 0] += 1
        case .both: counts["both", default: 0] += 1
        case .uncertain: counts["uncertain", default: 0] += 1
        case .bankOnly: counts["bank only", default: 0] += 1
        }
    }
    print("  \(counts.sorted { $0.key < $1.key }), mail only \(result.mailOnly.count)")
}

let file = StatementDesk.File([statement], sha256: digest)
print("\(count) lines, \(count) payments, one sum, \(days) days")
tell(try measure("compare") { try ledger.read { try desk.compare(file, in: $0) } })
tell(try measure("apply") { try desk.apply(file, by: "bench", now: noon, in: ledger) })
tell(try measure("apply again") { try desk.apply(file, by: "bench", now: noon, in: ledger) })
