// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Replaces what is personal in HTML: texts and the attributes that people see or that lead
/// somewhere. Tags and styles stay; comments and scripts are emptied.
struct HTMLAnonymizer {
    /// Attributes that only say how something looks.
    private static let formal: Set<String> = [
        "width", "height", "align", "valign", "border", "cellpadding",
        "cellspacing", "bgcolor", "color", "face", "size", "rel", "type", "http-equiv", "charset",
        "lang", "dir", "colspan", "rowspan", "role", "target", "media", "scope", "nowrap", "xmlns",
        "xmlns:v", "xmlns:o", "hspace", "vspace", "frame", "rules", "start", "shape",
    ]
    private static let hiddenElements: Set<String> = ["script", "noscript", "object", "svg"]
    /// Longer tags are no tags; a quote that never ends must not be searched again and again.
    private static let tagLengthMax = 20_000
    /// Longer entities do not exist.
    private static let entityLengthMax = 12

    let anonymizer: TextAnonymizer
    let canWrite: (Unicode.Scalar) -> Bool

    /// Elements that do not end a word: `NE<b>HİR</b>` is read as one.
    private static let inlineElements: Set<String> = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em",
        "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "tt", "u", "var", "wbr",
    ]

    /// The page with everything personal replaced.
    func rewrite(_ html: String) -> String {
        let signs = Array(html.unicodeScalars)
        var output: [Unicode.Scalar] = []
        var run = ShownText()
        var index = 0
        while index < signs.count {
            guard signs[index] == "<", let end = markupEnd(signs, index) else {
                let end = signs[(index + 1)...].firstIndex(of: "<") ?? signs.count
                run.add(signs[index..<end])
                index = end
                continue
            }
            let tag = signs[index..<end]
            index = end
            let name = Self.name(of: tag)
            if Self.inlineElements.contains(name) {
                run.add(markup: self.tag(tag))
                continue
            }
            output += replaced(run)
            run = ShownText()
            // A conditional comment is markup for one reader; its texts are not kept.
            output +=
                tag.starts(with: "<!--".unicodeScalars)
                ? Array("<!-- -->".unicodeScalars) : self.tag(tag)
            let isOpening = tag.dropFirst().first != "/"
            if isOpening, name == "style" || Self.hiddenElements.contains(name) {
                let close = closing(name, signs, index)
                if name == "style" { output += style(signs[index..<close]) }
                index = close
            }
        }
        output += replaced(run)
        return String(String.UnicodeScalarView(output))
    }

    /// Behind a tag or comment that begins at `start`; nil when it is only a sign.
    private func markupEnd(_ signs: [Unicode.Scalar], _ start: Int) -> Int? {
        guard start + 1 < signs.count else { return nil }
        let next = signs[start + 1]
        guard next == "!" || next == "/" || next == "?" || next.properties.isAlphabetic else {
            return nil
        }
        if signs[start...].starts(with: "<!--".unicodeScalars) {
            var index = start + 4
            while index + 2 < signs.count {
                if signs[index] == "-", signs[index + 1] == "-", signs[index + 2] == ">" {
                    return index + 3
                }
                index += 1
            }
            return signs.count
        }
        var quote: Unicode.Scalar?
        for index in (start + 1)..<min(signs.count, start + Self.tagLengthMax) {
            let sign = signs[index]
            if let open = quote {
                if sign == open { quote = nil }
            } else if sign == "\"" || sign == "'" {
                quote = sign
            } else if sign == ">" {
                return index + 1
            }
        }
        // A quote that never ends: the tag ends at the next bracket.
        let end = min(signs.count, start + Self.tagLengthMax)
        return signs[start..<end].firstIndex(of: ">").map { $0 + 1 } ?? end
    }

    private static func name(of tag: ArraySlice<Unicode.Scalar>) -> String {
        let name = tag.dropFirst().drop { $0 == "/" }.prefix { TextScanner.isWordSign($0) }
        return String(String.UnicodeScalarView(name)).lowercased()
    }

    private func closing(_ name: String, _ signs: [Unicode.Scalar], _ start: Int) -> Int {
        let close = Array("</\(name)".unicodeScalars)
        var index = start
        while index + close.count <= signs.count {
            if signs[index] == "<",
                String(String.UnicodeScalarView(signs[index..<(index + close.count)])).lowercased()
                    == "</\(name)"
            {
                return index
            }
            index += 1
        }
        return signs.count
    }

    // MARK: - Tags

    private func tag(_ tag: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var output: [Unicode.Scalar] = []
        let isMeta = Self.name(of: tag) == "meta"
        let saysCharset = String(String.UnicodeScalarView(tag)).lowercased().contains("charset")
        var index = tag.startIndex
        while index < tag.endIndex {
            guard tag[index] == "=" else {
                output.append(tag[index])
                index += 1
                continue
            }
            let name = Self.attributeName(output)
            output.append("=")
            index += 1
            while index < tag.endIndex, tag[index] == " " {
                output.append(" ")
                index += 1
            }
            guard index < tag.endIndex else { break }
            let quote: Unicode.Scalar? = ["\"", "'"].contains(tag[index]) ? tag[index] : nil
            let start = quote == nil ? index : index + 1
            let end =
                tag[start...].firstIndex { sign in
                    quote.map { sign == $0 } ?? (sign == ">" || sign == " " || sign == "\n")
                } ?? tag.endIndex
            if let quote { output.append(quote) }
            let value = tag[start..<end]
            if name == "class" {
                output += anonymizer.rewriteNames(value)
            } else if name == "style" {
                output += style(value)
            } else if Self.formal.contains(name) || isMeta && saysCharset {
                output += value
            } else {
                output += replaced(ShownText(value), inAttribute: true)
            }
            if let quote, end < tag.endIndex { output.append(quote) }
            index = end < tag.endIndex && quote != nil ? end + 1 : end
        }
        return output
    }

    /// The word before an equals sign.
    private static func attributeName(_ written: [Unicode.Scalar]) -> String {
        let name = written.reversed().drop { $0 == " " }.prefix { sign in
            TextScanner.isWordSign(sign) || sign == "-" || sign == ":" || sign == "_"
        }
        return String(String.UnicodeScalarView(name.reversed())).lowercased()
    }

    // MARK: - Styles

    /// Style sheets without their comments; names of classes and parts as in the tags, links as in
    /// texts.
    private func style(_ css: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var output: [Unicode.Scalar] = []
        var index = css.startIndex
        while index < css.endIndex {
            let next = index + 1 < css.endIndex ? css[index + 1] : nil
            if css[index] == "/", next == "*" {
                var end = index + 2
                while end < css.endIndex, css[end] != "/" || css[end - 1] != "*" || end < index + 3
                {
                    end += 1
                }
                index = min(end + 1, css.endIndex)
            } else if let link = Self.link(in: css[index...]) {
                output += css[index..<link.startIndex]
                let text = String(String.UnicodeScalarView(link))
                output += Array(anonymizer.rewrite(text).unicodeScalars)
                index = link.endIndex
            } else if css[index] == "\"" || css[index] == "'" {
                let text = css[(index + 1)...].prefix { $0 != css[index] }
                output.append(css[index])
                output += anonymizer.rewriteNames(text)
                output += css[text.endIndex...].prefix(1)
                index = min(text.endIndex + 1, css.endIndex)
            } else if css[index] == "." || css[index] == "#" {
                let name = css[(index + 1)...].prefix {
                    TextScanner.isWordSign($0) || $0 == "-" || $0 == "_"
                }
                output.append(css[index])
                output += anonymizer.rewriteNames(name)
                index = name.endIndex
            } else {
                output.append(css[index])
                index += 1
            }
        }
        return output
    }

    /// What stands between the brackets of `url(…)` at the beginning.
    private static func link(in css: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>? {
        let word = "url(".unicodeScalars
        guard css.count > word.count,
            zip(css, word).allSatisfy({
                $0.properties.lowercaseMapping == $1.properties.lowercaseMapping
            })
        else { return nil }
        let inside = css.dropFirst(word.count)
        return inside.prefix { $0 != ")" }
    }

    // MARK: - Texts

    /// A text with the entities in it and the inline tags around its words: what it shows, and how
    /// each sign of that was written.
    private struct ShownText {
        private(set) var shown: [Unicode.Scalar] = []
        private(set) var written: [[Unicode.Scalar]] = []
        /// Tags behind each sign; the first ones stand before the text.
        private(set) var markup: [[Unicode.Scalar]] = [[]]

        init() {}

        init(_ signs: ArraySlice<Unicode.Scalar>) { add(signs) }

        mutating func add(markup tag: [Unicode.Scalar]) { markup[markup.count - 1] += tag }

        mutating func add(_ signs: ArraySlice<Unicode.Scalar>) {
            var index = signs.startIndex
            while index < signs.endIndex {
                var end = index + 1
                var sign = signs[index]
                if sign == "&", let (meant, behind) = HTMLAnonymizer.entity(signs, index) {
                    (sign, end) = (meant, behind)
                }
                put(sign, Array(signs[index..<end]))
                index = end
            }
        }

        private mutating func put(_ sign: Unicode.Scalar, _ source: [Unicode.Scalar]) {
            // What nobody sees goes with the sign before it, and is gone where that is replaced.
            if let last = shown.indices.last, HTMLAnonymizer.isInvisible(sign),
                markup[last + 1].isEmpty
            {
                written[last] += source
                return
            }
            // A tag ends all but a word: a label and the number behind it stay two.
            if let last = shown.last, markup.last?.isEmpty == false,
                !last.properties.isAlphabetic || !sign.properties.isAlphabetic
            {
                append(HTMLAnonymizer.border, [])
            }
            append(sign, source)
        }

        private mutating func append(_ sign: Unicode.Scalar, _ source: [Unicode.Scalar]) {
            shown.append(sign)
            written.append(source)
            markup.append([])
        }
    }

    /// Stands for the end of a piece of text and is written as nothing.
    static let border: Unicode.Scalar = "\u{FFFC}"

    fileprivate static func isInvisible(_ sign: Unicode.Scalar) -> Bool {
        sign.properties.isDefaultIgnorableCodePoint
    }

    /// Read as what it shows, written as it was written.
    private func replaced(_ text: ShownText, inAttribute: Bool = false) -> [Unicode.Scalar] {
        let shown = text.shown
        var output = text.markup[0]
        var next = 0
        func keep(upTo end: Int) {
            for place in next..<end { output += text.written[place] + text.markup[place + 1] }
            next = end
        }
        let edits = anonymizer.edits(
            shown, canWrite: { inAttribute || canWrite($0) || $0.value > 127 })
        for edit in edits {
            keep(upTo: edit.range.lowerBound)
            let isSameLength = edit.signs.count == edit.range.count
            for (offset, sign) in edit.signs.enumerated() {
                let place = edit.range.lowerBound + offset
                let isKept = isSameLength && shown[place] == sign
                output += isKept ? text.written[place] : escaped(sign)
                if isSameLength { output += text.markup[place + 1] }
            }
            if !isSameLength { for place in edit.range { output += text.markup[place + 1] } }
            next = edit.range.upperBound
        }
        keep(upTo: shown.count)
        return output
    }

    private func escaped(_ sign: Unicode.Scalar) -> [Unicode.Scalar] {
        switch sign {
        case "&": return Array("&amp;".unicodeScalars)
        case "<": return Array("&lt;".unicodeScalars)
        case ">": return Array("&gt;".unicodeScalars)
        default: break
        }
        if sign.isASCII || canWrite(sign) { return [sign] }
        return Array("&#\(sign.value);".unicodeScalars)
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "ouml": "ö", "Ouml": "Ö", "uuml": "ü", "Uuml": "Ü", "ccedil": "ç", "Ccedil": "Ç",
        "auml": "ä", "Auml": "Ä", "szlig": "ß", "acirc": "â", "Acirc": "Â", "icirc": "î",
        "Icirc": "Î", "ucirc": "û", "Ucirc": "Û", "eacute": "é", "Eacute": "É", "iacute": "í",
        "aacute": "á", "oacute": "ó", "uacute": "ú", "yacute": "ý", "inodot": "ı", "scedil": "ş",
        "Scedil": "Ş", "gbreve": "ğ", "Gbreve": "Ğ", "Idot": "İ", "imath": "ı", "bull": "•",
        "shy": "\u{AD}", "zwnj": "\u{200C}", "zwj": "\u{200D}",
    ]

    /// The sign that an entity stands for, and the place behind it.
    fileprivate static func entity(
        _ signs: ArraySlice<Unicode.Scalar>, _ start: Int
    ) -> (Unicode.Scalar, Int)? {
        let limit = min(signs.endIndex, start + entityLengthMax)
        guard let end = signs[start..<limit].firstIndex(of: ";"), end > start + 1 else {
            return nil
        }
        let name = String(String.UnicodeScalarView(signs[(start + 1)..<end]))
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let value =
                digits.hasPrefix("x") || digits.hasPrefix("X")
                ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init).map { ($0, end + 1) }
        }
        if let sign = named[name] { return (sign, end + 1) }
        // Of any other name nobody reads letters either.
        let isName = name.unicodeScalars.allSatisfy { $0.isASCII && TextScanner.isWordSign($0) }
        return isName ? (border, end + 1) : nil
    }
}
