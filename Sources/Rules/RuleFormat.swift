// SPDX-License-Identifier: Apache-2.0

/// The format of rule files as one table: the parser takes its keys from here, and the JSON Schema
/// and the reference are printed from it.
enum RuleFormat {
    /// The keys of one mapping.
    struct Section: Sendable {
        /// As messages call it: `a variant`.
        let name: Wording
        let keys: [Key]
        /// What to say about keys that belong somewhere else.
        var misplaced: [String: Wording] = [:]

        init(
            _ english: String, _ turkish: String, _ keys: [Key], misplaced: [String: Wording] = [:]
        ) {
            name = Wording(english, turkish)
            self.keys = keys
            self.misplaced = misplaced
        }

        var names: [String] { keys.map(\.name) }
    }

    struct Key: Sendable {
        let name: String
        let shape: Shape
        let isRequired: Bool
        /// For the schema and the reference; one English sentence.
        let meaning: String

        init(_ name: String, _ shape: Shape, required: Bool = false, _ meaning: String) {
            self.name = name
            self.shape = shape
            isRequired = required
            self.meaning = meaning
        }
    }

    /// What may stand at a key.
    indirect enum Shape: Sendable {
        /// What is compared with a mail: no curly quote stands at its ends.
        case text
        /// Any text, for people or instead of a mail.
        case prose
        /// Small letters, digits and hyphens.
        case identifier
        /// Small letters and underscores.
        case kind
        case flag
        case word([String])
        case number(ClosedRange<Int>)
        case address, domain, currency, date, day, zone, time, amount, pattern
        /// A path below the rules folder.
        case path
        /// Three signs or more.
        case literal
        /// One, or a list of one or more.
        case oneOrMore(Shape)
        /// A list with one entry at least.
        case list(Shape)
        case section(Section)
        case either(Shape, Shape)
        /// Keys of the author's choice.
        case named(Shape, Shape)
    }
}

// MARK: - Files

extension RuleFormat {
    /// A rule file of its own.
    static let file = Section(
        "a rule file", "bir kural dosyası",
        [
            Key("id", .identifier, required: true, "Name of the bank or provider; never reused."),
            Key(
                "bank", .text, required: true,
                "The bank's name. Strangers who call themselves so are shown to a person."),
            Key("title", .prose, "What the file is about, in a few words."),
            Key(
                "status", .word(RuleFile.Status.allCases.map(\.rawValue)), required: true,
                "A draft never approves anybody by itself: its mails always end with a person."),
        ] + common
            + [
                Key("senders", .section(senders), required: true, "Who may send these mails."),
                Key(
                    "variants", .list(.section(variant)), required: true,
                    "The kinds of notices, tried in this order."),
                Key(
                    "samples", .section(samples), required: true,
                    "Small mails that are run whenever the file is loaded."),
            ])

    /// A file that changes another one.
    static let fileExtending = Section(
        "a file that extends another", "başka bir dosyayı genişleten dosya",
        [
            Key(
                "extends", .identifier, required: true,
                "The id of the file that this one adds to. Its variants come first; one with the "
                    + "same id replaces the other."),
            Key("title", .prose, "What is changed, in a few words."),
            Key(
                "status", .word(RuleFile.Status.allCases.map(\.rawValue)),
                "Replaces the status of the other file."),
        ] + common
            + [
                Key("senders", .section(senders), "Senders besides those of the other file."),
                Key("variants", .list(.section(variant)), "Variants that are tried first."),
                Key("samples", .section(samples), "Samples besides those of the other file."),
            ],
        misplaced: [
            "id": Wording(
                "a file that extends another has no id of its own; drop id or extends",
                "başka bir dosyayı genişleten dosyanın kendi id'si olmaz; id ya da extends "
                    + "satırını silin")
        ])

    /// A file below `common/`.
    static let fragment = Section(
        "a shared fragment", "ortak bir parça",
        [
            Key(
                "fragment", .identifier, required: true,
                "Marks a file whose parts other files include.")
        ] + parts + [Key("references", .oneOrMore(.prose), "Where the wording comes from.")],
        misplaced: [
            "variants": Wording(
                "variants belong into a rule file; a fragment holds deny, money_in, look_alikes, "
                    + "labels, empty, account_owner",
                "variants bir kural dosyasına yazılır; ortak parçada deny, money_in, look_alikes, "
                    + "labels, empty ve account_owner bulunur")
        ])

    private static let parts: [Key] = [
        Key("deny", .oneOrMore(textTest), "Texts that no payment of this bank holds."),
        Key(
            "money_in", .oneOrMore(textTest),
            "Texts that say that money came in. No look-alike and no draft passes over a mail that "
                + "holds one: a person sees it."),
        Key(
            "look_alikes", .named(.kind, .oneOrMore(textTest)),
            "Short for variants that are no payment when one of the texts stands in the mail. What "
                + "stands under deny as well is no payment even where money_in holds."),
        Key("labels", .oneOrMore(.text), "Labels that fill nothing but end the value before them."),
        Key("empty", .oneOrMore(.text), "What is printed where nothing was written."),
        Key(
            "account_owner", .oneOrMore(.text),
            "Whose account it is: money that comes from there is no payment (own_transfer). In a "
                + "fragment it holds for all files."),
    ]

