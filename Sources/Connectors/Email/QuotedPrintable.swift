// SPDX-License-Identifier: Apache-2.0

/// Text as quoted-printable: ASCII, lines of at most 76 signs, CRLF between them (RFC 2045 §6.7).
///
/// A line never begins with a dot or with `From `, so that no server on the way has to change it.
enum QuotedPrintable {
    /// Without the `=` of a soft line end.
    private static let signsMax = 75

    /// - Parameter text: lines end with LF, CRLF or CR.
    static func encode(_ text: String) -> String {
        var result = ""
        // A line end of two signs is one Character to Swift.
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (number, line) in lines.enumerated() {
            if number > 0 { result += "\r\n" }
            append(Array(line.utf8), to: &result)
        }
        return result
    }

    private static func append(_ line: [UInt8], to result: inout String) {
        var room = signsMax
        for (place, byte) in line.enumerated() {
            let isLast = place == line.count - 1
            let isFirst = room == signsMax
            let sign = Self.sign(
                byte, isPlain: isPlain(byte, isFirst: isFirst, isLast: isLast))
            if sign.utf8.count > room {
                result += "=\r\n"
                room = signsMax
                // It begins a line now.
                let first = Self.sign(
                    byte, isPlain: isPlain(byte, isFirst: true, isLast: isLast))
                result += first
                room -= first.utf8.count
            } else {
                result += sign
                room -= sign.utf8.count
            }
        }
    }

    private static func isPlain(_ byte: UInt8, isFirst: Bool, isLast: Bool) -> Bool {
        switch byte {
        case 0x20, 0x09: !isLast
        case 0x3D: false
        case 0x2E, 0x46: !isFirst
        case 0x21...0x7E: true
        default: false
        }
    }

    private static func sign(_ byte: UInt8, isPlain: Bool) -> String {
        if isPlain { return String(Unicode.Scalar(byte)) }
        let hex = String(byte, radix: 16, uppercase: true)
        return "=" + (byte < 16 ? "0" : "") + hex
    }
}
