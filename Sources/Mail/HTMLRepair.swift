// SPDX-License-Identifier: Apache-2.0

/// What browsers understand in a page and libxml2 does not, said in words that it knows.
///
/// - Source: https://html.spec.whatwg.org/multipage/parsing.html and named-characters.html
enum HTMLRepair {
    /// Bytes of `<![if …]>`; real ones stay below 60.
    private static let conditionBytesMax = 200

    static func mended(_ html: [UInt8]) -> [UInt8] {
        withLineBreaks(withSigns(withoutConditions(html)))
    }

    /// Without `<![if …]>` and `<![endif]>`, which Outlook understands and libxml2 takes for text.
    private static func withoutConditions(_ html: [UInt8]) -> [UInt8] {
        html.withUnsafeBufferPointer { bytes in
            var out: [UInt8] = []
            var taken = 0
            var from = 2
            while let bracket = ASCII.place(of: 91, in: bytes, from: from) {
                from = bracket + 1
                guard bytes[bracket - 1] == 33, bytes[bracket - 2] == 60, bracket - 2 >= taken
                else { continue }
                // A mark is short; one without an end is left as it is.
                let near = bytes[bracket..<min(bytes.count, bracket - 2 + conditionBytesMax)]
                // `<![endif]-->` also ends a comment, and that end is needed.
                guard let end = near.firstIndex(of: 62), bytes[end - 1] == 93 else { continue }
                out.append(contentsOf: bytes[taken..<bracket - 2])
                taken = end + 1
                from = max(from, taken + 2)
            }
            return taken == 0 ? html : out + bytes[taken...]
        }
    }

    /// With `<br >` for `</br>`, as browsers take it; libxml2 would put both lines together.
    private static func withLineBreaks(_ html: [UInt8]) -> [UInt8] {
        var html = html
        var from = 1
        while let slash = html.withUnsafeBufferPointer({
            ASCII.place(of: 47, in: $0, from: from)
        }) {
            from = slash + 1
            guard html[slash - 1] == 60, slash + 3 < html.count,
                ASCII.lower(html[slash + 1]) == 98, ASCII.lower(html[slash + 2]) == 114,
                html[slash + 3] <= ASCII.blank || html[slash + 3] == 62 || html[slash + 3] == 47
            else { continue }
            (html[slash], html[slash + 1], html[slash + 2]) = (98, 114, 32)
        }
        return html
    }

    private static let signs: [[UInt8]: [UInt8]] = {
        let table = [
            "scedil": "ş", "Scedil": "Ş", "gbreve": "ğ", "Gbreve": "Ğ", "imath": "ı",
            "inodot": "ı", "Idot": "İ", "comma": ",", "period": ".", "colon": ":", "sol": "/",
            "lpar": "(", "rpar": ")", "num": "#", "percnt": "%", "plus": "+", "equals": "=",
            "dollar": "$", "hyphen": "-", "dash": "-", "lsqb": "[", "rsqb": "]", "lbrack": "[",
            "rbrack": "]", "apos": "'", "bsol": "\\", "verbar": "|", "MediumSpace": " ",
            "ast": "*", "lowbar": "_", "commat": "@", "excl": "!", "quest": "?", "semi": ";",
            "NonBreakingSpace": "\u{A0}", "Tab": " ", "NewLine": " ",
        ]
        return Dictionary(
            uniqueKeysWithValues: table.map { (Array($0.key.utf8), Array($0.value.utf8)) })
    }()
    /// Of the longest.
    private static let nameBytesMax = 16

    /// With signs for the names of them that HTML 5 has and libxml2 does not know: Turkish letters,
    /// and what stands in amounts and times.
    private static func withSigns(_ html: [UInt8]) -> [UInt8] {
        html.withUnsafeBufferPointer { bytes in
            var out: [UInt8] = []
            var taken = 0
            var from = 0
            while let mark = ASCII.place(of: 38, in: bytes, from: from) {
                from = mark + 1
                let near = bytes[from..<min(bytes.count, from + nameBytesMax + 1)]
                guard let end = near.firstIndex(of: ASCII.semicolon),
                    let sign = signs[Array(near[..<end])]
                else { continue }
                out += bytes[taken..<mark]
                out += sign
                taken = end + 1
                from = taken
            }
            return taken == 0 ? html : out + bytes[taken...]
        }
    }
}
