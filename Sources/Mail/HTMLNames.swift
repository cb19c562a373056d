// SPDX-License-Identifier: Apache-2.0

// What elements and attributes are called, as numbers that are compared at once.

extension HTMLText {
    /// The first eight letters of a name as one number, longer names as zero.
    static func key(_ name: UnsafePointer<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        var index = 0
        while name[index] != 0 {
            guard index < 8 else { return longKey(name) }
            key = key << 8 | UInt64(name[index])
            index += 1
        }
        return key
    }

    /// The names of more than eight letters that matter; their own length keeps them apart.
    static func longKey(_ name: UnsafePointer<UInt8>) -> UInt64 {
        switch String(cString: name) {
        case "blockquote": 1
        case "figcaption": 2
        case "background": 3
        default: 0
        }
    }

    static func key(_ name: String) -> UInt64 {
        name.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    }

    static let styleKey = key("style")
    static let classKey = key("class")
    static let hiddenKey = key("hidden")
    static let idKey = key("id")
    static let mediaKey = key("media")
    static let linkKey = key("link")
    static let overrideKey = key("bdo")
    static let colKey = key("col")
    static let supKey = key("sup")
    static let subKey = key("sub")
    static let fontKey = key("font")
    static let bodyKey = key("body")
    static let colorKey = key("color")
    static let textKey = key("text")
    static let groundKey = key("bgcolor")
    static let pictureKey: UInt64 = 3
    static let groupKeys = ["tbody", "thead", "tfoot"].map(key)
    static let groundKeys = ["body", "col"].map(key) + groupKeys

    static let kinds: KindTable = {
        var kinds = KindTable()
        let blocks = [
            "address", "article", "aside", "body", "caption", "center", "dd", "dir", "div", "dl",
            "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
            "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p", "section",
            "summary", "tbody", "tfoot", "thead", "ul",
        ]
        for key in [1, 2] + blocks.map(key) { kinds.add(key, .block) }
        // Not `head`: what has no business in it ends it for a reader, and not for libxml2.
        for name in ["script", "title", "template", "object", "svg"] {
            kinds.add(key(name), .skipped)
        }
        for name in ["table", "tr"] { kinds.add(key(name), .row) }
        for name in ["td", "th"] { kinds.add(key(name), .cell) }
        kinds.add(key("br"), .lineBreak)
        kinds.add(key("a"), .link)
        for name in ["button", "input", "mark", "select", "textarea"] {
            kinds.add(key(name), .control)
        }
        kinds.add(key("style"), .sheet)
        kinds.add(key("pre"), .preformatted)
        return kinds
    }()
}
