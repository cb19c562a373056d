// SPDX-License-Identifier: Apache-2.0

import Yams

/// Composes the nodes of a rule file; what YAML itself complains about is said in other words.
enum YAMLText {
    /// A rule file with thirty samples has 20 KB.
    private static let sizeBytesMax = 512 * 1024
    /// Deeper nesting than any rule needs; the parser calls itself once per level.
    private static let depthMax = 60

    /// The root node while `walk` runs; anchors are known only as long as the parser lives.
    static func walk(_ source: RuleSource, _ complaints: Complaints, _ body: (RuleNode) -> Void) {
        if let place = tooDeep(complaints.lines) {
            complaints.add(place, "this is nested too deeply; rule files need ten levels at most")
            return
        }
        guard source.text.utf8.count <= sizeBytesMax else {
            complaints.add(Place(line: 1, column: 1), "the file is larger than 512 KB; split it")
            return
        }
        if let place = controlSign(complaints.lines) {
            complaints.add(
                place, "a control character stands here; delete it and save the file as UTF-8")
            return
        }
        do {
            let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                complaints.add(Place(line: 1, column: 1), "the file is empty; begin with id:")
                return
            }
            withExtendedLifetime(parser) { body(RuleNode(node: root, complaints: complaints)) }
        } catch let error as YamlError {
            report(error, complaints)
        } catch {
            complaints.add(Place(line: 1, column: 1), "the file cannot be read as YAML")
        }
    }

    private static func tooDeep(_ lines: [[Unicode.Scalar]]) -> Place? {
        var open = 0
        for (number, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " || $0 == "-" || $0 == "?" || $0 == ":" }
            if indent.count > 2 * depthMax { return Place(line: number + 1, column: 2 * depthMax) }
            for (column, scalar) in line.enumerated() {
                if scalar == "[" || scalar == "{" { open += 1 }
                if scalar == "]" || scalar == "}" { open = max(0, open - 1) }
                if open > depthMax { return Place(line: number + 1, column: column + 1) }
            }
        }
        return nil
    }

    private static func controlSign(_ lines: [[Unicode.Scalar]]) -> Place? {
        for (number, line) in lines.enumerated() {
            for (column, scalar) in line.enumerated() {
                let value = scalar.value
                let allowed = value == 9 || (value == 13 && column == line.count - 1)
                if (value < 32 && !allowed) || (0x7F...0x9F).contains(value) || value == 0xFFFE
                    || value == 0xFFFF || (value == 0xFEFF && (number > 0 || column > 0))
                {
                    return Place(line: number + 1, column: column + 1)
                }
            }
        }
        return nil
    }

    private static func report(_ error: YamlError, _ complaints: Complaints) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            let start = context.map { Place(line: $0.mark.line, column: $0.mark.column) }
            let (where_, message) = reworded(
                problem, context?.text ?? "", place, start, complaints.lines)
            complaints.add(where_, message)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.min() ?? ""
            complaints.add(
                Place(line: context.mark.line, column: context.mark.column),
                "the key \(key) stands here twice; keep one", offending: key)
        default:
            complaints.add(
                Place(line: 1, column: 1), "the file cannot be read as YAML; save it as UTF-8")
        }
    }

    /// The nearest line above with an odd number of single quotes: YAML notices a quote that is
    /// not closed only where the next one opens.
    private static func openQuote(above line: Int, _ lines: [[Unicode.Scalar]]) -> Place? {
        for number in stride(from: min(line, lines.count), to: max(0, line - 10), by: -1) {
            let quotes = lines[number - 1].indices.filter { lines[number - 1][$0] == "'" }
            if quotes.count % 2 == 1 { return Place(line: number, column: quotes[0] + 1) }
        }
        return nil
    }

    private static func reworded(
        _ problem: String, _ context: String, _ place: Place, _ start: Place?,
        _ lines: [[Unicode.Scalar]]
    ) -> (Place, String) {
        let line = place.line <= lines.count && place.line > 0 ? lines[place.line - 1] : []
        let sign = place.column <= line.count && place.column > 0 ? line[place.column - 1] : nil
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return (place, "a tab stands before the text; indent with blanks")
        }
        if context.contains("quoted scalar") {
            if problem.contains("escape") {
                return (
                    place,
                    "a backslash in double quotes means something else; use single quotes: '…'"
                )
            }
            return (start ?? place, "the quote that opens here is not closed")
        }
        if problem.contains("anchor") || problem.contains("alias") {
            return (place, "anchors and aliases (& and *) are not used here; write the text out")
        }
        if problem.contains("cannot start any token") {
            return (
                place,
                "a text that begins with \(sign.map(String.init) ?? "this sign") stands in single "
                    + "quotes: '…'"
            )
        }
        if problem.contains("',' or ']'") || problem.contains("',' or '}'") {
            return (
                start ?? place,
                "this list is not closed; a pattern or text that begins with [ or { stands in "
                    + "single quotes: '…'"
            )
        }
        if problem.contains("mapping values are not allowed") {
            return (place, "a text that holds a colon and a blank stands in single quotes: '…'")
        }
        if problem.contains("could not find expected ':'") {
            return (start ?? place, "a colon is missing after this key")
        }
        if let quote = openQuote(above: place.line, lines) {
            return (quote, "the quote that opens here is not closed")
        }
        if problem.contains("block") || context.contains("block") {
            return (place, "this line is indented differently from the lines it belongs to")
        }
        return (place, "this is not YAML (\(problem)); put the text in single quotes: '…'")
    }
}
