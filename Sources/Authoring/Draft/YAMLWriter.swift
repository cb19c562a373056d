// SPDX-License-Identifier: Apache-2.0

/// Writes the few forms of YAML that rule files need.
enum YAMLWriter {
    /// A text on one line: plain where that is safe, else in single quotes.
    static func scalar(_ text: String) -> String {
        let first = text.unicodeScalars.first
        let isPlain =
            !text.isEmpty && first?.properties.isAlphabetic == true
            && text.unicodeScalars.allSatisfy { sign in
                sign.properties.isAlphabetic || TextScanner.isDigit(sign) || sign == " "
                    || sign == "-" || sign == "_" || sign == "." || sign == "@" || sign == "/"
            } && text.last != " " && !reserved.contains(text.lowercased())
        return isPlain
            ? text
            : "'"
                + text.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "''") + "'"
    }

    /// Words that YAML takes for something else than a text.
    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n",
    ]

    /// `[a, 'b: c']`
    static func list(_ texts: [String]) -> String {
        "[" + texts.map(scalar).joined(separator: ", ") + "]"
    }

    /// Lines of a text under a key, each behind `indent` blanks; borders of cells as `¦`.
    static func block(_ text: String, indent: Int) -> String {
        let blanks = String(repeating: " ", count: indent)
        let lines = text.split(separator: "\n").map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            let shown = cells.map { NoticeSketch.trim($0) }.joined(separator: " ¦ ")
            return blanks + NoticeSketch.trim(shown)
        }.filter { $0 != blanks }
        return "|\n" + lines.joined(separator: "\n")
    }
}
