// SPDX-License-Identifier: Apache-2.0

/// What the style of an element says about whether its text is seen.
///
/// Of several declarations of one property the last one counts, `!important` ones before others.
/// Not looked at: what layout makes of it all.
struct DeclaredStyle {
    /// The properties that matter, a bit each.
    private struct Properties: OptionSet {
        let rawValue: UInt64

        static let display = Properties(rawValue: 1)
        static let visibility = Properties(rawValue: 1 << 1)
        static let opacity = Properties(rawValue: 1 << 2)
        static let fontSize = Properties(rawValue: 1 << 3)
        static let overflow = Properties(rawValue: 1 << 4)
        static let height = Properties(rawValue: 1 << 5)
        static let heightMax = Properties(rawValue: 1 << 6)
        static let width = Properties(rawValue: 1 << 7)
        static let widthMax = Properties(rawValue: 1 << 8)
        /// Outlook's own.
        static let outlook = Properties(rawValue: 1 << 9)
        static let indent = Properties(rawValue: 1 << 10)
        static let left = Properties(rawValue: 1 << 11)
        static let top = Properties(rawValue: 1 << 12)
        static let clip = Properties(rawValue: 1 << 13)
        static let clipPath = Properties(rawValue: 1 << 14)
        static let transform = Properties(rawValue: 1 << 15)

        // What follows hides nothing by itself; the bit is set for what the comment says.

        /// Letters of no size at all, not of one pixel.
        static let noLetters = Properties(rawValue: 1 << 16)
        /// Letters several times as large as those around.
        static let largerLetters = Properties(rawValue: 1 << 17)
        /// A box, not a stretch of a line.
        static let box = Properties(rawValue: 1 << 18)
        /// `left` and `top` count.
        static let position = Properties(rawValue: 1 << 19)
        /// Out of the flow: what is under it need not be what is around it.
        static let lifted = Properties(rawValue: 1 << 20)
        /// Moved over its neighbours.
        static let margin = Properties(rawValue: 1 << 21)
        static let turned = Properties(rawValue: 1 << 22)
        /// The value is in `color`.
        static let color = Properties(rawValue: 1 << 23)
        /// The value is in `ground`.
        static let ground = Properties(rawValue: 1 << 24)
        /// A picture or a gradient as ground.
        static let picture = Properties(rawValue: 1 << 25)
        static let textShadow = Properties(rawValue: 1 << 26)
        static let letterFill = Properties(rawValue: 1 << 27)
        static let letterRim = Properties(rawValue: 1 << 28)
        /// The ground paints the letters.
        static let textClip = Properties(rawValue: 1 << 29)
        static let filter = Properties(rawValue: 1 << 30)
        /// One inside of the box.
        static let shadow = Properties(rawValue: 1 << 31)

        /// Some size at least, or a rim in which what overflows is seen.
        static let room = Properties(rawValue: 1 << 32)
        static let floated = Properties(rawValue: 1 << 33)
        /// In a line with its neighbours.
        static let inline = Properties(rawValue: 1 << 34)
        /// Letters in another order than they are written in.
        static let order = Properties(rawValue: 1 << 35)

        static let extents: Properties = [.height, .heightMax, .width, .widthMax]
        /// Letters painted or ringed otherwise than by `color` upon `ground`.
        static let effects: Properties = [
            .textShadow, .letterFill, .letterRim, .textClip, .filter, .shadow,
        ]
        static let moves: Properties = [.lifted, .margin, .turned]
        static let paints: Properties = [.color, .ground, .picture, effects]
        /// What is no hiding although its bit is set.
        static let others: Properties = [
            .noLetters, .largerLetters, .box, .position, .moves, .paints, .room, .floated,
            .inline, .order,
        ]
    }

    private var declared: Properties = []
    /// Those of `declared` that hide, or for which their comment holds.
    private var hiding: Properties = []
    private var important: Properties = []
    private(set) var color = StyleValue.Paint.asAround
    private(set) var ground = StyleValue.Paint.asAround

