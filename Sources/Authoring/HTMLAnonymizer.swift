// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Replaces what is personal in HTML: texts and the attributes that people see or that lead
/// somewhere. Tags and styles stay; comments and scripts are emptied.
struct HTMLAnonymizer {
    /// Attributes that only say how something looks.
    private static let formal: Set<String> = [
        "style", "class", "width", "height", "align", "valign", "border", "cellpadding",
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

    /// The page with everything personal replaced.
    func rewrite(_ html: String) -> String {
        let signs = Array(html.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        while index < signs.count {
            if signs[index] == "<", let end = markupEnd(signs, index) {
                let tag = signs[index..<end]
                if tag.starts(with: "<!--".unicodeScalars) {
                    // A conditional comment is markup for one reader; its texts are not kept.
                    output.append(contentsOf: "<!-- -->".unicodeScalars)
                    index = end
                } else {
                    output.append(contentsOf: self.tag(tag))
                    index = end
                    let name = Self.name(of: tag)
                    if name == "style" || Self.hiddenElements.contains(name) {
                        let close = closing(name, signs, index)
                        if name == "style" { output.append(contentsOf: signs[index..<close]) }
                        index = close
                    }
                }
            } else {
                let end = signs[(index + 1)...].firstIndex(of: "<") ?? signs.count
                output.append(contentsOf: text(signs[index..<end]))
                index = end
            }
        }
        return String(output)
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
        let name = tag.dropFirst().prefix { TextScanner.isWordSign($0) }
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
            let isKept = Self.formal.contains(name) || isMeta && saysCharset
            output += isKept ? Array(value) : text(value, inAttribute: true)
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

    // MARK: - Texts

    /// A text with entities: read as what it shows, written as it was written.
    private func text(
        _ signs: ArraySlice<Unicode.Scalar>, inAttribute: Bool = false
    ) -> [Unicode.Scalar] {
        var shown: [Unicode.Scalar] = []
        var written: [ArraySlice<Unicode.Scalar>] = []
        var index = signs.startIndex
        while index < signs.endIndex {
            var end = index + 1
            var sign = signs[index]
            if sign == "&", let (meant, behind) = Self.entity(signs, index) {
                (sign, end) = (meant, behind)
            }
            shown.append(sign)
            written.append(signs[index..<end])
            index = end
        }
        var output: [Unicode.Scalar] = []
        var next = 0
        for edit in anonymizer.edits(
            shown, canWrite: { inAttribute || canWrite($0) || $0.value > 127 })
        {
            for place in next..<edit.range.lowerBound { output += written[place] }
            let isSameLength = edit.signs.count == edit.range.count
            for (offset, sign) in edit.signs.enumerated() {
                let place = edit.range.lowerBound + offset
                if isSameLength, shown[place] == sign {
                    output += written[place]
                } else {
                    output += escaped(sign)
                }
            }
            next = edit.range.upperBound
        }
        for place in next..<shown.count { output += written[place] }
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
    ]

    /// The sign that an entity stands for, and the place behind it.
    private static func entity(
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
        return named[name].map { ($0, end + 1) }
    }
}
