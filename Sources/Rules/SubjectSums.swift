// SPDX-License-Identifier: Apache-2.0

import Domain

/// The sums that a subject names, against those that were read: where a bank says how much in two
/// places, both say the same. Currencies are left to the text, for a subject often bears none.
enum SubjectSums {
    /// Whether a sum of the subject is none of those of `notices`, nor all of them together. What
    /// the payers wrote is left out. A number that has several readings contradicts only when none
    /// of them fits.
    static func contradict(_ subject: FoldedText, _ notices: [PaymentNotice]) -> Bool {
        guard let currency = notices.first?.amount.currency else { return false }
        var told = Set(notices.map(\.amount.minorUnits))
        told.insert(notices.reduce(0) { $0 &+ $1.amount.minorUnits })
        var text = String(decoding: subject.bytes, as: UTF8.self)
        for words in notices.flatMap({ [$0.payer, $0.description] }).compactMap(\.self) {
            text.replace(words.turkishFolded(), with: "\u{1}")
        }
        let bytes = Array(text.utf8)
        return AmountPlaces.find(in: bytes).contains { place in
            let readings = Self.readings(of: bytes[place...], currency)
            return !readings.isEmpty && told.isDisjoint(with: readings)
        }
    }

    private static func readings(of text: ArraySlice<UInt8>, _ currency: Currency) -> [Int64] {
        var number = text.prefix { (48...57).contains($0) || $0 == 44 || $0 == 46 }
        while let last = number.last, last == 44 || last == 46 { number.removeLast() }
        let written = String(decoding: number, as: UTF8.self)
        return NumberStyle.allCases.compactMap { style in
            guard
                case .money(let money) = AmountText.read(written, style: style, currency: currency)
            else { return nil }
            return money.minorUnits
        }
    }
}
