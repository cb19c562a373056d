// SPDX-License-Identifier: Apache-2.0

package import Domain

/// How a bank's CSV is to be read; written by people as a YAML file.
package struct StatementMapping: Hashable, Sendable {
    /// What a column holds.
    package enum Column: String, Sendable, CaseIterable {
        /// The day of booking, perhaps with the time.
        case date
        case time
        case value
        /// Signed, or with `direction` beside it.
        case amount
        /// Money in and money out in columns of their own.
        case credit
        case debit
        case direction
        case balance
        case payer
        case payerIBAN = "payer_iban"
        case description
        case reference
        case currency
    }

    package var name: String
    /// Nobody has read a real file with it yet.
    package var isDraft = false
    /// Nil: the sign that divides the headings, of `;`, `,` and tab.
    package var delimiter: Character?
    /// One of `StatementText.charsets`; nil: UTF-8 if it is, else windows-1254.
    package var charset: String?
    /// The headings as the bank writes them, by what stands below.
    package var columns: [Column: String] = [:]
    package var numbers = NumberStyle.turkish
    package var dates: [DayPattern] = []
    /// Of the account; where a column says another one, that line is refused.
    package var currency = Currency.turkishLira
    /// Of the account, when the file does not say.
    package var account: IBAN?
    /// The words in the column `direction`.
    package var incoming: [String] = []
    package var outgoing: [String] = []
    /// Rows that begin with one of these end the table.
    package var footer: [String] = []
    /// Tried in their order.
    package var descriptions: [DescriptionForm] = []

    package init(name: String) { self.name = name }

    /// What is missing before a CSV can be read; nil when all is there.
    package var gap: String? {
        if columns.isEmpty { return "it has no columns: it only takes descriptions apart" }
        if columns[.date] == nil { return "columns lacks date" }
        if dates.isEmpty { return "dates lacks a pattern such as dd.MM.yyyy" }
        let hasBoth = columns[.credit] != nil && columns[.debit] != nil
        guard (columns[.amount] != nil) != hasBoth else {
            return "columns needs amount, or credit and debit"
        }
        if columns[.direction] != nil, incoming.isEmpty || outgoing.isEmpty {
            return "direction needs incoming and outgoing words"
        }
        return nil
    }

    /// The names of charsets that can be written in a mapping.
    package static var charsets: [String] { StatementText.charsets }
}
