// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger

extension PaymentsCommand {
    struct Refunds: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is due back, as a list for the bank; and that it was sent.",
            subcommands: [Due.self, Confirm.self], defaultSubcommand: Due.self)

        struct Due: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "list", abstract: "What is due back, by payment.",
                discussion: """
                    When the bank has sent the money of a list, say so with: mutabik payments \
                    refunds confirm FILE
                    """)

            @OptionGroup var options: ListOptions
            @Flag(help: "A file for the bank. Keep it: confirm reads it.") var csv = false

            func run() throws {
                let rows = try options.ledger().read { books in
                    try books.refundsDue().map { try RefundRow($0, in: books) }
                }
                if csv {
                    Terminal.write(RefundList.text(rows))
                    let count = rows.count { $0.iban == nil }
                    guard count > 0 else { return }
                    Terminal.error(
                        options.language.pick(
                            "Rows without an IBAN: \(count). The bank did not print it; ask the payer.",
                            "IBAN olmayan satır: \(count). Banka yazmamış; gönderene sorun."))
                } else if options.json {
                    for row in rows { Terminal.line(row.json.finished) }
                } else {
                    var table = Table(
                        options.language.headings(["PAYMENT", "ABOUT", "AMOUNT", "PAYER", "IBAN"]))
                    for row in rows { table.add(row.cells) }
                    Terminal.line(table.text)
                }
            }
        }

        struct Confirm: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "The bank has sent the money of this list: all rows, or none.",
                discussion: """
                    Rows that were not sent are taken out of the file first. A row that is not due \
                    any more, because it was confirmed or undone, refuses the whole file. A row without an \
                    IBAN counts as sent, and you are told of it.
                    """)

            @OptionGroup var options: DeskOptions
            @Argument(help: "The file of payments refunds --csv.") var file: String

            func run() throws {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw Failure(place: file, message: "cannot be read", code: .data)
                }
                let rows = try RefundList.read(String(decoding: data, as: UTF8.self), path: file)
                guard !rows.isEmpty else {
                    throw Failure(place: file, message: "no row to confirm", code: .data)
                }
                let decisions = try options.decide { books in
                    try rows.map {
                        try Closing.confirmRefund(
                            $0.due, by: options.actor, now: Date(), in: books)
                    }
                }
                let unaddressed = rows.filter { $0.iban.isEmpty }.map { $0.due.payment }
                if options.list.json {
                    var line = JSONLine()
                    line.put("confirmed", decisions.count)
                    line.put("decisions", decisions.map(\.number))
                    if !unaddressed.isEmpty {
                        line.put("without_iban", unaddressed.map(\.number))
                    }
                    Terminal.line(line.finished)
                } else {
                    Terminal.line(
                        options.list.language.pick(
                            "\(decisions.count) refunds booked.",
                            "\(decisions.count) iade deftere yazıldı."))
                }
                guard let first = unaddressed.first else { return }
                Terminal.error(
                    options.list.language.pick(
                        "Rows without an IBAN that count as sent: \(unaddressed.count), the first "
                            + "of payment \(first). If one was not: mutabik payments undo \(first)",
                        "IBAN'ı olmayan, gönderilmiş sayılan satır: \(unaddressed.count), ilki "
                            + "\(first) numaralı ödemenin. Gönderilmediyse: "
                            + "mutabik payments undo \(first)"))
            }
        }
    }
}
