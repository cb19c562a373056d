// SPDX-License-Identifier: Apache-2.0

import Domain
import Yams

/// The texts of a rule file: all that is compared with a mail, and every word of the format, comes
/// through `text`, which refuses what YAML takes for a part of the text and nobody meant so.
extension RuleNode {
    /// The text of a scalar, not empty. Nil with a complaint when there is none, or when a quote, a
    /// dash or a comma became a part of it.
    func text(_ what: String, _ turkish: String? = nil) -> String? {
        guard let text = prose(what, turkish), !isInCurlyQuotes(text) else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return text }
        return isDashed(text) || isListed(text) ? nil : text
    }

    /// A text that is read by people, or that stands for a mail: it may hold any sign.
    func prose(_ what: String, _ turkish: String? = nil) -> String? {
        guard isPlain else { return nil }
        guard case .scalar(let scalar) = node else {
            complain(
                "\(what) is one text, no list; write it without [ ] and { }, or in single quotes",
                "\(turkish ?? what) tek bir metindir, liste değil; [ ] ve { } olmadan ya da tek "
                    + "tırnak içinde yazın")
            return nil
        }
        let isNull = scalar.style == .plain && ["~", "null"].contains(scalar.string.lowercased())
        guard !scalar.string.isEmpty, !isNull else {
            complain(
                "\(what) is missing; write a text", "\(turkish ?? what) eksik; bir metin yazın")
            return nil
        }
        return scalar.string
    }

    /// A day as `2026-11-22`.
    func day(_ what: String) {
        // Ten signs: without an hour.
        guard let text = prose(what), text.utf8.count != 10 || Timestamp.date(text) == nil else {
            return
        }
        complain(
            "\(what) is a day such as 2026-11-22",
            "\(what) bir gündür, 2026-11-22 gibi yazılır", offending: text)
    }

    /// What word processors write instead of ' and ".
    static let curlyQuotes: Set<Unicode.Scalar> = ["‘", "’", "“", "”", "„"]

    static let curlyWording = Wording(
        "this quote is curly and YAML takes it for a letter; write ' instead",
        "bu tırnak eğik, YAML onu harf sayar; yerine ' yazın")

    /// True, with a complaint, when the first or the last sign is a curly quote.
    func isInCurlyQuotes(_ text: String) -> Bool {
        let signs = text.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let first = signs.first,
            let last = signs.last(where: { !$0.properties.isWhitespace }),
            Self.curlyQuotes.contains(first) || Self.curlyQuotes.contains(last)
        else { return false }
        complaints.add(place, Self.curlyWording, offending: text)
        return true
    }

    /// Dashes with which people begin the entries of a list.
    static let dashes: Set<Unicode.Scalar> = ["-", "–", "—", "•"]

    /// True, with a complaint, for `-word`, which is no entry of a list but a text.
    private func isDashed(_ text: String) -> Bool {
        let signs = text.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let first = signs.first, Self.dashes.contains(first),
            let next = signs.dropFirst().first(where: { !$0.properties.isWhitespace }),
            next.properties.isAlphabetic
        else { return false }
        complain(
            "an entry of a list begins with - and a blank: - word; a text that begins with "
                + "\(first) stands in single quotes",
            "listenin her satırı - ve bir boşlukla başlar: - söz; \(first) ile başlayan metin tek "
                + "tırnak içine yazılır", offending: text)
        return true
    }

    /// True, with a complaint, for `a, b` where a list is meant, and for `- a,b` as one of its
    /// entries. The comma of a number is none.
    private func isListed(_ text: String) -> Bool {
        guard standsInList, text.contains(",") else { return false }
        let signs = Array(text.unicodeScalars)
        func isDigit(_ index: Int) -> Bool {
            signs.indices.contains(index) && signs[index].properties.numericType == .decimal
        }
        let parts = signs.indices.filter {
            signs[$0] == "," && !(isDigit($0 - 1) && isDigit($0 + 1))
        }
        guard !parts.isEmpty else { return false }
        complain(
            "this is one text with a comma in it; write the list as [a, b], or one text in single "
                + "quotes: 'a, b'",
            "bu, içinde virgül olan tek bir metin; listeyi [a, b] diye, tek metni tek tırnak içinde "
                + "yazın: 'a, b'", offending: text)
        return true
    }
}
