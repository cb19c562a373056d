// SPDX-License-Identifier: Apache-2.0

internal import Rules

/// A text of a mail with the values that a rule takes from it marked in place.
///
/// On a terminal each field has a colour of its own; elsewhere a value stands in brackets with the
/// name of its field: `⟦payer: ELİF KARACA⟧`.
struct CaptureText {
    let manner: Manner

    /// Lines around a value that are shown of a long text.
    private static let linesAround = 3
    private static let linesMax = 60

    static func colour(of field: Field) -> Terminal.Colour {
        switch field {
        case .amount, .amountInWords: .green
        case .payer: .yellow
        case .description: .magenta
        case .occurredAt: .blue
        case .transactionID, .senderIBAN, .receivingAccount: .bold
        }
    }

    /// - Parameters:
    ///   - text: one text of the mail as rules read it.
    ///   - spans: bytes of UTF-8 in it; those that overlap an earlier one are left out.
    func marked(_ text: String, _ spans: [(field: Field, bytes: Range<Int>)]) -> String {
        let bytes = Array(text.utf8)
        var output = ""
        var index = 0
        for span in spans.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound })
        where span.bytes.lowerBound >= index && span.bytes.upperBound <= bytes.count
            && !span.bytes.isEmpty
        {
            output += plain(bytes[index..<span.bytes.lowerBound])
            let value = plain(bytes[span.bytes])
            output +=
                manner.paints
                ? manner.painted(value, Self.colour(of: span.field))
                : "⟦\(span.field.rawValue): \(value)⟧"
            index = span.bytes.upperBound
        }
        output += plain(bytes[index...])
        return indented(output)
    }

    /// Signs that would move the cursor of a terminal are not let through.
    private func plain(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        var output = String.UnicodeScalarView()
        for sign in text.unicodeScalars {
            if sign == "\t" {
                output.append(contentsOf: " ¦ ".unicodeScalars)
            } else if sign == "\n" || sign.value >= 32 && !(0x7F...0x9F).contains(sign.value) {
                output.append(sign)
            }
        }
        return String(output)
    }

    private func indented(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let hasValue = { (line: Substring) in
            line.contains("\u{1B}") || line.contains("⟦")
        }
        guard lines.count > Self.linesMax else {
            return lines.map { "  │ \($0)" }.joined(separator: "\n")
        }
        var output: [String] = []
        var isSkipping = false
        for index in lines.indices {
            let around =
                max(0, index - Self.linesAround)..<min(lines.count, index + Self.linesAround + 1)
            if lines[around].contains(where: hasValue) || index < Self.linesAround {
                output.append("  │ \(lines[index])")
                isSkipping = false
            } else if !isSkipping {
                output.append("  ┆ …")
                isSkipping = true
            }
        }
        return output.joined(separator: "\n")
    }

    /// `■ amount  ■ payer …`, for a terminal; empty elsewhere, where names stand in the text.
    func legend(_ fields: [Field]) -> String {
        guard manner.paints else { return "" }
        return "  "
            + Field.allCases.filter(fields.contains).map {
                manner.painted("■ \($0.rawValue)", Self.colour(of: $0))
            }.joined(separator: "  ")
    }
}