    private static let common: [Key] =
        [
            Key("since", .day, "The day from which the wording is known."),
            Key("references", .oneOrMore(.prose), "Where the wording comes from."),
            Key("names", .oneOrMore(.text), "Other names that only this bank uses."),
            Key(
                "include", .oneOrMore(.path),
                "Fragments whose parts are added to this file: common/turkish-look-alikes.yaml."),
            Key("authentication", .section(authentication), "Who must have signed the mail."),
            Key(
                "charset", .word(RuleFile.Charset.allCases.map(\.rawValue)),
                "How this sender's letters are written where the mail does not say, or says it "
                    + "wrongly: iso-8859-2. Left out: windows-1254."),
            Key(
                "never_sends", .oneOrMore(.word(Field.allCases.map(\.rawValue))),
                "Fields whose absence is no mistake."),
        ] + parts

    private static let senders = Section(
        "senders", "senders",
        [
            Key("addresses", .oneOrMore(.address), "Whole addresses."),
            Key("domains", .oneOrMore(.domain), "Domains with all that is below them."),
        ])

    static let sendersSection = senders

    static let authentication = Section(
        "authentication", "authentication",
        [
            Key(
                "domains", .oneOrMore(.domain), required: true,
                "The domains that sign. Left out, they are those of the senders."),
            Key(
                "require", .word(RuleFile.Proof.allCases.map(\.rawValue)),
                "signature: only a signature that is checked here counts. any (the default): the "
                    + "word of the organizer's own mail host counts as well."),
            Key(
                "forwarders", .oneOrMore(.domain),
                "The only forwarders whose sealed word counts for this bank. Left out: all that "
                    + "the configuration names."),
            Key(
                "rsa_bits_min", .number(RuleFile.rsaBits),
                "RSA keys of the bank that are shorter prove nothing. Left out: 1024."),
        ])
}

// MARK: - Variants

extension RuleFormat {
    static let textTest: Shape = .either(.literal, .section(patternSection))

    static let patternSection = Section(
        "a text to look for", "aranan metin",
        [Key("pattern", .pattern, required: true, "A pattern instead of a literal text.")])

    private static let conditionKeys: [Key] = [
        Key("all", .oneOrMore(textTest), "All of these must stand there."),
        Key("any", .oneOrMore(textTest), "One of these must stand there."),
        Key("none", .oneOrMore(textTest), "None of these may stand there."),
    ]

    static let subject = Section(
        "subject", "subject",
        conditionKeys + [
            Key("sentence", .oneOrMore(.pattern), "Patterns whose named groups fill fields.")
        ])

    static let frame = Section("frame", "frame", conditionKeys)

    static let direction = Section(
        "direction", "direction",
        [
            Key("in", .oneOrMore(textTest), "One of these says that money came in."),
            Key("out", .oneOrMore(textTest), "None of these may stand anywhere."),
        ])

    static let attachment = Section(
        "attachment", "attachment",
        [
            Key("name", .oneOrMore(.text), "File names; * stands for any signs, ? for one."),
            Key(
                "type", .word(AttachmentTest.Kind.allCases.map(\.rawValue)),
                "What the file is, by its type or the end of its name."),
        ])

    static let variant = Section(
        "a variant", "bir varyant",
        [
            Key("id", .identifier, required: true, "Name of this kind of notice."),
            Key(
                "outcome", .word(Variant.Outcome.allCases.map(\.rawValue)), required: true,
                "What such a mail is."),
            Key(
                "kind", .kind,
                "What it is instead of a payment: outgoing, card, fee, … "
                    + "Of a reversal, how much its words say went back: whole or part."),
            Key(
                "status", .word(RuleFile.Status.allCases.map(\.rawValue)),
                "When it differs from the status of the file."),
            Key(
                "sent_by", .oneOrMore(.address),
                "The only senders of such mails, of those of the file. Left out: all of them."),
            Key(
                "body", .word(Variant.Body.allCases.map(\.rawValue)),
                "Which text is read: any is plain and HTML, inner that of an attached mail."),
            Key("attachment", .section(attachment), "Read this attachment instead of the body."),
            Key(
                "subject", .either(.oneOrMore(textTest), .section(subject)),
                "What the subject holds; a list means all of these."),
            Key(
                "frame", .either(.oneOrMore(textTest), .section(frame)),
                "Sentences of the bank that every such mail holds; a list means all of these."),
            Key("direction", .section(direction), "With which words money comes in or goes out."),
            Key("deny", .oneOrMore(textTest), "Texts that win over all the others."),
            Key(
                "sentence", .oneOrMore(.pattern),
                "Patterns whose named groups fill fields: (?<amount>…)."),
            Key("fields", .section(fields), "How the fields are found and read."),
            Key(
                "labels", .oneOrMore(.text),
                "Labels that fill nothing but end the value before them."),
            Key(
                "labels_run_together", .flag,
                "Labels stand anywhere in a line instead of at its start or that of a cell."),
            Key("rows", .section(rows), "A table with a movement per row."),
        ])

