// SPDX-License-Identifier: Apache-2.0

import Domain

/// Reads an amount in Turkish words: `Yalnız BİNİKİYÜZELLİ TL`, `#BinikiyüzelliTürklirası#`.
enum AmountWords {
    /// `dokuzyüzdoksandokuzmilyar…` with kuruş has some 120 letters.
    private static let lettersMax = 300

    private static let units: [(word: [UInt8], value: Int64)] = [
        ("sifir", 0), ("bir", 1), ("iki", 2), ("uc", 3), ("dort", 4), ("bes", 5), ("alti", 6),
        ("yedi", 7), ("sekiz", 8), ("dokuz", 9), ("on", 10), ("yirmi", 20), ("otuz", 30),
        ("kirk", 40), ("elli", 50), ("altmis", 60), ("yetmis", 70), ("seksen", 80),
        ("doksan", 90), ("yuz", 100), ("bin", 1_000), ("milyon", 1_000_000),
        ("milyar", 1_000_000_000),
    ].map { (Array($0.0.utf8), $0.1) }.sorted { $0.0.count > $1.0.count }

    /// Words around the number that say nothing, and those that end the lira or the kuruş.
    private static let idle = ["yalniz", "yalnizca", "dir"].map { Array($0.utf8) }
    private static let lira = ["turklirasi", "turklira", "lirasi", "lira", "try", "tl"].map {
        Array($0.utf8)
    }
    private static let kurus = ["kurus", "krs", "kr"].map { Array($0.utf8) }

    /// Minor units, or nil when it is no number in words.
    static func minorUnits(_ text: String) -> Int64? {
        let letters = text.turkishFolded().utf8.filter { (97...122).contains($0) }
        guard !letters.isEmpty, letters.count <= lettersMax else { return nil }
        var rest = letters[...]
        var lira: Int64?
        var kurus: Int64?
        var number = Number()
        while !rest.isEmpty {
            // `altmış` begins like `altı`: the longest word is tried first.
            if let unit = units.first(where: { rest.starts(with: $0.word) }) {
                rest = rest.dropFirst(unit.word.count)
                guard number.take(unit.value) else { return nil }
            } else if let word = Self.lira.first(where: { rest.starts(with: $0) }) {
                rest = rest.dropFirst(word.count)
                guard lira == nil, kurus == nil, let value = number.finished() else { return nil }
                lira = value
                number = Number()
            } else if let word = Self.kurus.first(where: { rest.starts(with: $0) }) {
                rest = rest.dropFirst(word.count)
                guard kurus == nil, let value = number.finished(), value < 100 else { return nil }
                kurus = value
                number = Number()
            } else if let word = idle.first(where: { rest.starts(with: $0) }) {
                rest = rest.dropFirst(word.count)
            } else {
                return nil
            }
        }
        if !number.isEmpty {
            guard lira == nil, kurus == nil else { return nil }
            lira = number.finished()
        }
        guard lira != nil || kurus != nil else { return nil }
        return (lira ?? 0) * 100 + (kurus ?? 0)
    }

    /// Adds up number words in their order: hundreds, tens, ones, then the thousands they count.
    private struct Number {
        private var total: Int64 = 0
        private var group: Int64 = 0
        private var lastScale: Int64 = .max
        private var smallest: Int64 = .max
        private(set) var isEmpty = true

        /// False when the word cannot stand here: `elli yüz`, `bin milyon`.
        mutating func take(_ value: Int64) -> Bool {
            isEmpty = false
            switch value {
            case 1_000...:
                guard value < lastScale, group > 0 || value == 1_000 else { return false }
                total += max(1, group) * value
                (group, smallest, lastScale) = (0, .max, value)
            case 100:
                guard group < 10, smallest > 100 || group > 0, smallest != 100 else {
                    return false
                }
                group = max(1, group) * 100
                smallest = 100
            default:
                let rank: Int64 = value >= 10 ? 10 : 1
                guard smallest > rank || group == 0 else { return false }
                group += value
                smallest = rank
            }
            return true
        }

        func finished() -> Int64? { isEmpty ? nil : total + group }
    }
}
