// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Field `:86:`: free text, or subfields:
///
///     166?00GUTSCHRIFT?20SVWZ+KTF6HV349?30INGDDEFF?31DE02…?32ELIF KARACA
///
/// `?20`–`?29` and `?60`–`?63` are the words, 27 signs each; `?32` and `?33` the name, `?31` the
/// account. In the words, marks such as `SVWZ+` and `EREF+` may divide further.
struct MT940Words {
    /// The signs of one subfield of words; a full one goes on in the next without a blank.
    private static let widthOfSubfield = 27
    /// The signs of one line of free text.
    private static let widthOfLine = 65
    private static let marks = [
        "EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC", "PURP",
    ]

    private let lines: [Substring]

    init(_ lines: [Substring]) { self.lines = lines }

    func tell(_ line: inout StatementLine) {
        guard let subfields else {
            line.description = StatementText.filled(Self.joined(lines, width: Self.widthOfLine))
            return
        }
        func all(_ keys: [ClosedRange<Int>]) -> [Substring] {
            subfields.filter { field in keys.contains { $0.contains(field.key) } }.map(\.text)
        }
        let words = Self.joined(all([20...29, 60...63]), width: Self.widthOfSubfield)
        let parts = Self.marked(words)
        line.description = StatementText.filled(parts["SVWZ"] ?? parts[""] ?? "")
        line.counterparty = StatementText.filled(Self.joined(all([32...33]), width: 27))
        line.counterpartyIBAN =
            IBAN(all([31...31]).joined())?.text ?? parts["IBAN"].flatMap { IBAN($0)?.text }
    }

    /// Nil when the text has no subfields: three digits, a sign that divides, two digits.
    private var subfields: [(key: Int, text: Substring)]? {
        let text = lines.joined()
        let head = Array(text.utf8.prefix(6))
        guard head.count == 6, head[..<3].allSatisfy(NumberText.isDigit),
            !NumberText.isDigit(head[3]), head[3] < 128,
            !Unicode.Scalar(head[3]).properties.isAlphabetic, head[3] != 32,
            head[4...].allSatisfy(NumberText.isDigit)
        else { return nil }
        let divider = Character(Unicode.Scalar(head[3]))
        var fields: [(key: Int, text: Substring)] = []
        for part in text.dropFirst(4).split(separator: divider, omittingEmptySubsequences: false) {
            if part.prefix(2).utf8.count == 2, part.prefix(2).utf8.allSatisfy(NumberText.isDigit),
                let key = Int(part.prefix(2))
            {
                fields.append((key, part.dropFirst(2)))
            } else if let last = fields.indices.last {
                // The sign stood in somebody's words.
                fields[last].text = Substring("\(fields[last].text)\(divider)\(part)")
            }
        }
        return fields
    }

    /// A piece of full width was cut by the bank, perhaps within a word; a shorter one ended.
    private static func joined(_ pieces: [Substring], width: Int) -> String {
        var text = ""
        for piece in pieces {
            text += piece
            if piece.count < width { text += " " }
        }
        return text
    }

    /// `EREF+123 SVWZ+words` by its marks; what stands before the first is under "".
    private static func marked(_ text: String) -> [String: String] {
        var parts: [String: String] = [:]
        var key = ""
        var start = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            let rest = text[index...]
            if let mark = marks.first(where: { rest.hasPrefix($0 + "+") }) {
                if parts[key] == nil { parts[key] = String(text[start..<index]) }
                key = mark
                index = text.index(index, offsetBy: mark.count + 1)
                start = index
            } else {
                index = text.index(after: index)
            }
        }
        if parts[key] == nil { parts[key] = String(text[start...]) }
        return parts
    }
}
