// SPDX-License-Identifier: Apache-2.0

/// One JSON object on one line, its keys in the order in which they were put.
///
/// Reports of a replay are written by the ten thousand and must look the same each time, which is
/// what a general encoder does not promise.
package struct JSONLine: Sendable {
    private var text = "{"

    package init() {}

    /// Adds a value under a name. Names are not checked for being there twice.
    package mutating func put(_ key: String, _ value: String) {
        name(key)
        Self.append(value, to: &text)
    }

    /// Nil is written as `null`, so that a reader always finds the key.
    package mutating func put(_ key: String, _ value: String?) {
        guard let value else { return putNull(key) }
        put(key, value)
    }

    package mutating func put(_ key: String, _ value: Int64) {
        name(key)
        text += String(value)
    }

    package mutating func put(_ key: String, _ value: Int) { put(key, Int64(value)) }

    package mutating func put(_ key: String, _ value: Bool) {
        name(key)
        text += value ? "true" : "false"
    }

    package mutating func put(_ key: String, _ values: [String]) {
        name(key)
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += "," }
            Self.append(value, to: &text)
        }
        text += "]"
    }

    package mutating func put(_ key: String, _ object: JSONLine?) {
        guard let object else { return putNull(key) }
        name(key)
        text += object.finished
    }

    package mutating func put(_ key: String, _ objects: [JSONLine]) {
        name(key)
        text += "[" + objects.map(\.finished).joined(separator: ",") + "]"
    }

    /// Adds a name whose value is `null`.
    package mutating func putNull(_ key: String) {
        name(key)
        text += "null"
    }

    /// The object, closed, without a line end.
    package var finished: String { text + "}" }

    private mutating func name(_ key: String) {
        if text.utf8.count > 1 { text += "," }
        Self.append(key, to: &text)
        text += ":"
    }

    /// RFC 8259 §7; U+2028 and U+2029 stay as they are, as in every JSON.
    private static func append(_ value: String, to text: inout String) {
        text += "\""
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            text += value
        } else {
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                case "\r": text += "\\r"
                case "\t": text += "\\t"
                case _ where scalar.value < 0x20:
                    text +=
                        "\\u00" + (scalar.value < 0x10 ? "0" : "")
                        + String(scalar.value, radix: 16)
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
