// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// What stands between the values of a sentence, as a pattern.
extension SentenceSketch {
    /// The signs of `range`; words that are nobody else's, or in `varies`, become gaps.
    func literal(_ range: Range<Int>, _ varies: Set<String>) -> String {
        var output = ""
        var index = range.lowerBound
        while index < range.upperBound {
            let sign = signs[index]
            if TextScanner.isWordSign(sign) || sign == "*" {
                var end = index
                var word = String.UnicodeScalarView()
                while end < range.upperBound,
                    TextScanner.isWordSign(signs[end]) || signs[end] == "*"
                {
                    word.append(signs[end])
                    end += 1
                }
                let text = String(word)
                let folded = text.turkishFolded()
                if let ending = TurkishEndings.pattern(folded), isBehindApostrophe(index) {
                    output += ending
                } else if Self.channels.contains(folded) {
                    output += "(?:fast|eft|havale|swift|transfer)"
                } else if varies.contains(folded)
                    || text.contains(where: { $0.isNumber || $0 == "*" })
                {
                    Self.addGap(to: &output)
                } else if !Vocabulary.isKnown(folded), folded.count > 2 {
                    // Somebody's name, perhaps.
                    Self.addGap(to: &output)
                } else {
                    output += text
                }
                index = end
            } else if sign == " " || sign == "\u{A0}" || sign == "\t" {
                if !output.hasSuffix(" ") { output += " " }
                index += 1
            } else {
                output += Self.isApostrophe(sign) ? "['’]" : Self.escaped(String(sign))
                index += 1
            }
        }
        return output
    }

    /// Banks type either of them, and the same bank both.
    private static func isApostrophe(_ sign: Unicode.Scalar) -> Bool {
        sign == "'" || sign == "’"
    }

    private func isBehindApostrophe(_ index: Int) -> Bool {
        index > 0 && Self.isApostrophe(signs[index - 1])
    }

    /// Several unknown words in a row are one gap, also over the end of a line: places that follow
    /// each other and hold the same signs could make a pattern slow.
    private static func addGap(to pattern: inout String) {
        let gap = #"\S+"#
        let wideGap = #"[\s\S]+?"#
        if pattern.hasSuffix(gap + " ") {
            pattern.removeLast(gap.count + 1)
            pattern += wideGap
        } else if pattern.hasSuffix(wideGap + " ") {
            pattern.removeLast()
        } else {
            pattern += gap
        }
    }

    /// With a backslash before each sign that patterns read otherwise.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { output, sign in
            if #"\.+*?()|[]{}^$"#.contains(sign) { output.append("\\") }
            output.append(sign)
        }
    }
}
