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
        if let trouble = source.trouble {
            complaints.add(Place(line: 1, column: 1), trouble)
            return
        }
        let isSuspicious = isSuspicious(source.text)
        if isSuspicious, source.text.utf8.contains(0) {
            complaints.add(
                Place(line: 1, column: 1),
                Wording(
                    "this is no UTF-8, UTF-16 (“Unicode”) perhaps; save the file as UTF-8",
                    "bu UTF-8 değil, belki UTF-16 (“Unicode”); dosyayı UTF-8 olarak kaydedin"),
                offending: "")
            return
        }
        if isSuspicious, let place = tooDeep(complaints.lines) {
            complaints.add(
                place,
                Wording(
                    "this is nested too deeply; rule files need ten levels at most",
                    "iç içe geçme çok derin; kural dosyalarına on düzey yeter"))
            return
        }
        guard source.text.utf8.count <= sizeBytesMax else {
            complaints.add(
                Place(line: 1, column: 1),
                Wording(
                    "the file is larger than 512 KB; split it",
                    "dosya 512 KB'den büyük; bölün"))
            return
        }
        // The file is read all the same, so that it is known which rule it was to be; of a text
        // with wrong letters nothing more is said, and none of it is shown.
        if isSuspicious, let place = brokenLetter(complaints.lines) {
            complaints.add(
                place,
                Wording(
                    "this letter is not UTF-8; save the file as UTF-8 (it may be Windows-1254 now)",
                    "bu harf UTF-8 değil; dosyayı UTF-8 olarak kaydedin (şimdi Windows-1254 olabilir)"
                ), offending: "")
            complaints.isClosed = true
        }
        if isSuspicious, let place = controlSign(complaints.lines) {
            complaints.add(
                place,
                Wording(
                    "a control character stands here; delete it and save the file as UTF-8",
                    "burada bir denetim karakteri var; silin ve dosyayı UTF-8 olarak kaydedin"))
            return
        }
        do {
            let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                complaints.add(
                    Place(line: 1, column: 1),
                    Wording(
                        "the file is empty; begin with id:", "dosya boş; id: ile başlayın"))
                return
            }
            withExtendedLifetime(parser) { body(RuleNode(node: root, complaints: complaints)) }
        } catch let error as YamlError {
            report(error, complaints)
        } catch {
            complaints.add(
                Place(line: 1, column: 1),
                Wording(
                    "the file cannot be read as YAML; save it as UTF-8",
                    "dosya YAML olarak okunamıyor; UTF-8 olarak kaydedin"))
        }
    }

    /// Whether `tooDeep` or `controlSign` may find something: one pass over the bytes, where these
    /// look at every sign of every line.
    private static func isSuspicious(_ text: String) -> Bool {
        var open = 0
        var indent: Int? = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            if byte < 32, byte != 9, byte != 10, byte != 13 { return true }
            // A carriage return within a line, DEL, C1 controls; marks and no characters
            // (EF B? ..).
            if last == 13, byte != 10 { return true }
            if byte == 0x7F || byte == 0xEF || (last == 0xC2 && byte < 0xA0) { return true }
            switch byte {
            case 0x5B, 0x7B: open += 1
            case 0x5D, 0x7D: open = max(0, open - 1)
            default: break
            }
            switch byte {
            case 10: indent = 0
            case 0x20, 0x2D, 0x3F, 0x3A: indent = indent.map { $0 + 1 }
            default: indent = nil
            }
            if open > depthMax || indent ?? 0 > 2 * depthMax { return true }
            last = byte
        }
        return false
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

    /// Where a byte stood that is no UTF-8: its reader put U+FFFD in its place.
    private static func brokenLetter(_ lines: [[Unicode.Scalar]]) -> Place? {
        for (number, line) in lines.enumerated() {
            if let column = line.firstIndex(of: "\u{FFFD}") {
                return Place(line: number + 1, column: column + 1)
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
                Wording(
                    "the key \(key) stands here twice; keep one",
                    "\(key) anahtarı burada iki kez var; birini bırakın"), offending: key)
        default:
            complaints.add(
                Place(line: 1, column: 1),
                Wording(
                    "the file cannot be read as YAML; save it as UTF-8",
                    "dosya YAML olarak okunamıyor; UTF-8 olarak kaydedin"))
        }
    }

    /// Where in a line a curly quote begins the value of a key.
    private static func curlyValue(_ line: [Unicode.Scalar], _ number: Int) -> Place? {
        line.indices.dropFirst(2).first { index in
            RuleNode.curlyQuotes.contains(line[index]) && line[index - 1] == " "
                && (line[index - 2] == ":" || line[index - 2] == "-")
        }.map { Place(line: number, column: $0 + 1) }
    }

    private static let oneDocument = Wording(
        "a rule file is one document; delete this line",
        "bir kural dosyası tek belgedir; bu satırı silin")
    private static let noColon = Wording(
        "a colon is missing after this key, or the line belongs to the text above and is not indented"
            + " like it",
        "bu anahtardan sonra iki nokta eksik, ya da satır üstteki metne ait ve onun kadar içeride"
            + " değil")
    private static let noBlank = Wording(
        "a blank is missing after the colon", "iki noktadan sonra boşluk eksik")

    /// The line of `---`, `...` or `%YAML` at a complaint or right before it, below other lines.
    private static func marker(_ lines: [[Unicode.Scalar]], before end: Int) -> Place? {
        let number = [end, end - 1].first { number in
            guard (1...lines.count).contains(number) else { return false }
            let text = String(String.UnicodeScalarView(lines[number - 1]))
            // Above the first key they are allowed.
            let hasBegun = lines[..<(number - 1)].contains { line in
                line.first.map { ![" ", "#", "-", "%", "\r"].contains($0) } ?? false
            }
            return hasBegun
                && (text.hasPrefix("---") || text.hasPrefix("...") || text.hasPrefix("%"))
        }
        return number.map { Place(line: $0, column: 1) }
    }

    /// Whether a colon stands right behind the first word and right before another sign.
    private static func isTight(_ lines: [[Unicode.Scalar]], _ place: Place) -> Bool {
        guard (1...lines.count).contains(place.line) else { return false }
        let word = lines[place.line - 1].dropFirst(place.column - 1).drop { $0 == " " || $0 == "-" }
        let rest = word.drop { $0.properties.isAlphabetic || $0 == "_" }
        return rest.count < word.count && rest.first == ":" && rest.dropFirst().first != " "
    }

    /// A no-break blank before the words of a line or behind its first colon or dash, in one of
    /// these lines or right before it.
    private static func noBreakBlank(_ lines: [[Unicode.Scalar]], around numbers: [Int]) -> Place? {
        for number in numbers.flatMap({ [$0 - 1, $0] }) where (1...lines.count).contains(number) {
            let line = lines[number - 1]
            let key = line.firstIndex(of: ":") ?? line.count
            let column = line.prefix(key + 2).indices.first { index in
                line[index] == "\u{A0}"
                    && (index == key + 1
                        || line[..<index].allSatisfy { $0 == " " || $0 == "-" })
            }
            if let column { return Place(line: number, column: column + 1) }
        }
        return nil
    }

    private static func reworded(
        _ problem: String, _ context: String, _ place: Place, _ start: Place?,
        _ lines: [[Unicode.Scalar]]
    ) -> (Place, Wording) {
        let line = place.line <= lines.count && place.line > 0 ? lines[place.line - 1] : []
        let sign = place.column <= line.count && place.column > 0 ? line[place.column - 1] : nil
        if let marker = marker(lines, before: place.line) { return (marker, Self.oneDocument) }
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return (
                place,
                Wording(
                    "a tab stands before the text; indent with blanks",
                    "metnin önünde sekme var; boşlukla girintileyin")
            )
        }
        if let blank = noBreakBlank(lines, around: [start?.line ?? place.line, place.line]) {
            return (blank, YAMLSlips.blank)
        }
        let inList = problem.contains("',' or ']'") || problem.contains("',' or '}'")
        // A quote that is not closed swallows the rest of the file.
        let isInQuotes = context.contains("quoted scalar") && !problem.contains("escape")
        let end = isInQuotes ? start?.line ?? place.line : place.line
        if let slip = YAMLSlips.find(lines, upTo: end, inList: inList) { return slip }
        if let value = curlyValue(line, place.line) { return (value, RuleNode.curlyWording) }
        if context.contains("quoted scalar") {
            if problem.contains("escape") {
                return (
                    place,
                    Wording(
                        "a backslash in double quotes means something else; use single quotes: '…'",
                        "çift tırnak içinde ters bölü başka anlama gelir; tek tırnak kullanın: '…'")
                )
            }
            return (start ?? place, YAMLSlips.notClosed)
        }
        if problem.contains("anchor") || problem.contains("alias") {
            return (place, RuleNode.noAnchors)
        }
        if problem.contains("cannot start any token") {
            return (
                place,
                Wording(
                    "a text that begins with \(sign.map(String.init) ?? "this sign") stands in "
                        + "single quotes: '…'",
                    "\(sign.map(String.init) ?? "bu işaret") ile başlayan metin tek tırnak içine "
                        + "yazılır: '…'")
            )
        }
        if inList {
            return (
                start ?? place,
                Wording(
                    "this list is not closed; a pattern or text that begins with [ or { stands in "
                        + "single quotes: '…'",
                    "bu liste kapanmamış; [ ya da { ile başlayan desen ve metin tek tırnak içine "
                        + "yazılır: '…'")
            )
        }
        if problem.contains("mapping values are not allowed") {
            return (
                place,
                Wording(
                    "a text that holds a colon and a blank stands in single quotes: '…'",
                    "içinde iki nokta ve boşluk olan metin tek tırnak içine yazılır: '…'")
            )
        }
        if problem.contains("could not find expected ':'") {
            let key = start ?? place
            return (key, isTight(lines, key) ? Self.noBlank : Self.noColon)
        }
        if problem.contains("node content") {
            return (
                place,
                Wording(
                    "nothing stands before this; a comma or dash is too many, or a text in single "
                        + "quotes is missing: '…'",
                    "bundan önce bir şey yok; bir virgül ya da tire fazla ya da tek tırnaklı bir "
                        + "metin eksik: '…'")
            )
        }
        if problem.contains("block") || context.contains("block") {
            let begin = start.map(\.line).flatMap { $0 < place.line ? $0 : nil }
            return (
                place,
                Wording(
                    "this line is indented differently from the lines it belongs to"
                        + (begin.map { ", which begin in line \($0)" } ?? ""),
                    "bu satırın girintisi ait olduğu satırlarınkinden farklı"
                        + (begin.map { "; onlar \($0). satırda başlıyor" } ?? ""))
            )
        }
        return (
            place,
            Wording(
                "this is not YAML (\(problem)); put the text in single quotes: '…'",
                "bu YAML değil; metni tek tırnak içine alın: '…'")
        )
    }
}
