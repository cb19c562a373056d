// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Writes small PDFs: one font, one content stream per page. Source: ISO 32000-1 §7.5, §9.6.5.
struct PDFMaker {
    /// A text at a place; points from the upper left corner.
    struct Text {
        var x: Double
        var y: Double
        var size = 10.0
        var text: String
    }

    /// Letters that WinAnsiEncoding lacks, by their glyph names, from code 128 on.
    private static let glyphs: [(Character, String)] = [
        ("Ğ", "Gbreve"), ("ğ", "gbreve"), ("İ", "Idotaccent"), ("ı", "dotlessi"),
        ("Ş", "Scedilla"), ("ş", "scedilla"), ("\u{FB02}", "fl"), ("\u{FB01}", "fi"),
        ("Ö", "Odieresis"), ("ö", "odieresis"), ("Ü", "Udieresis"), ("ü", "udieresis"),
        ("Ç", "Ccedilla"), ("ç", "ccedilla"),
    ]

    /// A document with these pages. `root` goes into its catalogue.
    static func document(_ pages: [[Text]], root: String = "") -> [UInt8] {
        let numbers = pages.indices.map { 4 + 2 * $0 }
        let kids = numbers.map { "\($0) 0 R" }.joined(separator: " ")
        let names = glyphs.map { "/\($0.1)" }.joined(separator: " ")
        var objects = [
            "<</Type/Catalog/Pages 2 0 R\(root)>>",
            "<</Type/Pages/Count \(pages.count)/Kids[\(kids)]>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding"
                + "/BaseEncoding/WinAnsiEncoding/Differences[128 \(names)]>>>>",
        ].map { Array($0.utf8) }
        for (page, number) in zip(pages, numbers) {
            objects.append(
                Array(
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
                        .utf8) + Array("/Contents \(number + 1) 0 R>>".utf8))
            objects.append(stream(page.flatMap(draw)))
        }
        return file(objects)
    }

    /// A file of these objects; the first is the catalogue.
    static func file(_ objects: [[UInt8]]) -> [UInt8] {
        var out = Array("%PDF-1.4\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(out.count)
            out += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let table = offsets.map { offset in
            String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n"
        }
        let start = out.count
        out += Array(
            ("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n" + table.joined()
                + "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n")
                .utf8)
        return out
    }

    /// A stream with its length, as it is.
    static func stream(_ bytes: [UInt8], dictionary: String = "") -> [UInt8] {
        Array("<</Length \(bytes.count)\(dictionary)>>stream\n".utf8) + bytes
            + Array("\nendstream".utf8)
    }

    private static func draw(_ text: Text) -> [UInt8] {
        Array("BT /F \(text.size) Tf \(text.x) \(842 - text.y) Td <".utf8)
            + text.text.flatMap { character in
                let place = glyphs.firstIndex { $0.0 == character }
                let code = place.map { 128 + $0 } ?? Int(character.asciiValue ?? 63)
                let digits = String(code, radix: 16)
                return Array((digits.count == 1 ? "0" + digits : digits).utf8)
            } + Array("> Tj ET\n".utf8)
    }
}

extension PDFMaker {
    /// The cells of a bank's receipt, the labels in a column of their own.
    static func receipt(_ rows: [(String, String)], title: String) -> [UInt8] {
        var page = [Text(x: 40, y: 60, size: 16, text: title)]
        for (index, row) in rows.enumerated() {
            let y = 100 + Double(index) * 18
            page.append(Text(x: 40, y: y, text: row.0))
            // Half a line lower, as in receipts whose values are in another font.
            if !row.1.isEmpty { page.append(Text(x: 220, y: y + 1.5, text: row.1)) }
        }
        return document([page])
    }

    /// The rows of a statement, each cell at the place of its column.
    static func statement(_ rows: [[String]], columns: [Double]) -> [UInt8] {
        document([
            rows.enumerated().flatMap { index, row in
                zip(columns, row).map {
                    Text(x: $0, y: 100 + Double(index) * 14, size: 8, text: $1)
                }
            }
        ])
    }
}
