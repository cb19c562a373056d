// SPDX-License-Identifier: Apache-2.0

/// The value of one declaration, in lower case, with one blank between its words.
struct StyleValue {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// A number and what follows it.
    typealias Length = (amount: Double, unit: Bytes)

    /// Digits of a number that are looked at; more say nothing about its size on a screen.
    private static let digitsMax = 30

    let bytes: Bytes

    init(_ bytes: Bytes) { self.bytes = bytes }

    func `is`(_ text: String) -> Bool { bytes.elementsEqual(text.utf8) }

    func isOne(of texts: [String]) -> Bool { texts.contains { self.is($0) } }

    func contains(_ text: String) -> Bool { place(behind: text) != nil }

    /// Only texts of a few letters are looked for.
    private func place(behind text: String) -> Int? {
        var start = bytes.startIndex
        while let hit = bytes[start...].firstIndex(of: text.utf8.first ?? 0) {
            if bytes[hit...].starts(with: text.utf8) { return hit + text.utf8.count }
            start = hit + 1
        }
        return nil
    }

    // MARK: - Numbers

    /// Below a tenth, as `0.05`, `1e-9` and `-1` are: so little ink is none.
    var isTransparent: Bool {
        guard let length else { return false }
        if length.unit.elementsEqual("%".utf8) { return length.amount < 10 }
        guard length.unit.starts(with: "e-".utf8) else { return length.amount < 0.1 }
        let exponent = StyleValue(length.unit.dropFirst(2)).length?.amount ?? 0
        // More places than a number has digits that are looked at say nothing new.
        let places = Int(max(0, min(exponent, Double(Self.digitsMax))))
        return length.amount < (0..<places).reduce(0.1) { limit, _ in limit * 10 }
    }

    /// Whether a number, with a unit or without, is zero.
    func isNothing() -> Bool {
        let number = bytes.prefix { (48...57).contains($0) || $0 == 46 }
        return !number.isEmpty && number.allSatisfy { $0 == 48 || $0 == 46 }
    }

    /// Nil when it begins with no number.
    var length: Length? {
        var rest = bytes
        let isNegative = rest.first == 45
        if isNegative || rest.first == 43 { rest.removeFirst() }
        var amount = 0.0
        var scale = 1.0
        var isBroken = false
        var count = 0
        while let byte = rest.first, byte == 46 && !isBroken || (48...57).contains(byte) {
            rest.removeFirst()
            if byte == 46 {
                isBroken = true
                continue
            }
            count += 1
            guard count <= Self.digitsMax else { continue }
            amount = amount * 10 + Double(byte - 48)
            if isBroken { scale *= 10 }
        }
        return count == 0 ? nil : ((isNegative ? -amount : amount) / scale, rest)
    }

    /// About how many pixels it is; `em` counted as 16 pixels, which most letters have.
    private var pixels: Double? {
        guard let length else { return nil }
        let unit = StyleValue(length.unit)
        if unit.is("em") || unit.is("rem") || unit.is("ex") { return length.amount * 16 }
        if unit.is("pt") { return length.amount * 4 / 3 }
        return length.amount
    }

    /// Left of the page or above it, by as much as hides whatever stands there.
    var isFarAway: Bool { pixels.map { $0 <= -999 } ?? false }

    /// `rect(0 0 0 0)`, `rect(1px, 1px, 1px, 1px)`: it leaves nothing to be seen.
    var isEmptyClip: Bool {
        guard bytes.starts(with: "rect(".utf8), bytes.last == 41 else { return false }
        let sides = bytes.dropFirst(5).dropLast()
            .split { $0 == 44 || $0 == ASCII.blank }.map { StyleValue($0).pixels }
        guard sides.count == 4, let top = sides[0], let right = sides[1], let bottom = sides[2],
            let left = sides[3]
        else { return false }
        return bottom <= top || right <= left
    }

    /// Whether one of its lengths is more than a pixel or two.
    var hasLength: Bool {
        bytes.split(separator: ASCII.blank).contains { StyleValue($0).pixels ?? 0 > 2 }
    }

    /// `inset(50%)`, `inset(100%)`, `circle(0)`.
    var isEmptyShape: Bool {
        if bytes.starts(with: "circle(".utf8) { return StyleValue(bytes.dropFirst(7)).isNothing() }
        guard bytes.starts(with: "inset(".utf8), bytes.last == 41,
            let length = StyleValue(bytes.dropFirst(6).dropLast()).length
        else { return false }
        return length.amount >= 50 && length.unit.elementsEqual("%".utf8)
    }

    /// `scale(0)`, `scaleX(0)`, `scale(0, 0)`, also behind other functions.
    var isScaledToNothing: Bool {
        guard let place = place(behind: "scale") else { return false }
        let rest = bytes[place...].drop { $0 != 40 }.dropFirst()
        return StyleValue(rest.prefix { $0 != 41 && $0 != 44 && $0 != ASCII.blank }).isNothing()
    }

    // MARK: - Letters

    /// How large letters are.
    enum Letters {
        /// Nothing, whatever is around them.
        case none
        /// A pixel at most.
        case speck
        case seen
        /// About as those around them.
        case asAround
        /// Several times those around them.
        case grown
    }

    /// As the value of `font-size`.
    var letters: Letters {
        if isNothing() { return .none }
        guard let length else {
            return isOne(of: ["inherit", "smaller", "larger"]) ? .asAround : .seen
        }
        let unit = StyleValue(length.unit.prefix { $0 != 47 })
        if unit.isOne(of: ["%", "em", "ex"]) {
            let share = unit.is("%") ? length.amount / 100 : length.amount
            return share > 2 ? .grown : share * 16 <= 1 ? .speck : .asAround
        }
        return (unit.is("px") || unit.bytes.isEmpty) && (0...1).contains(length.amount)
            ? .speck : .seen
    }

    /// `0/0 a`, `bold 12px/1.5 Arial`: the size is the first number that is no weight.
    var sizeInFont: StyleValue? {
        bytes.split(separator: ASCII.blank).first { word in
            guard let first = word.first, (48...57).contains(first) || first == 46 else {
                return false
            }
            return !word.allSatisfy { (48...57).contains($0) } || StyleValue(word).isNothing()
        }.map(StyleValue.init)
    }

    // MARK: - Paint

    /// What paints letters or the ground under them.
    enum Paint {
        case asAround, unknown
        case colour(Colour)
    }

    private static let inherited = ["inherit", "unset", "currentcolor"]

    /// As the value of `color`.
    var paint: Paint {
        if let colour = Colour(self) { return .colour(colour) }
        return isOne(of: Self.inherited) ? .asAround : .unknown
    }

    /// As the value of `background`; nil when it may hold a picture.
    var ground: Paint? {
        if isOne(of: ["none", "initial", "unset", "inherit"]) { return .asAround }
        if let colour = Colour(self) { return .colour(colour) }
        // A picture, a gradient or a variable has brackets; the colour then is at most a part.
        guard !bytes.contains(40) else { return nil }
        let colours = bytes.split(separator: ASCII.blank).compactMap { Colour(StyleValue($0)) }
        return colours.count == 1 ? .colour(colours[0]) : .unknown
    }
}
