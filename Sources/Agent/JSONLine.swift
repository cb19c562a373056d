// SPDX-License-Identifier: Apache-2.0

/// One JSON object on one line, its keys in the order in which they were put.
///
/// Reports of a replay are written by the ten thousand and must look the same each time, which is
/// what a general encoder does not promise.
package struct JSONLine: Sendable {
    /// UTF-8; bytes are appended several times faster than text.
    private var text: [UInt8] = []

    package init() {
        // A report of a payment has some 600 bytes.
        text.reserveCapacity(768)
        text.append(UInt8(ascii: "{"))
    }

    /// Adds a value under a name. Names are not checked for being there twice.
    package mutating func put(_ key: String, _ value: String) {
        name(key)
        append(value)
    }

    /// Nil is written as `null`, so that a reader always finds the key.
    package mutating func put(_ key: String, _ value: String?) {
        guard let value else { return putNull(key) }
        put(key, value)
    }

    package mutating func put(_ key: String, _ value: Int64) {
        name(key)
        text += String(value).utf8
    }

    package mutating func put(_ key: String, _ value: Int) { put(key, Int64(value)) }

    package mutating func put(_ key: String, _ value: Bool) {
        name(key)
        text += (value ? "true" : "false").utf8
    }

    package mutating func put(_ key: String, _ values: [String]) {
        name(key)
        text.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(value)
        }
        text.append(UInt8(ascii: "]"))
    }

    package mutating func put(_ key: String, _ numbers: [Int64]) {
        name(key)
        text += ("[" + numbers.map(String.init).joined(separator: ",") + "]").utf8
    }

    package mutating func put(_ key: String, _ object: JSONLine?) {
        guard let object else { return putNull(key) }
        name(key)
        text += object.text
        text.append(UInt8(ascii: "}"))
    }

    package mutating func put(_ key: String, _ objects: [JSONLine]) {
        name(key)
        text += ("[" + objects.map(\.finished).joined(separator: ",") + "]").utf8
    }

    /// Adds a name whose value is `null`.
    package mutating func putNull(_ key: String) {
        name(key)
        text += "null".utf8
    }

    /// The object, closed, without a line end.
    package var finished: String {
        String(decoding: text + [UInt8(ascii: "}")], as: UTF8.self)
    }

    private mutating func name(_ key: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        append(key)
        text.append(UInt8(ascii: ":"))
    }

    /// RFC 8259 §7; U+2028 and U+2029 stay as they are, as in every JSON.
    private mutating func append(_ value: String) {
        text.append(UInt8(ascii: "\""))
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            text += value.utf8
        } else {
            for byte in value.utf8 {
                switch byte {
                case UInt8(ascii: "\""): text += "\\\"".utf8
                case UInt8(ascii: "\\"): text += "\\\\".utf8
                case UInt8(ascii: "\n"): text += "\\n".utf8
                case UInt8(ascii: "\r"): text += "\\r".utf8
                case UInt8(ascii: "\t"): text += "\\t".utf8
                case 0..<0x20:
                    text += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
                default: text.append(byte)
                }
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