    var saysNothing: Bool { declared.isEmpty }
    /// Whether an element that wears it alone is seen as one without.
    var changesNothing: Bool {
        hiding.isEmpty && declared.isDisjoint(with: [.color, .ground, .visibility, .fontSize])
    }
    /// Whether an element that wears it may be unseen.
    var hidesSomething: Bool { !hiding.subtracting(.others).isEmpty }
    /// Its letters do not stand in the order in which they are written.
    var turnsText: Bool { hiding.contains(.order) }
    var isUndisplayed: Bool { hiding.contains(.display) }
    /// It takes its place and nothing is seen there, nor of what is in it.
    var isTransparent: Bool {
        !hiding.isDisjoint(with: [.opacity, .outlook, .clipPath])
            || hiding.contains(.position) && !hiding.isDisjoint(with: [.left, .top])
            || hiding.isSuperset(of: [.lifted, .clip])
    }
    /// Nothing is seen of a box, while stretches of a line do not obey.
    var isTransparentBox: Bool { hiding.contains(.transform) }
    /// A box of no size that hides what overflows.
    var isClosed: Bool {
        hiding.contains(.overflow) && !hiding.isDisjoint(with: .extents) && !hiding.contains(.room)
    }
    /// Nil when it is as around it.
    var isInvisible: Bool? { said(.visibility) }
    /// Nil when it is as around it.
    var isTiny: Bool? { said(.fontSize) }
    var hasNoLetters: Bool { hiding.contains(.noLetters) }
    var hasLargerLetters: Bool { hiding.contains(.largerLetters) }
    /// Nil when it is as around it.
    var isIndentedAway: Bool? { said(.indent) }
    /// Nil when it is what the element always is.
    var isBox: Bool? {
        !hiding.isDisjoint(with: [.lifted, .floated]) ? true : said(.box)
    }
    /// A box that is no part of a line, although it would be without a style.
    var standsAlone: Bool {
        isBox == true && (!hiding.contains(.inline) || hiding.contains(.lifted))
    }
    /// It may lie over what it does not stand in, or under it.
    var isMoved: Bool {
        !hiding.isDisjoint(with: .moves)
            || hiding.contains(.position) && !declared.isDisjoint(with: [.left, .top])
    }
    /// What is in it stands beyond its ground.
    var isFlat: Bool { !hiding.isDisjoint(with: .extents) }
    var hasPicture: Bool { hiding.contains(.picture) }
    /// Letters are not, or not only, seen by their colour.
    var hasEffects: Bool { !hiding.isDisjoint(with: .effects) }
    var hasGround: Bool { !declared.isDisjoint(with: [.ground, .picture]) }

    private func said(_ property: Properties) -> Bool? {
        declared.contains(property) ? hiding.contains(property) : nil
    }

    /// Adds declarations that come later.
    mutating func add(_ later: DeclaredStyle) {
        let taken = later.declared.subtracting(important.subtracting(later.important))
        declared.formUnion(taken)
        hiding = hiding.subtracting(taken).union(later.hiding.intersection(taken))
        important.formUnion(later.important)
        if taken.contains(.color) { color = later.color }
        if taken.contains(.ground) { ground = later.ground }
    }

    /// What shows the element again, of what hides; nil when nothing does.
    var showing: DeclaredStyle? {
        var showing = DeclaredStyle()
        showing.declared = declared.subtracting(hiding).subtracting(.others)
        return showing.saysNothing ? nil : showing
    }

    /// What is shown under some condition hides nothing.
    mutating func show(_ other: DeclaredStyle) {
        hiding.subtract(other.declared.subtracting(other.hiding).subtracting(.others))
    }

    private mutating func set(_ property: Properties, hides: Bool, isImportant: Bool) {
        if important.contains(property), !isImportant { return }
        declared.insert(property)
        if hides { hiding.insert(property) } else { hiding.remove(property) }
        if isImportant { important.insert(property) }
    }

    // MARK: - From elsewhere

    /// As of an element with the attribute `hidden`.
    mutating func hide() { set(.display, hides: true, isImportant: false) }

    /// As of `<font color>` and `<body text>`.
    mutating func setColor(attribute value: StyleValue) {
        declared.insert(.color)
        color = Colour(attribute: value).map { .colour($0) } ?? .unknown
    }

    /// As of `<td bgcolor>`.
    mutating func setGround(attribute value: StyleValue) {
        declared.insert(.ground)
        ground = Colour(attribute: value).map { .colour($0) } ?? .unknown
    }

