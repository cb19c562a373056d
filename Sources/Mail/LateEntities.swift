// SPDX-License-Identifier: Apache-2.0

/// Names of signs that HTML 5 has and libxml2 does not know: Turkish letters, and what stands in
/// amounts and times.
///
/// - Source: https://html.spec.whatwg.org/multipage/named-characters.html
enum LateEntities {
    private static let signs: [[UInt8]: [UInt8]] = {
        let table = [
            "scedil": "ş", "Scedil": "Ş", "gbreve": "ğ", "Gbreve": "Ğ", "imath": "ı",
            "inodot": "ı", "Idot": "İ", "comma": ",", "period": ".", "colon": ":", "sol": "/",
            "lpar": "(", "rpar": ")", "num": "#", "percnt": "%", "plus": "+", "equals": "=",
            "ast": "*", "lowbar": "_", "commat": "@", "excl": "!", "quest": "?", "semi": ";",
            "NonBreakingSpace": "\u{A0}", "Tab": " ", "NewLine": " ",
        ]
        return Dictionary(
            uniqueKeysWithValues: table.map { (Array($0.key.utf8), Array($0.value.utf8)) })
    }()
    /// Of the longest.
    private static let nameBytesMax = 16

    static func spelledOut(in html: [UInt8]) -> [UInt8] {
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
