// SPDX-License-Identifier: Apache-2.0

import Agent
import Domain
import FoundationEssentials
import Ledger
import Sandbox
import Statements

/// The statements of two banks that the organizer applies each evening for the day before. They
/// have no column for the payer, whose name stands among the words; and they show what came, also
/// where no mail did.
struct SeasonStatements {
    static let banks: [SampleBank.Bank] = [.garanti, .halkbank]

    /// The organizer's accounts, by `banks`; the notices print them short or whole.
    static let accounts = ["TR950006200001234000412567", "TR690001207000000007407402"]

    let season: Season
    let ledger: LedgerDatabase
    let desk: StatementDesk

    /// Which payment of the season a line shows.
    private(set) var numbers: [MailPlace: Int] = [:]
    /// Where the line of a payment is.
    private(set) var places: [Int: MailPlace] = [:]
    /// What became of lines: joined to a mail, taken for one that no mail told of, asked about.
    private(set) var counts = (joined: 0, new: 0, asked: 0)
    /// Lines that were joined to another payment's mail.
    private(set) var wrong: [String] = []

    init(season: Season, ledger: LedgerDatabase, pipeline: PaymentPipeline) {
        self.season = season
        self.ledger = ledger
        desk = StatementDesk(pipeline: pipeline)
    }

    /// Applies what both banks show of a day; of what they cannot place the organizer knows the
    /// truth.
    mutating func apply(_ day: BankDay, now: Date, mailPlace: (Int) -> MailPlace) throws {
        for (bank, account) in zip(Self.banks, Self.accounts) {
            let shown = season.payments.indices.filter {
                Self.shows(season.payments[$0], bank, day)
            }
            guard !shown.isEmpty else { continue }
            var statement = Statement(
                format: .csv, account: account, currency: .turkishLira, lines: [])
            for (index, number) in shown.enumerated() {
                let transfer = season.payments[number].transfer
                var line = StatementLine(
                    index: index + 1, row: index + 2, booked: day, amount: transfer.amount)
                line.description = ["GELEN FAST", transfer.payer, transfer.description]
                    .compactMap(\.self).joined(separator: " ")
                statement.lines.append(line)
            }
            let file = StatementDesk.File([statement], sha256: digest(bank, day))
            try apply(file, shown, now: now, mailPlace: mailPlace)
        }
    }

    private static func shows(_ payment: Payment, _ bank: SampleBank.Bank, _ day: BankDay) -> Bool {
        let transfer = payment.transfer
        return transfer.bank == bank && payment.variant == .genuine && !transfer.isToOtherAccount
            && transfer.amount.currency == .turkishLira && BankDay(of: transfer.occurredAt) == day
    }

    private func digest(_ bank: SampleBank.Bank, _ day: BankDay) -> [UInt8] {
        let name = Array("\(bank.rawValue) \(day)".utf8)
        return name + [UInt8](repeating: 0, count: 32 - name.count)
    }

    private mutating func apply(
        _ file: StatementDesk.File, _ shown: [Int], now: Date, mailPlace: (Int) -> MailPlace
    ) throws {
        let told = try ledger.read { try desk.compare(file, in: $0) }
        let folder = file.sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var file = file
        for (item, number) in zip(told.items, shown) {
            let place = MailPlace(
                account: StatementDesk.account, folder: folder, uidvalidity: 1,
                uid: UInt32(item.number))
            numbers[place] = number
            places[number] = place
            let own = try ledger.read { try payment(at: mailPlace(number), in: $0) }
            switch item.finding {
            case .both(let joined):
                counts.joined += 1
                guard joined != own else { continue }
                let other = try ledger.read { books in
                    try numberOfMail(joined, mailPlaces: mailPlace, in: books)
                }
                if !isAlike(number, other) { wrong.append("\(number) joined to \(joined)") }
            case .bankOnly: counts.new += 1
            case .uncertain:
                counts.asked += 1
                file.choices.append(
                    own.map { .same(line: item.number, payment: $0) } ?? .new(line: item.number))
            case .known, .repeated: break
            }
        }
        _ = try desk.apply(file, by: "evening", now: now, in: ledger)
    }

    private func payment(at place: MailPlace, in books: LedgerTransaction) throws -> PaymentID? {
        guard let mail = try books.mail(at: place) else { return nil }
        let payment = try books.payments(of: mail.id).first
        return payment?.sameAs ?? payment?.id
    }

    private func numberOfMail(
        _ payment: PaymentID, mailPlaces: (Int) -> MailPlace, in books: LedgerTransaction
    ) throws -> Int? {
        try season.payments.indices.first {
            try self.payment(at: mailPlaces($0), in: books) == payment
        }
    }

    /// Two transfers that say the same, of which either may be either's.
    private func isAlike(_ one: Int, _ other: Int?) -> Bool {
        guard let other else { return false }
        let (left, right) = (season.payments[one].transfer, season.payments[other].transfer)
        return left.payer == right.payer && left.amount == right.amount
            && left.description == right.description && left.bank == right.bank
    }
}
