// SPDX-License-Identifier: Apache-2.0

/// What the style of an element says about whether its text is seen.
///
/// Of several declarations of one property the last one counts, `!important` ones before others.
/// Not looked at: colours, places off the page, and what layout makes of it all.
struct DeclaredStyle {
    /// The properties that matter, a bit each.
    private struct Properties: OptionSet {
        let rawValue: UInt16

        static let display = Properties(rawValue: 1)
        static let visibility = Properties(rawValue: 2)
        static let opacity = Properties(rawValue: 4)
        static let fontSize = Properties(rawValue: 8)
        static let overflow = Properties(rawValue: 16)
        static let height = Properties(rawValue: 32)
        static let heightMax = Properties(rawValue: 64)
        static let width = Properties(rawValue: 128)
        static let widthMax = Properties(rawValue: 256)
        /// Outlook's own.
        static let outlook = Properties(rawValue: 512)

        static let extents: Properties = [.height, .heightMax, .width, .widthMax]
    }

    private var declared: Properties = []
    /// Those of `declared` that hide.
    private var hiding: Properties = []
    private var important: Properties = []

    var saysNothing: Bool { declared.isEmpty }
    var hidesNothing: Bool { hiding.isEmpty }
    var isUndisplayed: Bool { hiding.contains(.display) }
    /// It takes its place and nothing is seen there, nor of what is in it.
    var isTransparent: Bool {
        !hiding.isDisjoint(with: [.opacity, .outlook])
            || hiding.contains(.overflow) && !hiding.isDisjoint(with: .extents)
    }
    /// Nil when it is as around it.
    var isInvisible: Bool? { declared.contains(.visibility) ? hiding.contains(.visibility) : nil }
    /// Nil when it is as around it.
    var isTiny: Bool? { declared.contains(.fontSize) ? hiding.contains(.fontSize) : nil }

    /// As of an element with the attribute `hidden`.
    mutating func hide() { set(.display, hides: true, isImportant: false) }

    /// Adds declarations that come later.
    mutating func add(_ later: DeclaredStyle) {
        let taken = later.declared.subtracting(important.subtracting(later.important))
        declared.formUnion(taken)
        hiding = hiding.subtracting(taken).union(later.hiding.intersection(taken))
        important.formUnion(later.important)
    }

    /// What is shown under some condition hides nothing.
    mutating func show(_ other: DeclaredStyle) {
        hiding.subtract(other.declared.subtracting(other.hiding))
    }

    private mutating func set(_ property: Properties, hides: Bool, isImportant: Bool) {
        if important.contains(property), !isImportant { return }
        declared.insert(property)
        if hides { hiding.insert(property) } else { hiding.remove(property) }
        if isImportant { important.insert(property) }
    }

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
        var value = whole[..<(mark ?? whole.endIndex)]
        if value.last == ASCII.blank { value.removeLast() }
        func set(_ hides: Bool) { self.set(property, hides: hides, isImportant: isImportant) }
        switch property {
        case .display: set(Self.value(value, is: "none"))
        case .visibility:
            let hides = Self.value(value, is: "hidden") || Self.value(value, is: "collapse")
            if hides || Self.value(value, is: "visible") { set(hides) }
        case .opacity: set(Self.isNothing(value, roundedTo: 1))
        case .overflow: set(Self.value(value, is: "hidden") || Self.value(value, is: "clip"))
        case .outlook: set(Self.value(value, is: "all"))
        case .fontSize where name.count == 4:
            if let size = Self.size(inFont: value) { set(Self.isNothing(size)) }
        case .fontSize:
            // Layout cells are often given size zero and their content a real one again; a relative
            // size of nothing stays nothing.
            if Self.isNothing(value) { set(true) } else if !Self.isRelative(value) { set(false) }
        default: set(Self.isNothing(value))
        }
    }

    private static func property(_ name: UnsafeBufferPointer<UInt8>) -> Properties? {
        func named(_ text: StaticString) -> Bool {
            name.count == text.utf8CodeUnitCount
                && name.elementsEqual(
                    UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        switch (name.first, name.count) {
        case (100, 7): return named("display") ? .display : nil
        case (118, 10): return named("visibility") ? .visibility : nil
        case (111, 7): return named("opacity") ? .opacity : nil
        case (111, 8): return named("overflow") ? .overflow : nil
        case (102, 9): return named("font-size") ? .fontSize : nil
        case (102, 4): return named("font") ? .fontSize : nil
        case (104, 6): return named("height") ? .height : nil
        case (119, 5): return named("width") ? .width : nil
        case (109, 10): return named("max-height") ? .heightMax : nil
        case (109, 9): return named("max-width") ? .widthMax : nil
        case (109, 8): return named("mso-hide") ? .outlook : nil
        default: return nil
        }
    }

    private typealias Value = Slice<UnsafeBufferPointer<UInt8>>

    private static func value(_ value: Value, is name: String) -> Bool {
        value.elementsEqual(name.utf8)
    }

    /// Whether a number, with a unit or without, is zero; with `roundedTo` digits behind the point.
    private static func isNothing(_ value: Value, roundedTo digits: Int = 20) -> Bool {
        let number = value.prefix { (48...57).contains($0) || $0 == 46 }
        let point = number.firstIndex(of: 46) ?? number.endIndex
        let counted = number.prefix(upTo: min(number.endIndex, point + 1 + digits))
        return !number.isEmpty && counted.allSatisfy { $0 == 48 || $0 == 46 }
    }

    private static func isRelative(_ value: Value) -> Bool {
        let unit = value.drop { (48...57).contains($0) || $0 == 46 }
        return ["%", "em", "ex", "inherit", "smaller", "larger"].contains {
            Self.value(unit, is: $0)
        }
    }

    /// `0/0 a`, `bold 12px/1.5 Arial`: the size is the first number that is no weight.
    private static func size(inFont value: Value) -> Value? {
        value.split(separator: ASCII.blank).first { word in
            guard let first = word.first, (48...57).contains(first) || first == 46 else {
                return false
            }
            return !word.allSatisfy { (48...57).contains($0) } || isNothing(word)
        }
    }
}
