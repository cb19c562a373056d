// SPDX-License-Identifier: Apache-2.0

import Domain

/// Invents words, numbers and names of the same form as those of real people.
///
/// What is invented depends on the seed and on the folded original alone: the same name becomes
/// the same invented name wherever it stands and however it is written (`Elif`, `ELİF`). Without
/// the seed nobody can try out which name an invented one stands for.
struct Disguise: Sendable {
    /// How often another invention is tried when one is a word of the mail itself.
    private static let attemptsMax = 40
    /// Longer runs of digits are numbers of machines; their value is not compared.
    private static let amountDigitsMax = 15

    private let seed: UInt64
    /// Folded words that must not come out, because they stand in the mail or are common words.
    private let avoided: Set<String>

    init(seed: UInt64, avoiding words: Set<String>) {
        self.seed = seed
        avoided = words
    }

    // MARK: - Letters

    /// Letters that take each other's place. Those that exist with and without a Turkish mark stay
    /// among themselves, so that a mark can be put on again.
    private static let classes: [[UInt8]] = ["aei", "uo", "sgc", "bdfhjklmnprtvyzwxq"].map {
        Array($0.utf8)
    }
    private static let marked: [UInt8: (small: Unicode.Scalar, capital: Unicode.Scalar)] = [
        115: ("ş", "Ş"), 103: ("ğ", "Ğ"), 99: ("ç", "Ç"), 117: ("ü", "Ü"), 111: ("ö", "Ö"),
    ]

    /// An invented word of the same length; capitals and, where `canWrite` allows, Turkish letters
    /// stay where they were.
    func word(
        _ original: ArraySlice<Unicode.Scalar>, canWrite: (Unicode.Scalar) -> Bool
    ) -> [Unicode.Scalar] {
        let letters = original.map { Self.base($0) }
        var invented = letters
        for attempt in 0..<Self.attemptsMax {
            var numbers = generator("word\(attempt)", letters)
            invented = letters.map { letter in
                guard let letter else { return UInt8(120) }
                guard let kind = Self.classes.first(where: { $0.contains(letter) }) else {
                    return letter
                }
                // Rare letters would not look like words.
                let usable = kind.count > 16 ? kind.dropLast(3)[...] : kind[...]
                return usable[Int(numbers.next() % UInt64(usable.count))]
            }
            let text = String(decoding: invented.compactMap(\.self), as: UTF8.self)
            if !avoided.contains(text), invented != letters { break }
        }
        return zip(original, invented).map { scalar, letter in
            let letter = letter ?? 120
            let isCapital = scalar.properties.isUppercase
            if !scalar.isASCII, let twin = Self.marked[letter] {
                let mark = isCapital ? twin.capital : twin.small
                if canWrite(mark) { return mark }
            }
            // A capital i of a Turkish word has its dot.
            if letter == 105, isCapital, !scalar.isASCII, canWrite("İ") { return "İ" }
            return Unicode.Scalar(isCapital ? letter - 32 : letter)
        }
    }

    /// The small ASCII letter below a Latin letter.
    private static func base(_ scalar: Unicode.Scalar) -> UInt8? {
        guard case .letter(let byte) = scalar.turkishFold, (97...122).contains(byte) else {
            return nil
        }
        return byte
    }

    /// Letters for letters and digits for digits, sign by sign; all others stay.
    func signs(_ original: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var numbers = generator("signs", original.map { UInt8(truncatingIfNeeded: $0.value) })
        return original.map { scalar in
            let number = numbers.next()
            switch scalar.value {
            case 48...57: return Unicode.Scalar(UInt8(48 + number % 10))
            case 65...90: return Unicode.Scalar(UInt8(65 + number % 26))
            case 97...122: return Unicode.Scalar(UInt8(97 + number % 26))
            default: return scalar.isASCII ? scalar : "x"
            }
        }
    }

    // MARK: - Numbers

