// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A field that providers send as a string on one day and as a number on the next.
///
/// Whole numbers keep all their digits, also those that fit into no integer type. Anything else
/// (null, a list, an object) decodes as nil text and never fails the whole reply.
struct FlexibleText: Decodable, Hashable, Sendable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            text = string
        } else if let number = try? container.decode(Decimal.self) {
            text = number.description
        } else {
            text = nil
        }
    }
}

/// Reads a reply as JSON, nil for HTML error pages and the like.
func decodeReply<Reply: Decodable>(_ type: Reply.Type, from body: [UInt8]) -> Reply? {
    try? JSONDecoder().decode(type, from: Data(body))
}

/// Compact JSON with keys in a fixed order, so that the same request is the same bytes.
func encodeBody(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Our own structs of strings, numbers and flags: there is nothing in them that cannot be
    // encoded.
    return (try? encoder.encode(value)).map(Array.init) ?? []
}

extension String {
    /// As the value of a query item: all but unreserved letters percent-encoded (RFC 3986 §2.3).
    var percentEncoded: String {
        var result = ""
        for byte in utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (byte < 16 ? "0" : "") + hex
            }
        }
        return result
    }
}
