// SPDX-License-Identifier: Apache-2.0

package import Domain

/// How far the payer's name, as the bank prints it, fits the name of a registration.
///
/// Titles, case and punctuation are gone before this point (`PersonName`), and the Turkish letters
/// of whoever writes without them.
package enum NameAgreement: Int, Sendable, Comparable, CaseIterable {
    /// At least two words on both sides, and they cannot be one person's.
    case differs
    /// One side has no name.
    case unknown
    /// Nothing speaks against it, and too little is there to speak for it: stars (`E*** K***`), an
    /// initial for the first or last word (`Elif K.`, `E. Karaca`), a single word.
    case masked
    /// First and last word fit; a middle name is missing or an initial, the order is another, the
    /// bank cut the end off, it is one holder of a joint account, there is a word that may be a
    /// title, or the bank printed `ç` where the guest has `c`. Strong, and no proof.
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

    /// How a payer's name fits a guest's. A bank that prints Turkish letters in a name prints all
    /// of them: where the guest has others, it may be somebody else.
    package init(payer: PersonName?, guest: PersonName?) {
        self.init(payer, guest) { payer, _ in payer.hasTurkishLetters }
    }

    /// The same for the payers of two notices, of which one may have been printed without Turkish
    /// letters.
    package init(payer: PersonName?, otherNotice other: PersonName?) {
        self.init(payer, other) { $0.hasTurkishLetters && $1.hasTurkishLetters }
    }

    private init(
        _ payer: PersonName?, _ guest: PersonName?,
        areLettersKept: (PersonName, PersonName) -> Bool
    ) {
        guard let payer, let guest else {
            self = .unknown
            return
        }
        let whole = Self.compare(payer, guest)
        switch whole {
        case .equal:
            self = areLettersKept(payer, guest) && !payer.isSpelled(like: guest) ? .agrees : .equal
        case .differs where Self.isSameCompany(payer, guest): self = .agrees
        case .differs:
            let holders = Self.holders(of: payer) ?? []
            self = holders.contains { Self.compare($0, guest) >= .agrees } ? .agrees : .differs
        case .agrees, .masked, .unknown: self = whole
        }
    }

    /// What may be a title is looked at as a part of the name first; without it two names agree at
    /// best.
    private static func compare(_ payer: PersonName, _ guest: PersonName) -> NameAgreement {
        let isCut = isCut(payer)
        let whole = compare(payer.fullWords, guest.fullWords, isCut)
        guard whole < .agrees else { return whole }
        var best = whole
        if payer.words.count < payer.fullWords.count || guest.words.count < guest.fullWords.count {
            best = max(best, min(compare(payer.words, guest.words, isCut), .agrees))
        }
        if payer.bareWords.count < payer.fullWords.count
            || guest.bareWords.count < guest.fullWords.count
        {
            best = max(best, min(compare(payer.bareWords, guest.bareWords, isCut), .agrees))
        }
        return best
    }

    /// An initial stands for many names, also where both sides write the same one: `Elif K.` may be
    /// Elif Karaca or Elif Kurt, who is a guest as well.
    private static func compare(
        _ left: [String], _ right: [String], _ isCut: Bool
    ) -> NameAgreement {
        let words = compareLetters(left, right, isCut)
        guard words >= .agrees else { return words }
        return min(words, most(left), most(right))
    }

    /// The best that can be said of a name with initials; `A.Ş.` is none.
    private static func most(_ words: [String]) -> NameAgreement {
        let own = CompanyName.withoutInitials(words)
        guard own.contains(where: isInitial) else { return .equal }
        return isInitial(own.first ?? "") || isInitial(own.last ?? "") ? .masked : .agrees
    }

    private static func isInitial(_ word: String) -> Bool {
        word.count == 1 && word.contains(where: \.isLetter)
    }

    private static func compareLetters(
        _ left: [String], _ right: [String], _ isCut: Bool
    ) -> NameAgreement {
        guard left.count <= wordsMax, right.count <= wordsMax else { return .differs }
        if left.contains(where: isMasked) || right.contains(where: isMasked) {
            return masksFit(left, right) ? .masked : .differs
        }
        if left.count == 1 || right.count == 1 { return oneWord(left, right) }
        if left == right { return .equal }
        if left.count == right.count, left.sorted() == right.sorted() { return .agrees }
        if isCut, right.joined(separator: " ").hasPrefix(left.joined(separator: " ")) {
            return .agrees
        }
        guard fits(left.first, right.first), fits(left.last, right.last),
            middlesFit(left, right)
        else { return .differs }
        return left.first == right.first && left.last == right.last ? .agrees : .masked
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
            guard let place = rest.firstIndex(where: { fits($0, word) }) else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }

    /// Equal, or one is the initial of the other.
    private static func fits(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return false }
        return one == other || one.count == 1 && other.hasPrefix(one)
            || other.count == 1 && one.hasPrefix(other)
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

    /// `ELİF KARACA-BORA TANYEL`, `ELİF KARACA VE BORA TANYEL`: each with two words at least, or
    /// with the last one's surname: `ELİF VE BORA TANYEL`.
    private static func holders(of name: PersonName) -> [PersonName]? {
        let dividers: [UInt8] = Array("-/&".utf8)
        guard name.words.contains("ve") || name.text.utf8.contains(where: dividers.contains) else {
            return nil
        }
        var parts: [[Substring]] = [[]]
        var isFamily = true
        for word in name.text.split(separator: " ") {
            if ["ve", "&", "-", "/"].contains(String(word).turkishFolded()) {
                parts.append([])
                continue
            }
            let pieces = word.split(whereSeparator: { "-/&".contains($0) })
            // `ELİF-NUR KARACA` is one person.
            isFamily = isFamily && pieces.count < 2
            for (offset, piece) in pieces.enumerated() {
                if offset > 0 { parts.append([]) }
                parts[parts.count - 1].append(piece)
            }
        }
        guard (2...4).contains(parts.count) else { return nil }
        let surname = PersonName(parts[parts.count - 1].joined(separator: " "))?.bareWords.last
        let names = parts.compactMap { part in
            let isGivenName = isFamily && part.count == 1
            return PersonName(
                (part + (isGivenName ? [Substring(surname ?? "")] : []))
                    .joined(separator: " "))
        }
        return names.count == parts.count && names.allSatisfy { $0.words.count > 1 } ? names : nil
    }
}
