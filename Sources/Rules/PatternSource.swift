// SPDX-License-Identifier: Apache-2.0

import Domain

/// Turns a pattern as people write it into the one that RE2 runs over a folded text.
///
/// Letters are folded like the text itself, so that capitals and Turkish letters match in all their
/// forms; a blank also stands for a line end; `(?<name>…)` becomes RE2's `(?P<name>…)`. What RE2
/// cannot do, or does for ASCII only, is refused here with a sentence that says what to write.
struct PatternSource {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var inSet = false
    /// Where the set or the groups begin that are open at `index`.
    private var setStart = 0
    private var groupStarts: [Int] = []
    /// Which of them are what a payer wrote, or stand inside of it.
    private var payerGroups: [Bool] = []
    private var output = String.UnicodeScalarView()
    private var names: Set<String> = []

    /// - Throws: `PatternError` with the offset of the offending sign.
    static func rewrite(_ pattern: String) throws(PatternError) -> String {
        var source = PatternSource(scalars: Array(pattern.unicodeScalars))
        return "(?m)" + (try source.run())
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func run() throws(PatternError) -> String {
        while index < scalars.count {
            let scalar = scalars[index]
            switch scalar {
            case "\\": try escape()
            case "[" where !inSet:
                inSet = true
                setStart = index
                copy(1)
                if peek(0) == "^" { copy(1) }
                if peek(0) == "]" { copy(1) }
            case "[" where peek(1) == ":": try posixClass()
            case "]" where inSet:
                inSet = false
                copy(1)
            case "(" where !inSet:
                groupStarts.append(index)
                payerGroups.append(payerGroups.last ?? false)
                if peek(1) == "?" { try group() } else { copy(1) }
            case ")" where !inSet:
                guard groupStarts.popLast() != nil else {
                    throw refuse(
                        "a ) has no ( before it; write \\) for the sign itself",
                        "bu ) için önce bir ( yok; işaretin kendisi için \\) yazın", length: 1)
                }
                _ = payerGroups.popLast()
                copy(1)
            case "." where !inSet && payerGroups.last == true:
                // Mailers wrap long words; a sentence that ended there would be the payer's to end.
                output.append(contentsOf: "(?s:.)".unicodeScalars)
                index += 1
            case " " where !inSet, "\n" where !inSet:
                output.append(contentsOf: "[ \\n]".unicodeScalars)
                while peek(0) == " " || peek(0) == "\n" { index += 1 }
            default:
                fold(scalar)
                index += 1
            }
        }
        if inSet {
            index = setStart
            throw refuse(
                "a set [ is not closed; add ], or write \\[ for the sign itself",
                "[ kümesi kapanmamış; ] ekleyin ya da işaretin kendisi için \\[ yazın",
                length: scalars.count)
        }
        if let start = groupStarts.last {
            index = start
            throw refuse(
                "a group ( is not closed; add )", "( grubu kapanmamış; ) ekleyin",
                length: scalars.count)
        }
        return String(output)
    }

    private func peek(_ ahead: Int) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    private mutating func copy(_ count: Int) {
        for _ in 0..<count where index < scalars.count {
            output.append(scalars[index])
            index += 1
        }
    }

    private mutating func fold(_ scalar: Unicode.Scalar) {
        switch scalar.turkishFold {
        case .letter(let byte): output.append(Unicode.Scalar(byte))
        case .blank: output.append(" ")
        case .nothing: break
        case .other: output.append(contentsOf: String(scalar).lowercased().unicodeScalars)
        }
    }

    private func refuse(_ english: String, _ turkish: String, length: Int) -> PatternError {
        let part = scalars[index..<min(index + length, scalars.count)]
        return PatternError(
            Wording(english, turkish), offending: String(String.UnicodeScalarView(part)),
            offset: index)
    }

    private mutating func escape() throws(PatternError) {
        guard let next = peek(1) else {
            throw refuse(
                "the pattern ends with a lone backslash; write \\\\ or drop it",
                "desen tek bir ters bölüyle bitiyor; \\\\ yazın ya da silin", length: 1)
        }
        switch next {
        case "w", "W":
            throw refuse(
                "\\\(next) knows no Turkish letters; write [\\p{L}\\d_] instead",
                "\\\(next) Türkçe harfleri tanımaz; yerine [\\p{L}\\d_] yazın", length: 2)
        case "b", "B":
            throw refuse(
                "\\\(next) knows no Turkish letters; write the blank or sign that stands there",
                "\\\(next) Türkçe harfleri tanımaz; orada duran boşluğu ya da işareti yazın",
                length: 2)
        case "1"..."9":
            throw refuse(
                "looking back at a group is not supported; name both groups and compare "
                    + "them in the samples",
                "geriye dönüp bir gruba bakmak yok; iki gruba da ad verin ve örneklerde "
                    + "karşılaştırın", length: 2)
        case "Q", "E", "C", "G", "K", "R", "X":
            throw refuse(
                "\\\(next) is not supported; write the signs themselves",
                "\\\(next) desteklenmez; işaretlerin kendisini yazın", length: 2)
        case "p", "P":
            var length = 2
            if peek(2) == "{" {
                while let scalar = peek(length), scalar != "}" { length += 1 }
                length += 1
            } else {
                length = 3
            }
            let name = String(
                String.UnicodeScalarView(scalars[index..<min(index + length, scalars.count)]))
            if name.contains("Lu") || name.contains("Ll") {
                throw refuse(
                    "capitals are folded before matching; write \\p{L}",
                    "büyük harfler eşleştirmeden önce küçültülür; \\p{L} yazın", length: length)
            }
            copy(length)
        default:
            copy(1)
            if next.isASCII { copy(1) } else { output.removeLast() }
        }
    }

    private mutating func posixClass() throws(PatternError) {
        if peek(2) == "u", peek(3) == "p" {
            throw refuse(
                "capitals are folded before matching; write [[:alpha:]]",
                "büyük harfler eşleştirmeden önce küçültülür; [[:alpha:]] yazın", length: 9)
        }
        while let scalar = peek(0), scalar != "]" {
            output.append(scalar)
            index += 1
        }
        copy(1)
    }

    private mutating func group() throws(PatternError) {
        let third = peek(2)
        let fourth = peek(3)
        if third == "=" || third == "!" || (third == "<" && (fourth == "=" || fourth == "!")) {
            throw refuse(
                "looking ahead or behind is not supported; match the whole sentence and name the "
                    + "part you want with (?<name>…)",
                "ileriye ya da geriye bakmak yok; bütün cümleyi yazın ve istediğiniz parçaya "
                    + "(?<ad>…) ile ad verin", length: third == "<" ? 4 : 3)
        }
        if third == ">" || third == "#" || third == "|" || third == "(" {
            throw refuse(
                "this kind of group is not supported; write (…) or (?:…)",
                "bu tür bir grup desteklenmez; (…) ya da (?:…) yazın", length: 3)
        }
        if third == "<" || (third == "P" && fourth == "<") {
            try namedGroup(nameAt: third == "<" ? 3 : 4)
        } else if third == ":" {
            copy(3)
        } else {
            throw refuse(
                "flags are not needed; capitals never matter and ^ $ are the ends of a line",
                "bayrak gerekmez; büyük küçük harf fark etmez, ^ $ satırın iki ucudur",
                length: 3)
        }
    }

    /// Whether the group whose content begins at `start` is followed by the end of a line, or by
    /// nothing: then its author means one line.
    private func endsWithLine(from start: Int) -> Bool {
        var depth = 1
        var place = start
        var isInSet = false
        while place < scalars.count {
            switch scalars[place] {
            case "\\": place += 1
            case "[": isInSet = true
            case "]": isInSet = false
            case "(" where !isInSet: depth += 1
            case ")" where !isInSet: depth -= 1
            default: break
            }
            place += 1
            if depth == 0 { return place >= scalars.count || scalars[place] == "$" }
        }
        return false
    }

    private mutating func namedGroup(nameAt: Int) throws(PatternError) {
        var length = nameAt
        var name = String.UnicodeScalarView()
        while let scalar = peek(length), scalar != ">", scalar != ")" {
            name.append(scalar)
            length += 1
        }
        guard peek(length) == ">" else {
            throw refuse(
                "a group name is written (?<name>…)", "grup adı (?<ad>…) diye yazılır",
                length: length)
        }
        guard names.insert(String(name)).inserted else {
            throw refuse(
                "the group \(String(name)) stands here twice; keep one",
                "\(String(name)) grubu burada iki kez var; birini bırakın", length: length + 1)
        }
        if String(name) == Field.description.rawValue, !endsWithLine(from: index + length + 1) {
            payerGroups[payerGroups.count - 1] = true
        }
        output.append(contentsOf: "(?P<".unicodeScalars)
        output.append(contentsOf: name)
        output.append(">")
        index += length + 1
    }
}
