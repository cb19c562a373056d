// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// A mail, read as far as the page shows it: header fields and the plain text of the first level.
struct ReadMail: Sendable {
    /// By name in small letters; folded lines are joined.
    private(set) var headers: [String: [String]] = [:]
    private(set) var text = ""

    /// Nil without a header block.
    init?(_ bytes: [UInt8]) {
        let whole = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        guard let end = whole.firstRange(of: "\n\n") else { return nil }
        headers = Self.fields(whole[..<end.lowerBound])
        let body = whole[end.upperBound...]
        let type = first("content-type")
        guard type.lowercased().hasPrefix("multipart/"),
            let start = type.firstRange(of: "boundary=\"")
        else {
            text = Self.decoded(body, first("content-transfer-encoding"))
            return
        }
        let boundary = type[start.upperBound...].prefix { $0 != "\"" }
        for part in body.split(separator: "--\(boundary)\n") {
            guard let end = part.firstRange(of: "\n\n") else { continue }
            let fields = Self.fields(part[..<end.lowerBound])
            guard fields["content-type"]?.first?.hasPrefix("text/plain") == true else { continue }
            text = Self.decoded(
                part[end.upperBound...], fields["content-transfer-encoding"]?.first ?? "")
            return
        }
    }

    /// The first field of this name, or nothing.
    func first(_ name: String) -> String { headers[name]?.first ?? "" }

    private static func fields(_ head: Substring) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        for line in head.replacing("\n ", with: " ").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased(), default: []].append(
                String(parts[1].drop { $0 == " " }))
        }
        return fields
    }

    private static func decoded(_ body: Substring, _ encoding: String) -> String {
        guard encoding.lowercased() == "quoted-printable" else { return String(body) }
        var bytes: [UInt8] = []
        var rest = Array(body.replacing("=\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            let hex = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "="), let value = UInt8(hex, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `=?UTF-8?B?…?=` words as text; blanks between two of them are not part of it (RFC 2047).
    static func decodedWords(_ text: String) -> String {
        var result = ""
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "?", omittingEmptySubsequences: false)
            if parts.count == 5, parts[0] == "=", parts[2].uppercased() == "B", parts[4] == "=",
                let bytes = Base64.decode(String(parts[3]))
            {
                result += String(decoding: bytes, as: UTF8.self)
            } else {
                result += (result.isEmpty ? "" : " ") + word
            }
        }
        return result
    }
}
