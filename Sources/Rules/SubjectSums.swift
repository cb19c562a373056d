// SPDX-License-Identifier: Apache-2.0

import Domain

/// The sums that a subject names, against those that were read: where a bank says how much in two
/// places, both say the same. Currencies are left to the text, for a subject often bears none.
enum SubjectSums {
    /// Whether a sum of the subject is none of those of `notices`, nor all of them together. What
    /// the payers wrote is left out. A number that has several readings contradicts only when none
    /// of them fits.
    static func contradict(_ subject: [UInt8], _ notices: [PaymentNotice]) -> Bool {
        guard let currency = notices.first?.amount.currency else { return false }
        var told = Set(notices.map(\.amount.minorUnits))
        told.insert(notices.reduce(0) { $0 &+ $1.amount.minorUnits })
        let words = notices.flatMap { [$0.payer, $0.description] }.compactMap(\.self)
        let places = words.flatMap { Self.places(of: Array($0.turkishFolded().utf8), in: subject) }
        return AmountPlaces.find(in: subject).contains { sum in
            guard !places.contains(where: { $0.contains(sum) }) else { return false }
            let readings = Self.readings(of: subject[sum...], currency)
            return !readings.isEmpty && told.isDisjoint(with: readings)
        }
    }

    /// Where `words` stand by themselves: a `2` is no part of `1.250,00`.
    private static func places(of words: [UInt8], in subject: [UInt8]) -> [Range<Int>] {
        guard !words.isEmpty, words.count <= subject.count else { return [] }
        func isInside(_ index: Int) -> Bool {
            guard subject.indices.contains(index) else { return false }
            let byte = subject[index]
            return byte >= 128 || (48...57).contains(byte) || (97...122).contains(byte)
                || byte == 44 || byte == 46
        }
        return (0...subject.count - words.count).compactMap { start in
            let end = start + words.count
            guard !isInside(start - 1), !isInside(end), subject[start..<end].elementsEqual(words)
            else { return nil }
            return start..<end
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
