// SPDX-License-Identifier: Apache-2.0

/// Slips of the pen that YAML takes for something else, and stumbles over only later: a quote that
/// is not closed, a dash or a blank that a word processor put there.
///
/// Looked for once YAML itself complains, in the lines up to there. Blocks of text (`text: |`) are
/// passed over: what mails hold is no slip.
struct YAMLSlips {
    private let lines: [[Unicode.Scalar]]
    /// Where a text in single quotes began that is not closed where it should be.
    private var openQuote: Place?
    /// Depth of brackets outside of quotes.
    private var depth = 0
    /// The indent of the key of a block of text.
    private var block: Int?
    /// What is wrong with quotes; the first counts, all others follow from it.
    private var ofQuotes: (place: Place, wording: Wording)?
    /// The last sign that looks like another one.
    private var ofSigns: (place: Place, wording: Wording)?
    /// The last # inside of brackets.
    private var ofComments: (place: Place, wording: Wording)?

    /// A wrong indent shows in the lines below it, at most this far.
    private static let linesMax = 3

    /// What explains a complaint in line `end`, from 1; nil when nothing does.
    /// - Parameter inList: the complaint is that a list is not closed.
    static func find(
        _ lines: [[Unicode.Scalar]], upTo end: Int, inList: Bool
    ) -> (place: Place, wording: Wording)? {
        var slips = YAMLSlips(lines: lines)
        for index in lines.indices.prefix(end) where slips.ofQuotes == nil { slips.scan(index) }
        if let open = slips.openQuote, slips.ofQuotes == nil {
            slips.ofQuotes = (open, Self.notClosed)
        }
        if let found = slips.ofQuotes { return found }
        if let found = slips.ofSigns, found.place.line + Self.linesMax >= end { return found }
        return inList ? slips.ofComments : nil
    }

    private init(lines: [[Unicode.Scalar]]) { self.lines = lines }

    static let notClosed = Wording(
        "the quote that opens here is not closed; a quote within the text is written twice: ''",
        "burada açılan tırnak kapanmamış; metnin içindeki ' iki kez yazılır: ''")
    private static let inner = Wording(
        "this quote ends the text; within a text in single quotes it is written twice: ''",
        "bu tırnak metni bitiriyor; tek tırnaklı metnin içindeki ' iki kez yazılır: ''")
    private static let comment = Wording(
        "# begins a comment here; a text that holds it stands in single quotes: '…'",
        "# burada yorum başlatıyor; içinde # olan metin tek tırnak içine yazılır: '…'")
    static let blank = Wording(
        "this blank is a non-breaking one; write ordinary blanks",
        "bu boşluk bölünmez bir boşluk; sıradan boşluk yazın")
    private static let dash = Wording(
        "this dash is not the one of the keyboard; an entry of a list begins with - and a blank",
        "bu tire klavyedeki tire değil; listenin her satırı - ve bir boşlukla başlar")
    private static let tight = Wording(
        "a blank is missing behind this -; an entry of a list begins with - and a blank",
        "bu tireden sonra boşluk eksik; listenin her satırı - ve bir boşlukla başlar")

    private mutating func scan(_ index: Int) {
        let line = lines[index]
        let indent = line.prefix { $0 == " " }.count
        let isEmpty = !line.contains { $0 != " " && $0 != "\r" }
        if let key = block {
            if isEmpty || indent > key { return }
            block = nil
        }
        guard !isEmpty else { return }
        if openQuote == nil { look(at: line, index, indent) }
        var column = indent
        // The last sign that is no blank: a text begins behind one of these.
        var before: Unicode.Scalar?
        while column < line.count, ofQuotes == nil {
            let sign = line[column]
            let isApart = column == 0 || [" ", "[", "{", ","].contains(line[column - 1])
            if openQuote != nil {
                column = end(of: line, index, from: column)
                before = "'"
                continue
            }
            switch sign {
            case "'" where isApart && (before.map(Self.begins) ?? true):
                openQuote = Place(line: index + 1, column: column + 1)
            case "#" where isApart:
                if depth > 0 {
                    ofComments = (Place(line: index + 1, column: column + 1), Self.comment)
                }
                return
            case "[", "{": depth += before.map(Self.begins) ?? true ? 1 : 0
            case "]", "}": depth = max(0, depth - 1)
            default: break
            }
            if sign != " " { before = sign }
            column += 1
        }
        let tail = line.reversed().drop { $0 == "\r" || $0 == " " || $0 == "-" || $0 == "+" }
        if openQuote == nil, depth == 0, let last = tail.first, last == "|" || last == ">",
            tail.dropFirst().first == " "
        {
            block = indent
        }
    }

    private static func begins(_ sign: Unicode.Scalar) -> Bool {
        [":", "-", "[", "{", ","].contains(sign)
    }

    /// Behind the quote that closes the open text, or the end of the line.
    private mutating func end(of line: [Unicode.Scalar], _ index: Int, from start: Int) -> Int {
        guard let open = openQuote,
            let quote = line.indices.dropFirst(start).first(where: { line[$0] == "'" })
        else { return line.count }
        if quote + 1 < line.count, line[quote + 1] == "'" { return quote + 2 }
        let next = line.dropFirst(quote + 1).first { $0 != " " && $0 != "\r" }
        if let next, ![",", "]", "}", ":", "#"].contains(next) {
            ofQuotes =
                open.line == index + 1
                ? (Place(line: index + 1, column: quote + 1), Self.inner) : (open, Self.notClosed)
        }
        openQuote = nil
        return quote + 1
    }

    /// Signs at the start of a line that look like others.
    private mutating func look(at line: [Unicode.Scalar], _ index: Int, _ indent: Int) {
        guard indent < line.count else { return }
        let place = Place(line: index + 1, column: indent + 1)
        if line[indent] != "\t", line[indent] != "\r", line[indent].properties.isWhitespace {
            ofSigns = (place, Self.blank)
        } else if line[indent] != "-", RuleNode.dashes.contains(line[indent]) {
            ofSigns = (place, Self.dash)
        } else if line[indent] == "-", indent + 1 < line.count,
            line[indent + 1].properties.isAlphabetic
        {
            ofSigns = (place, Self.tight)
        }
    }
}