    /// As many other digits; `01250` and `1250` are not the same number.
    func digits(_ original: [UInt8], keepingFirst kept: Int = 0) -> [UInt8] {
        guard original.contains(where: { $0 != 48 }) else { return original }
        for attempt in 0..<Self.attemptsMax {
            var numbers = generator("digits\(attempt)", original)
            let invented = original.enumerated().map { index, digit in
                let number = numbers.next()
                if index < kept { return digit }
                // A number does not begin with a nought unless it did.
                if index == kept { return digit == 48 ? 48 : UInt8(49 + number % 9) }
                return UInt8(48 + number % 10)
            }
            if invented != original, invented.contains(where: { $0 != 48 }) { return invented }
        }
        return original
    }

    /// An amount of the same style: as many digits, cents only where there were any.
    func amount(whole: [UInt8], cents: [UInt8]) -> (whole: [UInt8], cents: [UInt8]) {
        guard whole.count <= Self.amountDigitsMax else { return (digits(whole), cents) }
        return (digits(whole), cents.contains { $0 != 48 } ? digits(cents) : cents)
    }

    // MARK: - Numbers with check digits

    /// An IBAN of the same country. One that is masked keeps its mask, and has no valid check
    /// digits before or after.
    func iban(_ signs: [Unicode.Scalar], isMask: (Unicode.Scalar) -> Bool) -> [Unicode.Scalar] {
        let body = signs.dropFirst(4)
        // A masked number and the whole one are the same only to those who know both.
        var numbers = generator("iban", signs.map { UInt8(truncatingIfNeeded: $0.value) | 32 })
        let invented = body.map { scalar -> Unicode.Scalar in
            let number = numbers.next()
            if isMask(scalar) { return scalar }
            switch scalar.value {
            case 48...57: return Unicode.Scalar(UInt8(48 + number % 10))
            case 65...90: return Unicode.Scalar(UInt8(65 + number % 26))
            case 97...122: return Unicode.Scalar(UInt8(97 + number % 26))
            default: return scalar
            }
        }
        let check = 98 - Self.remainder(invented + signs.prefix(2) + ["0", "0"])
        return signs.prefix(2)
            + [Unicode.Scalar(UInt8(48 + check / 10)), Unicode.Scalar(UInt8(48 + check % 10))]
            + invented
    }

    /// ISO 13616: letters count from 10, the whole modulo 97.
    private static func remainder(_ signs: [Unicode.Scalar]) -> Int {
        signs.reduce(0) { rest, scalar in
            switch scalar.value {
            case 48...57: (rest * 10 + Int(scalar.value) - 48) % 97
            case 65...90: (rest * 100 + Int(scalar.value) - 55) % 97
            case 97...122: (rest * 100 + Int(scalar.value) - 87) % 97
            default: rest
            }
        }
    }

    /// A reference code of the same event with a valid check sign.
    func code(_ code: ReferenceCode) -> ReferenceCode {
        let alphabet = ReferenceCode.alphabet
        for attempt in 0..<Self.attemptsMax {
            var numbers = generator("code\(attempt)", Array(code.text.utf8))
            let payload = (0..<ReferenceCode.payloadLength).map { _ in
                alphabet[Int(numbers.next() % UInt64(alphabet.count))]
            }
            // Both kinds of signs, as every payload has them.
            guard payload.contains(where: { $0 < 65 }), payload.contains(where: { $0 >= 65 }),
                let invented = ReferenceCode(
                    prefix: code.prefix, payload: String(decoding: payload, as: UTF8.self)),
                invented != code
            else { continue }
            return invented
        }
        return code
    }

    // MARK: - Chance

    /// SplitMix64, started from the seed and the original.
    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private func generator(_ purpose: String, _ original: [UInt8?]) -> Numbers {
        var hash = seed ^ 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        for byte in original {
            hash = (hash ^ UInt64(byte ?? 0)) &* 0x0000_0100_0000_01b3
        }
        var numbers = Numbers(state: hash)
        // The seed comes in twice, so that equal hashes of two words mean nothing elsewhere.
        numbers.state ^= seed
        _ = numbers.next()
        return numbers
    }

    private func generator(_ purpose: String, _ original: [UInt8]) -> Numbers {
        generator(purpose, original.map(Optional.some))
    }
}
