// SPDX-License-Identifier: Apache-2.0

import Domain

/// What is left of a code that the payer damaged beyond repair.
///
///     KT834JJ · kt-834j46 · 834JJ · T 834 J46
///
/// It tells for certain no guest, but whoever wrote it meant one: when it is nothing like the code
/// of the guest whose name the payer has, another may be meant. The same goes for any other word of
/// letters and digits, such as `2026bora`: it says nothing that could be known.
extension Evidence {
    /// Whether the remains of a code stand there that is not this guest's.
    ///
    /// - Parameter isPrefixed: whether only those count that have a prefix in use: what else is of
    ///   letters and digits may be a bank's number.
    func showsCodeOfAnother(than guest: Registration, isPrefixed: Bool = false) throws -> Bool {
        guard let description = notice.description else { return false }
        let text = ReferenceText(description, scalarsMax: ReferenceFinder.textScalarsMax)
        let prefixes = try lookup.referencePrefixes()
        let own = Array(guest.reference.text.utf8)
        let words = title(of: guest.event).union(guest.name?.fullWords ?? [])
            .subtracting(prefixes.map { $0.turkishFolded() })
        return CodeRemains.all(in: text, prefixes: prefixes).contains { signs in
            let isNear = [own, Array(own.dropFirst(ReferenceCode.prefixLength))].contains {
                CodeRemains.distance(signs, $0) <= slipsMax
            }
            return !isNear && !CodeRemains.isWords(signs, words)
                && (!isPrefixed
                    || prefixes.contains(String(decoding: signs.prefix(2), as: UTF8.self)))
        }
    }
}

/// What in a text may be left of codes, and how far that is from one.
enum CodeRemains {
    /// The words of letters and digits, and the parts of words that may be one.
    static func all(in text: ReferenceText, prefixes: Set<String>) -> [[UInt8]] {
        guard text.bytes.contains(where: { (48...57).contains($0) }) else { return [] }
        let pieces = text.pieces.prefix(piecesMax).map { Array(text.bytes[$0]) }
        var found = pieces.filter { lengths.contains($0.count) }
        for (prefix, rest) in zip(pieces, pieces.dropFirst())
        where prefixes.contains(String(decoding: prefix, as: UTF8.self)) {
            if lengths.contains(rest.count + 2), ReferenceRepair.isMixed(rest[...]) {
                found.append(prefix + rest)
            }
        }
        for window in text.windows(lengths: lengths).prefix(piecesMax) where window.count > 1 {
            let parts = window.map { text.bytes[text.pieces[$0]] }
            if parts.allSatisfy({ ReferenceRepair.isMixed($0) })
                || parts.allSatisfy({ $0.count == 1 })
            {
                found.append(text.signs(of: window))
            }
        }
        return found.filter { ReferenceRepair.isMixed($0[...]) }
    }

    /// `konser2026`, `22kasim`, `elif1990`: known words and numbers without blanks.
    static func isWords(_ signs: [UInt8], _ own: Set<String>) -> Bool {
        let letters = signs.split { (48...57).contains($0) }.map { part in
            String(decoding: part.map { $0 | 0x20 }, as: UTF8.self)
        }
        return letters.allSatisfy { word in
            word.utf8.count > 1
                && (own.contains(word) || word == "tr" || PaymentVocabulary.contains(word))
        }
    }

    /// How many signs have to be put in, taken out or changed.
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (place, sign) in one.enumerated() {
            var corner = row[0]
            row[0] = place + 1
            for (index, wanted) in other.enumerated() {
                let above = row[index + 1]
                row[index + 1] = min(above + 1, row[index] + 1, corner + (sign == wanted ? 0 : 1))
                corner = above
            }
        }
        return row[other.count]
    }
}

/// What a payer leaves of nine signs, or makes of them; shorter ones are rooms and seats, longer
/// ones numbers of banks.
private let lengths = 4...12
/// A third of the code; two codes by chance have less in common.
private let slipsMax = 3
/// A description of 140 signs has some twenty words.
private let piecesMax = 64