    static let rows = Section(
        "rows", "rows",
        [
            Key(
                "columns", .section(columns),
                "The column of each field: its heading, or its number from 1."),
            Key(
                "cells", .number(TableRule.cells),
                "How many cells a row has, empty ones included, where all columns are numbers."),
            Key(
                "sentence", .oneOrMore(.pattern),
                "Instead of columns: a pattern that one line of the table fits."),
            Key(
                "signed", .flag,
                "An amount with a minus went out, one with a plus or without a sign came in."),
            Key("status", .section(rowStatus), "The words that say what became of a movement."),
            Key("skip", .oneOrMore(textTest), "Lines that are no movement: totals, balances."),
            Key("end", .oneOrMore(textTest), "Texts before which the table ends."),
        ])

    private static let columnShape: Shape = .either(
        .number(TableRule.cells), .oneOrMore(.text))

    static let columns = Section(
        "columns", "columns",
        Field.allCases.map {
            Key($0.rawValue, columnShape, "The column of \($0.rawValue).")
        } + [
            Key(
                "amount_out", columnShape,
                "The column of money that went out, where it has one of its own."),
            Key("time", columnShape, "The column of the hour, where the day stands elsewhere."),
            Key("status", columnShape, "The column of the words that status: names."),
        ])

    static let rowStatus = Section(
        "status", "status",
        TableRule.Status.allCases.map { Key($0.rawValue, .oneOrMore(.text), $0.meaning) })
}

// MARK: - Fields

extension RuleFormat {
    static let fields = Section(
        "fields", "fields",
        Field.allCases.map {
            Key($0.rawValue, .section(field($0)), $0.meaning)
        })

    /// Keys that every field has, and those of this one.
    static func field(_ field: Field) -> Section {
        var keys = [
            Key("label", .oneOrMore(.text), "What stands before the value."),
            Key(
                "place", .oneOrMore(.word(FieldRule.Place.allCases.map(\.rawValue))),
                "Where the value stands, seen from its label; a list is tried in order."),
            Key(
                "occurrence", .word(FieldRule.Occurrence.allCases.map(\.rawValue)),
                "Which label counts; left out, all of them must say the same."),
            Key("empty", .oneOrMore(.text), "What the bank prints when there is nothing."),
            Key("required", .flag, "Without it the mail is unclear."),
            Key(
                "controlled_by", .word(FieldRule.Author.allCases.map(\.rawValue)),
                "Who wrote the value. The payer's words can never fill another field."),
            Key("payer_controlled", .flag, "Older way to write controlled_by: payer."),
        ]
        for (owner, key) in owned where owner.contains(field) { keys.append(key) }
        var misplaced: [String: Wording] = [:]
        for (owner, key) in owned where !owner.contains(field) {
            let fields = owner.map(\.rawValue)
            misplaced[key.name] = Wording(
                "\(key.name) belongs to \(fields.joined(separator: " and ")) only; drop it",
                "\(key.name) yalnızca \(fields.joined(separator: " ve ")) için yazılır; silin")
        }
        return Section(
            "the field \(field.rawValue)", "\(field.rawValue) alanı", keys, misplaced: misplaced)
    }

    private static let owned: [([Field], Key)] = [
        (
            [.amount],
            Key(
                "style", .word(NumberStyle.allCases.map(\.rawValue)),
                "How numbers are written; left out, 1.250 is ambiguous and a person decides.")
        ),
        ([.amount], Key("currency", .currency, "Where the bank prints none.")),
        (
            [.occurredAt],
            Key("dates", .oneOrMore(.date), "How dates are written: dd.MM.yyyy HH:mm.")
        ),
        (
            [.occurredAt],
            Key("zone", .zone, "Where the clock stands: Europe/Istanbul (the default), +05:30.")
        ),
        (
            [.payer, .description, .senderIBAN, .receivingAccount],
            Key("mask", .text, "The signs that hide a part of the value, written together: *xX")
        ),
        (
            [.payer, .description],
            Key("cut", .number(5...200), "The bank cuts the value at this many signs.")
        ),
        (
            [.payer, .description],
            Key(
                "case", .word(FieldRule.LetterCase.allCases.map(\.rawValue)),
                "The letters the bank uses; a value in others is not the bank's.")
        ),
    ]
}
