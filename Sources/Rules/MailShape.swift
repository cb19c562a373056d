// SPDX-License-Identifier: Apache-2.0

import Domain

/// What mails of one form have in common, without anything of the people in them.
enum MailShape {
    /// Lines and letters that are looked at; notices are shorter.
    private static let linesMax = 60
    private static let sampleBytesMax = 4000

    /// FNV-1a over texts, 16 hexadecimal digits. It tells forms apart; it proves nothing.
    static func digest(_ texts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Of a mail that no variant knows: words of the subject that are no names, and what stands
    /// before colons and cell borders.
    static func digest(of texts: MailTexts) -> String {
        let words = texts.writtenSubject.split(separator: " ").filter {
            $0.unicodeScalars.first?.properties.isLowercase == true
        }.map { String($0).turkishFolded() }
        let labels = texts.parts.flatMap { part in
            part.written.split(separator: "\n").prefix(linesMax).compactMap { line -> String? in
                // A margin of the page says nothing.
                let line = line.drop { $0 == "\t" }
                guard let end = line.firstIndex(where: { $0 == ":" || $0 == "\t" }) else {
                    return nil
                }
                let label = String(line[..<end].prefix(60)).turkishFolded()
                return label.utf8.contains { (48...57).contains($0) } ? nil : label
            }
        }
        return digest(words + ["|"] + labels)
    }

    /// The mail with every word masked that stands in no rule: letters become x, digits 0.
    static func anonymized(_ texts: MailTexts, keeping vocabulary: Set<String>) -> String {
        let parts = texts.parts.filter { !$0.written.isEmpty }
        let whole = ([texts.writtenSubject] + parts.map(\.written)).joined(separator: "\n---\n")
        var output = String.UnicodeScalarView()
        var word = String.UnicodeScalarView()
        func finish() {
            if vocabulary.contains(String(word).turkishFolded()) {
                output.append(contentsOf: word)
            } else {
                output.append(contentsOf: word.map(masked))
            }
            word = String.UnicodeScalarView()
        }
        for scalar in whole.unicodeScalars {
            if output.count >= sampleBytesMax { break }
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || (0x300...0x36F).contains(scalar.value)
            {
                word.append(scalar)
            } else {
                finish()
                // Signs that only look like digits or letters in some script are not told apart.
                output.append(scalar.isASCII || scalar == "¦" ? scalar : "?")
            }
        }
        finish()
        return String(output)
    }

    private static func masked(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.properties.numericType != nil { return "0" }
        return scalar.properties.isUppercase ? "X" : "x"
    }
}

extension RuleFile {
    /// All words that the file itself names, folded: none of them is a person's.
    var vocabulary: Set<String> {
        var words: Set<String> = []
        func add(_ text: String) {
            for word in text.split(whereSeparator: { !$0.isLetter }) {
                words.insert(String(word).turkishFolded())
            }
        }
        func add(_ tests: [TextTest]) { for test in tests { add(test.shown) } }
        func add(_ condition: TextCondition) {
            add(condition.all + condition.any + condition.none)
        }
        for name in names { add(name) }
        add(deny)
        for variant in variants {
            add(variant.subject)
            add(variant.frame)
            add(variant.directionIn + variant.directionOut + variant.deny)
            for sentence in variant.subjectSentences + variant.sentences {
                add(sentence.pattern.written)
            }
            if let rows = variant.rows {
                for sentence in rows.sentences { add(sentence.pattern.written) }
                for status in rows.statuses.keys { add(status) }
                add(rows.skip + rows.end)
                let columns =
                    Array(rows.columns.values)
                    + [rows.amountOut, rows.statusColumn].compactMap(\.self)
                for case .heading(let names) in columns {
                    for name in names { add(String(decoding: name, as: UTF8.self)) }
                }
            }
            for label in variant.labels + variant.fields.flatMap(\.labels) {
                add(String(decoding: label, as: UTF8.self))
            }
        }
        return words
    }
}
