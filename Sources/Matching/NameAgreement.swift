// SPDX-License-Identifier: Apache-2.0

package import Domain

/// How far the payer's name, as the bank prints it, fits the name of a registration.
///
/// Titles, case, Turkish letters and punctuation are gone before this point (`PersonName.words`).
package enum NameAgreement: Int, Sendable, Comparable, CaseIterable {
    /// At least two words on both sides, and they cannot be one person's.
    case differs
    /// One side has no name.
    case unknown
    /// Nothing speaks against it, and too little is there to speak for it: stars (`E*** K***`), an
    /// initial for the surname (`Elif K.`), a single word.
    case masked
    /// First and last word fit; a middle name is missing or an initial, the order is another, the
    /// bank cut the end off, or it is one holder of a joint account. Strong, and no proof.
    case agrees
    /// All words, in their order, at least two.
    case equal

    package static func < (left: NameAgreement, right: NameAgreement) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Names of more words are lists or sentences; comparing stays cheap for any input.
    private static let wordsMax = 12
    /// Where banks cut names off (İş Bankası 50; FAST from abroad 35 and 70; the others seen).
    private static let cutLengths: Set<Int> = [20, 30, 35, 40, 50, 70]

    package init(payer: PersonName?, guest: PersonName?) {
        guard let payer, let guest else {
            self = .unknown
            return
        }
        let whole = Self.compare(payer, guest)
        if whole == .differs, Self.isSameCompany(payer, guest) {
            self = .agrees
            return
        }
        guard whole == .differs, let holders = Self.holders(of: payer) else {
            self = whole
            return
        }
        self = holders.contains { Self.compare($0, guest) >= .agrees } ? .agrees : .differs
    }

    private static func compare(_ payer: PersonName, _ guest: PersonName) -> NameAgreement {
        let (left, right) = (payer.words, guest.words)
        guard left.count <= wordsMax, right.count <= wordsMax else { return .differs }
        if left.contains(where: isMasked) || right.contains(where: isMasked) {
            return masksFit(left, right) ? .masked : .differs
        }
        if left.count == 1 || right.count == 1 { return oneWord(left, right) }
        if left == right { return .equal }
        if left.count == right.count, left.sorted() == right.sorted() { return .agrees }
        if isCut(payer), right.joined(separator: " ").hasPrefix(left.joined(separator: " ")) {
            return .agrees
        }
        guard left.first == right.first else { return .differs }
        if left.last == right.last { return middlesFit(left, right) ? .agrees : .differs }
        return isInitial(left.last, of: right.last) || isInitial(right.last, of: left.last)
            ? .masked : .differs
    }

    /// `MAVİ DENİZ ORGANİZASYON LTD. ŞTİ.` and `Mavi Deniz Organizasyon`: the legal form left out.
    private static func isSameCompany(_ payer: PersonName, _ guest: PersonName) -> Bool {
        // Nearly all pairs of names share no word, which is soon seen.
        guard payer.words.contains(where: guest.words.contains),
            CompanyName.isCompany(payer) || CompanyName.isCompany(guest)
        else { return false }
        let (left, right) = (CompanyName.core(payer.words), CompanyName.core(guest.words))
        return left.count > 1 && left == right
    }

    private static func oneWord(_ left: [String], _ right: [String]) -> NameAgreement {
        let (word, words) = left.count == 1 ? (left[0], right) : (right[0], left)
        return word == words.first || word == words.last ? .masked : .differs
    }

    /// The middle words of one side stand, in order and perhaps as initials, among the other's.
    private static func middlesFit(_ left: [String], _ right: [String]) -> Bool {
        let (few, many) = left.count <= right.count ? (left, right) : (right, left)
        var rest = many.dropFirst().dropLast()
        for word in few.dropFirst().dropLast() {
            let place = rest.firstIndex {
                $0 == word || isInitial(word, of: $0) || isInitial($0, of: word)
            }
            guard let place else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }

    private static func isInitial(_ short: String?, of long: String?) -> Bool {
        guard let short, let long, short.count == 1 else { return false }
        return long.hasPrefix(short)
    }

    /// Word by word; a star stands for any letters, and banks do not keep their number.
    private static func masksFit(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy(maskFits)
    }

    private static func maskFits(_ left: String, _ right: String) -> Bool {
        guard isMasked(left) || isMasked(right) else { return left == right }
        let (one, other) = (shown(left), shown(right))
        return (one.head.hasPrefix(other.head) || other.head.hasPrefix(one.head))
            && (one.tail.hasSuffix(other.tail) || other.tail.hasSuffix(one.tail))
    }

    private static func isMasked(_ word: String) -> Bool { word.utf8.contains(0x2A) }

    private static func shown(_ word: String) -> (head: Substring, tail: Substring) {
        guard let first = word.firstIndex(of: "*"), let last = word.lastIndex(of: "*") else {
            return (word[...], word[...])
        }
        return (word[..<first], word[word.index(after: last)...])
    }

    /// Whether the bank may have printed only the beginning of the payer's name.
    static func mayBeCut(_ payer: PersonName?) -> Bool { payer.map(isCut) ?? false }

    private static func isCut(_ name: PersonName) -> Bool {
        cutLengths.contains(name.text.count) || name.text.hasSuffix("…")
            || name.text.hasSuffix("...")
    }

    /// `ELİF KARACA-BORA TANYEL`, `ELİF KARACA VE BORA TANYEL`: each with two words at least.
    private static func holders(of name: PersonName) -> [PersonName]? {
        let dividers: [UInt8] = Array("-/&".utf8)
        guard name.words.contains("ve") || name.text.utf8.contains(where: dividers.contains) else {
            return nil
        }
        var parts: [[Substring]] = [[]]
        for word in name.text.split(separator: " ") {
            if ["ve", "&", "-", "/"].contains(String(word).turkishFolded()) {
                parts.append([])
                continue
            }
            let pieces = word.split(whereSeparator: { "-/&".contains($0) })
            for (offset, piece) in pieces.enumerated() {
                if offset > 0 { parts.append([]) }
                parts[parts.count - 1].append(piece)
            }
        }
        guard (2...4).contains(parts.count) else { return nil }
        let names = parts.compactMap { PersonName($0.joined(separator: " ")) }
        return names.count == parts.count && names.allSatisfy { $0.words.count > 1 } ? names : nil
    }
}
