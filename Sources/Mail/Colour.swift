// SPDX-License-Identifier: Apache-2.0

/// A colour of a page, as far as it is written plainly: a name, `#fff`, `#ffffff`, `rgb(…)`.
struct Colour: Equatable {
    /// How far each channel may be from the ground for letters that nobody makes out; a difference
    /// of 8 in 255 is what a designer's faintest stripes have.
    private static let nearMax = 8

    var red: UInt8
    var green: UInt8
    var blue: UInt8
    /// 255 is solid, 0 is not seen.
    var alpha: UInt8 = 255

    static let white = Colour(red: 255, green: 255, blue: 255)

    init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
        (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }

    private init(_ rgb: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
            blue: UInt8(truncatingIfNeeded: rgb))
    }

    /// Nil for every other way of writing one. `value` is in lower case.
    init?(_ value: StyleValue) {
        let bytes = value.bytes
        if bytes.first == 35 {
            guard let colour = Self.hexadecimal(bytes.dropFirst()) else { return nil }
            self = colour
        } else if bytes.last == 41 {
            guard let colour = Self.channels(bytes) else { return nil }
            self = colour
        } else {
            guard let colour = Self.names.first(where: { value.is($0.key) }) else { return nil }
            self = colour.value
        }
    }

    /// As in `bgcolor` and `color`: there the `#` may be missing.
    init?(attribute value: StyleValue) {
        guard let colour = Colour(value) ?? Self.hexadecimal(value.bytes) else { return nil }
        self = colour
    }

    /// What is seen when it is laid over `ground`, which is solid.
    func over(_ ground: Colour) -> Colour {
        func mix(_ above: UInt8, _ below: UInt8) -> UInt8 {
            let share = Int(alpha)
            return UInt8((Int(above) * share + Int(below) * (255 - share)) / 255)
        }
        return Colour(
            red: mix(red, ground.red), green: mix(green, ground.green), blue: mix(blue, ground.blue)
        )
    }

    func isNear(_ other: Colour) -> Bool {
        [(red, other.red), (green, other.green), (blue, other.blue)].allSatisfy {
            abs(Int($0) - Int($1)) <= Self.nearMax
        }
    }

    // MARK: - Ways of writing

    private static func hexadecimal(_ digits: StyleValue.Bytes) -> Colour? {
        guard digits.count == 3 || digits.count == 6 else { return nil }
        var rgb: UInt32 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case 48...57: value = digit - 48
            case 97...102: value = digit - 87
            default: return nil
            }
            rgb = rgb << 4 | UInt32(value)
            if digits.count == 3 { rgb = rgb << 4 | UInt32(value) }
        }
        return Colour(rgb)
    }

    /// `rgb(255, 255, 255)`, `rgba(0,0,0,.5)`, `rgb(0 0 0 / 0.5)`; without percentages.
    private static func channels(_ bytes: StyleValue.Bytes) -> Colour? {
        let parts = bytes.dropLast().split(separator: 40, omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts[0].elementsEqual("rgb".utf8) || parts[0].elementsEqual("rgba".utf8)
        else { return nil }
        let numbers = parts[1].split { $0 == 44 || $0 == 47 || $0 == ASCII.blank }
            .map { StyleValue($0).length }
        guard numbers.count == 3 || numbers.count == 4 else { return nil }
        var channels = [UInt8](repeating: 255, count: 4)
        for (place, number) in numbers.enumerated() {
            guard let number, number.unit.isEmpty, number.amount.isFinite else { return nil }
            let amount = place == 3 ? number.amount * 255 : number.amount
            channels[place] = UInt8(min(255, max(0, amount)))
        }
        return Colour(red: channels[0], green: channels[1], blue: channels[2], alpha: channels[3])
    }

    /// The sixteen of HTML, and those so pale that text in them is not seen on white. Text in any
    /// other is taken for seen.
    private static let names: [(key: String, value: Colour)] = [
        ("white", white), ("black", Colour(0)), ("red", Colour(0xFF0000)),
        ("blue", Colour(0x0000FF)), ("green", Colour(0x008000)), ("gray", Colour(0x808080)),
        ("grey", Colour(0x808080)), ("silver", Colour(0xC0C0C0)), ("navy", Colour(0x000080)),
        ("maroon", Colour(0x800000)), ("purple", Colour(0x800080)), ("teal", Colour(0x008080)),
        ("olive", Colour(0x808000)), ("lime", Colour(0x00FF00)), ("yellow", Colour(0xFFFF00)),
        ("aqua", Colour(0x00FFFF)), ("cyan", Colour(0x00FFFF)), ("fuchsia", Colour(0xFF00FF)),
        ("magenta", Colour(0xFF00FF)), ("snow", Colour(0xFFFAFA)), ("ghostwhite", Colour(0xF8F8FF)),
        ("whitesmoke", Colour(0xF5F5F5)),
        ("transparent", Colour(red: 0, green: 0, blue: 0, alpha: 0)),
    ]
}
