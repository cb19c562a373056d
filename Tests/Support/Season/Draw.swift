// SPDX-License-Identifier: Apache-2.0

import Domain
import Sandbox

/// SplitMix64, and what is drawn with it.
struct Draw: RandomNumberGenerator {
    private var state: UInt64
    private var usedNames: Set<String> = []
    private var usedCodes: Set<String> = []
    private let people: [(given: String, surname: String)]

    init(seed: UInt64) {
        state = seed
        // The names of the sandbox's invented people.
        people = SampleSeason(seed: 1, count: 10_000).entries.compactMap { entry in
            let words = (entry.registration.name?.text ?? "").split(separator: " ")
            guard let given = words.first, let surname = words.last, given != surname else {
                return nil
            }
            return (String(given), String(surname))
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

    /// From 0 to below 1.
    mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

    mutating func given() -> String { one(of: people).given }

    /// A hundred surnames are few for a thousand guests: endings make four hundred of them.
    mutating func surname() -> String { one(of: people).surname + one(of: ["", "", "gil", "soy"]) }

    /// A name that nobody else in the season has.
    mutating func name(surname: String? = nil, middle: Bool = false) -> String {
        while true {
            let first = given()
            let second = middle ? " " + given() : ""
            let last = surname ?? self.surname()
            if second != " " + first, usedNames.insert("\(first) \(last)").inserted {
                return first + second + " " + last
            }
        }
    }

    mutating func code(prefix: String) -> ReferenceCode {
        while true {
            let signs = (0..<ReferenceCode.payloadLength).map { _ in
                one(of: ReferenceCode.alphabet)
            }
            let digits = signs.count { $0 < 65 }
            if (1..<signs.count).contains(digits),
                let code = ReferenceCode(
                    prefix: prefix, payload: String(decoding: signs, as: UTF8.self)),
                usedCodes.insert(code.text).inserted
            {
                return code
            }
        }
    }

    // MARK: - What payers make of it

    mutating func pieces(_ code: String) -> String {
        func cut(_ lengths: [Int], _ gap: String) -> String {
            var rest = Substring(code)
            return lengths.map { length in
                defer { rest = rest.dropFirst(length) }
                return String(rest.prefix(length))
            }.joined(separator: gap)
        }
        switch below(6) {
        case 0: return cut([3, 3, 3], " ")
        case 1: return cut([2, 7], " ")
        case 2: return cut([2, 3, 4], "-").lowercased()
        case 3: return cut([5, 4], "/")
        case 4: return cut(Array(repeating: 1, count: 9), " ")
        default: return cut([4, 5], " - ")
        }
    }

    mutating func glued(_ code: String) -> String {
        switch below(4) {
        case 0: code + "FAST8994"
        case 1: "5321112233" + code
        case 2: code + "Ucret"
        default: "ref" + code + "tl"
        }
    }

    mutating func inWords(_ code: String) -> String {
        let texts = [
            "Merhaba, etkinlik kaydım için \(code) kolay gelsin", "kayıt kodu: \(code).",
            "7777/MBL-\(code) katılım ücreti", "\(code) no'lu kayıt 2 kişi değil 1 kişi",
            "Etkinlik (\(code)) ödemesi - 22 Kasım",
        ]
        return one(of: texts)
    }

    /// A payment, in words with which banks say that there was none.
    mutating func refusal(_ code: String) -> String {
        let texts = [
            "\(code) iptal olursa iade ediniz", "iptal edilen kaydım yerine \(code)",
            "\(code) önceki ödeme başarısız", "\(code) ileri tarihli etkinlik",
            "\(code) iade edildi tekrar gönderiyorum",
        ]
        return one(of: texts)
    }

    /// One sign wrong, left out, doubled or swapped with its neighbour.
    mutating func slip(in code: String) -> String {
        var signs = Array(code.utf8)
        let place = 2 + below(7)
        switch below(5) {
        case 0: signs[place] = one(of: Array("O0I1SBL".utf8))
        case 1:
            signs[place] = one(of: ReferenceCode.alphabet.filter { $0 != signs[place] })
        case 2: signs.remove(at: place)
        case 3: signs.insert(signs[place], at: place)
        default:
            let other = place == 8 ? 7 : place + 1
            // Two equal neighbours cannot be swapped so that one sees it.
            if signs[place] == signs[other] {
                signs[place] = 79
            } else {
                signs.swapAt(place, other)
            }
        }
        return String(decoding: signs, as: UTF8.self)
    }

    /// A letter of the surname left out or another one.
    mutating func nearName(_ name: String) -> String {
        var letters = Array(name)
        let place = letters.count - 2 - below(3)
        if below(2) == 0 { letters.remove(at: place) } else { letters[place] = "k" }
        let near = String(letters)
        return near == name ? name + "k" : near
    }
}
