// SPDX-License-Identifier: Apache-2.0

/// Documents that are made to cost.
enum Bomb: String, CaseIterable {
    case deepArrays
    case deepPageTree
    case pageTreeLoop
    case manyPages
    case manyWords
    case compressed
    case formLoop

    var document: [UInt8] {
        switch self {
        case .deepArrays:
            let deep = String(repeating: "[", count: 200_000)
            return PDFMaker.document([[.init(x: 9, y: 9, text: "a")]], root: "/X \(deep)")
        case .deepPageTree:
            // 20,000 nodes, each within the one before.
            let nodes = (2..<20_002).map {
                Array("<</Type/Pages/Count 1/Kids[\($0 + 1) 0 R]>>".utf8)
            }
            return PDFMaker.file([Array("<</Type/Catalog/Pages 2 0 R>>".utf8)] + nodes)
        case .pageTreeLoop:
            return PDFMaker.file([
                Array("<</Type/Catalog/Pages 2 0 R>>".utf8),
                Array("<</Type/Pages/Count 2147483647/Kids[2 0 R 2 0 R]>>".utf8),
            ])
        case .manyPages:
            return PDFMaker.document(
                Array(repeating: [PDFMaker.Text(x: 40, y: 40, text: "a")], count: 5000))
        case .manyWords:
            // All at one place: whoever compares each with each takes for ever.
            return PDFMaker.document([
                Array(repeating: PDFMaker.Text(x: 40, y: 40, text: "a"), count: 60_000)
            ])
        case .compressed:
            return Self.page(
                PDFMaker.stream(RunLengths.blanks(1 << 28), dictionary: "/Filter/RunLengthDecode"))
        case .formLoop:
            let form = PDFMaker.stream(
                Array("/X Do /X Do ".utf8),
                dictionary: "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
                    + "/Resources<</XObject<</X 4 0 R>>>>")
            return PDFMaker.file([
                Array("<</Type/Catalog/Pages 2 0 R>>".utf8),
                Array("<</Type/Pages/Count 1/Kids[3 0 R]>>".utf8),
                Array(
                    ("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]"
                        + "/Resources<</XObject<</X 4 0 R>>>>/Contents 5 0 R>>").utf8), form,
                PDFMaker.stream(Array("/X Do".utf8)),
            ])
        }
    }

    /// A document of one page without a font, drawn by this stream.
    static func page(_ content: [UInt8], resources: String = "") -> [UInt8] {
        PDFMaker.file([
            Array("<</Type/Catalog/Pages 2 0 R>>".utf8),
            Array("<</Type/Pages/Count 1/Kids[3 0 R]>>".utf8),
            Array(
                ("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<\(resources)>>"
                    + "/Contents 4 0 R>>").utf8), content,
        ])
    }
}

enum RunLengths {
    /// So many blanks, 128 of them in two bytes (ISO 32000-1 §7.4.5).
    static func blanks(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<(count / 128) { bytes += [129, 32] }
        return bytes + [128]
    }
}

enum Pictures {
    /// A page with a picture of four dots and nothing else.
    static let onePicture = Bomb.page(
        PDFMaker.stream(
            Array(
                "q 99 0 0 99 9 9 cm BI /W 2 /H 2 /CS /G /BPC 8 ID ".utf8) + [0, 255, 255, 0]
                + Array(" EI Q".utf8)))
}
