// SPDX-License-Identifier: Apache-2.0

/// How a bank writes the payer, their words and its number into one text:
///
///     {payer}*{bank}*{text}*{number}*FAST      GELEN FAST - {payer} - {text}      {text}*{payer}
///
/// What stands before `{text}` ends at the first sign that divides, what stands after it begins at
/// the last: the payer's own words may hold the same signs and move nothing.
package struct DescriptionForm: Hashable, Sendable {
    /// What a description was made of.
    package struct Parts: Hashable, Sendable {
        package var payer: String?
        package var text: String?
        package var number: String?
    }

    private enum Field: String, CaseIterable { case payer, text, number, bank }
    private enum Piece: Hashable {
        case literal([Character])
        case field(Field)
    }

    package let source: String
    private let before: [Piece]
    private let after: [Piece]

    /// Nil unless there is one `{text}`, each of the others at most once, and something that
    /// divides them.
    package init?(_ source: String) {
        self.source = source
        var pieces: [Piece] = []
        var rest = Substring(source)
        while let first = rest.first {
            if first == "{" {
                guard let end = rest.firstIndex(of: "}"),
                    let field = Field(
                        rawValue: String(rest[rest.index(after: rest.startIndex)..<end]))
                else { return nil }
                if case .field = pieces.last { return nil }
                guard !pieces.contains(.field(field)) else { return nil }
                pieces.append(.field(field))
                rest = rest[rest.index(after: end)...]
            } else {
                let literal = rest.prefix { $0 != "{" }
                pieces.append(.literal(Array(literal)))
                rest = rest[literal.endIndex...]
            }
        }
        guard source.utf8.count <= 200, pieces.count > 1,
            let place = pieces.firstIndex(of: .field(.text))
        else { return nil }
        before = Array(pieces[..<place])
        after = Array(pieces[(place + 1)...])
    }

    /// The parts of `description`, or nil when it is not written this way.
    package func read(_ description: String) -> Parts? {
        var rest = Array(description)[...]
        var values: [Field: String] = [:]
        guard Self.take(before, from: &rest, &values) else { return nil }
        // From the end, all that was said turned round.
        var back = Array(rest.reversed())[...]
        let mirrored = after.reversed().map { piece in
            if case .literal(let text) = piece { Piece.literal(text.reversed()) } else { piece }
        }
        var found: [Field: String] = [:]
        guard Self.take(mirrored, from: &back, &found) else { return nil }
        for (field, value) in found { values[field] = String(value.reversed()) }
        guard values.allSatisfy({ Self.fits($1, $0) }) else { return nil }
        return Parts(
            payer: values[.payer].flatMap { StatementText.filled($0) },
            text: StatementText.filled(String(back.reversed())),
            number: values[.number].flatMap { StatementText.filled($0) })
    }

    /// Each field ends where the literal behind it first stands.
    private static func take(
        _ pieces: [Piece], from rest: inout ArraySlice<Character>, _ values: inout [Field: String]
    ) -> Bool {
        var open: Field?
        for piece in pieces {
            switch piece {
            case .field(let field): open = field
            case .literal(let literal):
                guard let start = first(literal, in: rest, anywhere: open != nil) else {
                    return false
                }
                if let field = open { values[field] = String(rest[..<start]) }
                open = nil
                rest = rest[(start + literal.count)...]
            }
        }
        return true
    }

    private static func first(
        _ literal: [Character], in text: ArraySlice<Character>, anywhere: Bool
    ) -> Int? {
        let starts =
            anywhere ? text.startIndex..<text.endIndex : text.startIndex..<text.startIndex + 1
        for start in starts where text.endIndex - start >= literal.count {
            if text[start...].starts(with: literal) { return start }
        }
        return nil
    }

    /// A number is digits, a name has letters and no digits; else the text only looks like it.
    private static func fits(_ value: String, _ field: Field) -> Bool {
        let signs = value.unicodeScalars.filter { !$0.properties.isWhitespace }
        return switch field {
        case .text: true
        case .number, .bank:
            (1...30).contains(signs.count) && signs.allSatisfy { ("0"..."9").contains($0) }
        case .payer:
            signs.count > 1 && signs.contains { $0.properties.isAlphabetic }
                && !signs.contains { ("0"..."9").contains($0) }
        }
    }
}