    /// As of `<td background>`.
    mutating func setPicture() { set(.picture, hides: true, isImportant: false) }

    /// As of one whose end is not known: it may paint letters as it likes.
    mutating func setEffects() {
        set(.filter, hides: true, isImportant: true)
    }

    /// What is not known about colours where this may hold or not; nil when it paints nothing.
    var doubt: DeclaredStyle? {
        var doubt = DeclaredStyle()
        let painting = declared.intersection([.color, .ground])
            .union(hiding.intersection([.picture, .effects]))
        doubt.declared = painting
        doubt.hiding = painting.subtracting([.color, .ground])
        doubt.important = important.intersection(painting)
        (doubt.color, doubt.ground) = (.unknown, .unknown)
        if isMoved { doubt.setEffects() }
        return doubt.saysNothing ? nil : doubt
    }

    /// As of a sheet that is not known at all.
    static let unknown: DeclaredStyle = {
        var style = DeclaredStyle()
        style.declared = [.color, .ground]
        (style.color, style.ground) = (.unknown, .unknown)
        return style
    }()

    // MARK: - Declarations

    /// Adds the declarations of a style attribute, or of a rule between its braces. Case counts for
    /// nothing in them, blanks and comments only between words.
    mutating func read(_ style: UnsafeBufferPointer<UInt8>) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: style.count) { text in
            var count = 0
            var start = 0
            var colon: Int?
            func declare() {
                guard let colon else { return }
                self.declare(
                    Self.trimmed(text, start..<colon), Self.trimmed(text, colon + 1..<count))
            }
            var index = 0
            while index < style.count {
                var byte = style[index]
                index += 1
                if byte == 47, index < style.count, style[index] == 42 {
                    index = Self.endOfComment(style, from: index + 1)
                    byte = ASCII.blank
                }
                if byte <= ASCII.blank {
                    // One blank between words, and none before them.
                    let isBetween = count > start && text[count - 1] != ASCII.blank
                    guard isBetween, count != colon.map({ $0 + 1 }) else { continue }
                    text[count] = ASCII.blank
                    count += 1
                    continue
                }
                if byte == ASCII.semicolon {
                    declare()
                    start = count
                    colon = nil
                    continue
                }
                if byte == ASCII.colon, colon == nil { colon = count }
                text[count] = ASCII.lower(byte)
                count += 1
            }
            declare()
        }
    }

    /// The place behind `*/`.
    static func endOfComment(_ style: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index + 1 < style.count {
            if style[index] == 42, style[index + 1] == 47 { return index + 2 }
            index += 1
        }
        return style.count
    }

    private static func trimmed(
        _ text: UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>
    ) -> UnsafeBufferPointer<UInt8> {
        let end =
            range.upperBound > range.lowerBound && text[range.upperBound - 1] == ASCII.blank
            ? range.upperBound - 1 : range.upperBound
        return UnsafeBufferPointer(rebasing: text[range.lowerBound..<end])
    }

    private mutating func declare(
        _ name: UnsafeBufferPointer<UInt8>, _ whole: UnsafeBufferPointer<UInt8>
    ) {
        // Most declarations are told by their first letter and length to be none of these.
        guard let property = Self.property(name) else { return }
        let mark = whole.lastIndex(of: 33)
        let isImportant = mark != nil
        var bytes = whole[..<(mark ?? whole.endIndex)]
        if bytes.last == ASCII.blank { bytes.removeLast() }
        let value = StyleValue(bytes)
        func set(_ hides: Bool, _ other: Properties? = nil) {
            self.set(other ?? property, hides: hides, isImportant: isImportant)
        }
        switch property {
        case .display:
            set(value.is("none"))
            set(!value.isOne(of: ["none", "inline", "contents", "initial", "inherit"]), .box)
            set(value.bytes.starts(with: "inline".utf8), .inline)
        case .visibility:
            let hides = value.isOne(of: ["hidden", "collapse"])
            if hides || value.is("visible") { set(hides) }
        case .opacity: set(value.isTransparent)
        case .overflow: set(value.isOne(of: ["hidden", "clip"]))
        case .outlook: set(value.is("all"))
        case .fontSize: declareLetters(name.count == 4 ? value.sizeInFont : value, isImportant)
        case .indent, .left, .top: set(value.isFarAway)
        case .position:
            set(value.isOne(of: ["absolute", "fixed", "relative", "sticky"]))
            set(value.isOne(of: ["absolute", "fixed"]), .lifted)
        case .floated: set(value.isOne(of: ["left", "right"]))
        // What one side says, no other one takes back.
        case .room: if value.hasLength { set(true) }
        case .order: set(value.contains("override"))
        case .clip: set(value.isEmptyClip)
        case .clipPath: set(value.isEmptyShape)
        case .transform:
            set(value.isScaledToNothing)
            set(!value.is("none"), .turned)
        case .margin:
            // What `margin-left` says may be taken back by `margin`; it then moves nothing.
            if value.bytes.contains(45) { set(true) }
        case .color: declare(property, value.paint, isImportant)
        case .ground:
            let ground = value.ground
            // The short form names all of it.
            if name.count == 10 || ground == nil { set(ground == nil, .picture) }
            declare(property, ground ?? .unknown, isImportant)
        case .picture: set(!value.isOne(of: ["none", "initial", "unset"]))
        case .textClip: set(value.contains("text"))
        case .shadow: set(value.contains("inset"))
        case .textShadow, .letterFill, .letterRim, .filter:
            set(!value.isOne(of: ["none", "normal", "initial"]))
        default: set(value.isNothing())
        }
    }

    private mutating func declareLetters(_ value: StyleValue?, _ isImportant: Bool) {
        guard let letters = value?.letters, letters != .asAround else { return }
        set(.largerLetters, hides: letters == .grown, isImportant: isImportant)
        // Layout cells are often given size zero and their content a real one again; a relative
        // size of nothing stays nothing.
        guard letters != .grown else { return }
        set(.fontSize, hides: letters != .seen, isImportant: isImportant)
        set(.noLetters, hides: letters == .none, isImportant: isImportant)
    }

    private mutating func declare(
        _ property: Properties, _ paint: StyleValue.Paint, _ isImportant: Bool
    ) {
        if important.contains(property), !isImportant { return }
        set(property, hides: false, isImportant: isImportant)
        if property == .color { color = paint } else { ground = paint }
    }

    private static func property(_ name: UnsafeBufferPointer<UInt8>) -> Properties? {
        guard let letter = name.first else { return nil }
        for entry in properties[Int(letter & 31)] where entry.name.count == name.count {
            if entry.name.withUnsafeBufferPointer({ name.elementsEqual($0) }) {
                return entry.property
            }
        }
        return nil
    }

    /// By the last five bits of the first letter.
    private static let properties: [[(name: [UInt8], property: Properties)]] = {
        var table = [[(name: [UInt8], property: Properties)]](repeating: [], count: 32)
        for (name, property) in [
            ("display", .display), ("visibility", .visibility), ("opacity", .opacity),
            ("overflow", .overflow), ("overflow-x", .overflow),
            ("overflow-y", .overflow), ("font-size", .fontSize), ("font", .fontSize),
            ("height", .height), ("max-height", .heightMax), ("width", .width),
            ("max-width", .widthMax), ("mso-hide", .outlook), ("text-indent", .indent),
            ("left", .left), ("top", .top), ("clip", .clip), ("clip-path", .clipPath),
            ("-webkit-clip-path", .clipPath), ("transform", .transform),
            ("-webkit-transform", .transform), ("position", .position), ("margin", .margin),
            ("margin-top", .margin), ("margin-bottom", .margin), ("margin-left", .margin),
            ("margin-right", .margin), ("color", .color), ("background-color", .ground),
            ("background", .ground), ("background-image", .picture),
            ("text-shadow", .textShadow), ("-webkit-text-fill-color", .letterFill),
            ("-webkit-text-stroke", .letterRim), ("-webkit-background-clip", .textClip),
            ("background-clip", .textClip), ("filter", .filter), ("mix-blend-mode", .filter),
            ("box-shadow", .shadow), ("float", .floated), ("min-height", .room),
            ("min-width", .room), ("padding", .room), ("padding-top", .room),
            ("padding-bottom", .room), ("padding-left", .room), ("padding-right", .room),
            ("unicode-bidi", .order),
        ] as [(String, Properties)] {
            table[Int((name.utf8.first ?? 0) & 31)].append((Array(name.utf8), property))
        }
        return table
    }()
}
