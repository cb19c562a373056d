// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

struct RegistrationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registrations", abstract: "Who asked for a place, and how it stands.",
        subcommands: [Import.self, List.self, Cancel.self, Instructions.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds registrations from a CSV file: all of them, or none.",
            discussion: """
                Columns: id,event,name,email,phone,amount,currency,reference,registered_at. \
                An amount is written 1250.00, a time in ISO 8601. An empty reference is given one. \
                Rows that are there already with the same contents are left alone.
                """)

        @OptionGroup var options: ListOptions
        @Argument(help: "The CSV file.") var file: String

        func run() throws {
            let configuration = try Configuration.load(options.config.path)
            let entries = try RegistrationFile.load(
                file, prefixes: configuration.referencePrefixes, now: Date())
            let now = Date()
            let ahead = entries.filter { $0.isAhead(of: now) }
            let ledger = try options.ledger()
            let pipeline = configuration.pipeline
            let schedule = PaymentSchedule(
                terms: configuration.terms, channels: configuration.messages.channels)
            let (strange, result, matched, time) = try ledger.write { books in
                try RegistrationImport.expectEvents(
                    of: entries, path: file, in: configuration, books)
                let strange = try RegistrationImport.strangeCurrencies(of: entries, in: books)
                let result = try RegistrationImport.insert(
                    entries, path: file, ownAmounts: configuration.ownAmounts, now: Date(),
                    in: books)
                // Money may have come before its registration; who has paid is not told to.
                let matched = try pipeline.matchWaitingMoney(now: Date(), in: books)
                let time = try schedule.run(now: Date(), in: books)
                return (strange, result, matched, time)
            }
            if options.json {
                var line = JSONLine()
                line.put("inserted", result.inserted)
                line.put("unchanged", result.unchanged)
                line.put("matched_payments", matched)
                line.put("expired", time.expired)
                if !ahead.isEmpty { line.put("in_future", ahead.count) }
                if !strange.isEmpty { line.put("other_currency", strange.count) }
                Terminal.line(line.finished)
            } else {
                if let first = ahead.first {
                    Terminal.line(
                        options.language.pick(
                            "Warning: \(ahead.count) registered_at lie in the future, the first on "
                                + "line \(first.line): their time to pay begins then.",
                            "Uyarı: \(ahead.count) registered_at gelecekte, ilki \(first.line). "
                                + "satırda: ödeme süreleri o zaman başlar."))
                }
                if let first = strange.first {
                    let currency = first.registration.due.currency
                    Terminal.line(
                        options.language.pick(
                            "Warning: \(strange.count) rows are in a currency that their event "
                                + "did not have, the first on line \(first.line): \(currency).",
                            "Uyarı: \(strange.count) satır etkinliğinde olmayan bir para "
                                + "biriminde, ilki \(first.line). satırda: \(currency)."))
                }
                Terminal.line(
                    options.language.pick(
                        "\(result.inserted) added, \(result.unchanged) were there already.",
                        "\(result.inserted) kayıt eklendi, \(result.unchanged) kayıt zaten vardı."))
                if matched > 0 {
                    Terminal.line(
                        options.language.pick(
                            "\(matched.of("payment")) that had come before: matched.",
                            "Daha önce gelen \(matched) ödeme eşleştirildi."))
                }
                if time.expired > 0 {
                    Terminal.line(
                        options.language.pick(
                            "\(time.expired) earlier registrations ended: their time to pay is over.",
                            "Ödeme süresi dolan \(time.expired) eski kayıt kapandı."))
                }
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every registration.")

        @OptionGroup var options: ListOptions

        func run() throws {
            try options.list(
                ["ID", "EVENT", "NAME", "DUE", "PAID", "REFERENCE", "STATE"],
                page: { (books, last: Registration?, count) in
                    try books.registrations(after: last?.id, limit: count)
                },
                object: { registration in
                    var line = JSONLine()
                    line.put("id", registration.id.text)
                    line.put("event", registration.event.text)
                    line.put("name", registration.name?.text)
                    line.put("email", registration.email)
                    line.put("phone", registration.phone?.digits)
                    line.put("amount", registration.due)
                    line.put("currency", registration.due.currency.code)
                    line.put("own_minor", registration.ownMinorUnits)
                    line.put("paid", registration.paid)
                    line.put("reference", registration.reference.text)
                    line.put("state", registration.state.rawValue)
                    line.put("registered_at", registration.registeredAt)
                    return line
                },
                cells: { registration in
                    [
                        registration.id.text, registration.event.text,
                        registration.name?.text ?? "–", registration.due.description,
                        registration.paid.description, registration.reference.text,
                        options.language.word(registration.state),
                    ]
                })
        }
    }
}
