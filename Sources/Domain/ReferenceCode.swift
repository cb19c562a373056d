// SPDX-License-Identifier: Apache-2.0

/// The nine signs that a payer writes into the description of a transfer: `KTF6HV349`.
///
/// Two letters name the event, six carry the payload, one checks. Payload and check use an alphabet
/// of 23 signs without vowels and look-alikes; 23 is prime, so the weighted sum finds every single
/// wrong sign and every swap of two:
/// 2·i₁+3·i₂+4·i₃+5·i₄+6·i₅+7·i₆+i₇ ≡ 0 (mod 23).
package struct ReferenceCode: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package static let alphabet: [UInt8] = Array("23456789CDFGHJKMNPRTVYZ".utf8)
    package static let prefixLength = 2
    package static let payloadLength = 6
    package static let length = 9

    /// The code in its written form: nine capital signs, check sign right. Anything else is nil;
    /// searching a sloppy text is the work of `Matching`.
    package init?(_ text: String) {
        let signs = Array(text.utf8)
        guard signs.count == Self.length,
            signs.prefix(Self.prefixLength).allSatisfy({ (65...90).contains($0) }),
            Self.checkHolds(signs[Self.prefixLength...])
        else { return nil }
        self.text = text
    }

    /// The code of a prefix of two capital letters and six payload signs, check sign added.
    package init?(prefix: String, payload: String) {
        guard let check = Self.checkSign(of: Array(payload.utf8)[...]) else { return nil }
        self.init(prefix + payload + String(UnicodeScalar(check)))
    }

    /// The two letters of the event.
    package var prefix: String { String(text.prefix(Self.prefixLength)) }

    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let code = ReferenceCode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a reference code")
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// Whether six payload signs and their check sign belong together.
    package static func checkHolds(_ signs: ArraySlice<UInt8>) -> Bool {
        guard signs.count == payloadLength + 1, let check = signs.last else { return false }
        return checkSign(of: signs.dropLast()) == check
    }

    private static func checkSign(of payload: ArraySlice<UInt8>) -> UInt8? {
        guard payload.count == payloadLength else { return nil }
        var sum = 0
        var weight = 2
        for sign in payload {
            let value = Int(values[Int(sign)])
            guard value < alphabet.count else { return nil }
            sum += weight * value
            weight += 1
        }
        return alphabet[(23 - sum % 23) % 23]
    }

    /// The place of each byte in the alphabet; 255 for what is not in it.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (place, sign) in alphabet.enumerated() { values[Int(sign)] = UInt8(place) }
        return values
    }()
}
