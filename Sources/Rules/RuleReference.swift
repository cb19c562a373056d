// SPDX-License-Identifier: Apache-2.0

/// The reference of the rule format as a page, printed from the table that the parser uses.
package enum RuleReference {
    /// The whole page in Markdown, ending with a line end.
    package static var text: String {
        var sections: [RuleFormat.Section] = []
        for root in [RuleFormat.file, RuleFormat.fileExtending, RuleFormat.fragment] {
            collect(root, into: &sections)
        }
        return head + sections.map(page).joined(separator: "\n")
    }

    private static let head = """
        # Reference of the rule format

        This page is printed by `mutabik rules reference` from the table that the parser reads, and so is
        [schema.json](../rules/schema.json). [rules/README.md](../rules/README.md) explains the format with
        examples.

        An editor that knows JSON Schema completes keys and marks mistakes when a file begins with
        `# yaml-language-server: $schema=../schema.json`.


        """

    private static func collect(
        _ section: RuleFormat.Section, into sections: inout [RuleFormat.Section]
    ) {
        guard !sections.contains(where: { $0.definition == section.definition }) else { return }
        sections.append(section)
        for key in section.keys {
            for inner in key.shape.sections { collect(inner, into: &sections) }
        }
    }

    private static func page(_ section: RuleFormat.Section) -> String {
        var name = section.name.english
        name = name.prefix(1).uppercased() + name.dropFirst()
        let rows = section.keys.map { key in
            "| `\(key.name)`\(key.isRequired ? " (required)" : "") | \(key.shape.described) | "
                + "\(key.meaning) |"
        }
        return "## \(name)\n\n| Key | Holds | Says |\n| --- | --- | --- |\n"
            + rows.joined(separator: "\n") + "\n"
    }
}

extension RuleFormat.Shape {
    /// The sections that stand inside.
    fileprivate var sections: [RuleFormat.Section] {
        switch self {
        case .section(let section): [section]
        case .oneOrMore(let one), .list(let one), .named(_, let one): one.sections
        case .either(let one, let two): one.sections + two.sections
        default: []
        }
    }

    fileprivate var described: String {
        switch self {
        case .text, .prose, .literal: "a text"
        case .identifier: "small letters, digits, `-`"
        case .kind: "small letters, `_`"
        case .flag: "`true` or `false`"
        case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .address: "an address"
        case .domain: "a domain"
        case .currency: "a currency"
        case .date: "a date pattern"
        case .zone: "a zone"
        case .day: "a day: 2026-11-22"
        case .time: "a time"
        case .amount: "an amount"
        case .pattern: "a pattern in single quotes"
        case .path: "a file below `common/`"
        case .oneOrMore(let one): "\(one.described), or a list"
        case .list(let one): "a list: \(one.described)"
        case .section(let section):
            "[\(section.name.english)](#\(section.name.english.replacing(" ", with: "-")))"
        case .either(let one, let two): "\(one.described); \(two.described)"
        case .named(_, let value): "names of your choice, each with \(value.described)"
        }
    }
}
