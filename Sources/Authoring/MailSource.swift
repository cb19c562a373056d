// SPDX-License-Identifier: Apache-2.0

/// A mail, or a part of one, cut at the places where it can be put together again.
struct MailSource {
    /// A header field as it stood, its folds taken back.
    struct Header {
        /// As it was written: `Content-Type`.
        let name: String
        /// Bytes of the value; blanks around it are gone.
        let value: [UInt8]

        var key: String { name.lowercased() }
    }

    /// More headers than any mail has.
    private static let headersMax = 1000

    let headers: [Header]
    let body: ArraySlice<UInt8>

    init(_ raw: ArraySlice<UInt8>) {
        var headers: [Header] = []
        var index = raw.startIndex
        var body = raw.endIndex
        while index < raw.endIndex {
            let end = Self.lineEnd(raw, index)
            let line = Self.content(raw[index..<end])
            if line.isEmpty {
                body = end
                break
            }
            if let first = line.first, first == 32 || first == 9, let last = headers.popLast() {
                let rest = line.drop { $0 == 32 || $0 == 9 }
                headers.append(Header(name: last.name, value: last.value + [32] + rest))
            } else if let colon = line.firstIndex(of: 58), headers.count < Self.headersMax {
                let name = line[..<colon].filter { $0 > 32 && $0 < 127 }
                let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
                headers.append(
                    Header(name: String(decoding: name, as: UTF8.self), value: Array(value)))
            }
            index = end
        }
        self.headers = headers
        self.body = raw[body...]
    }

    func first(_ key: String) -> Header? { headers.first { $0.key == key } }

    /// Behind the line that begins at `start`.
    private static func lineEnd(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Int {
        (bytes[start...].firstIndex(of: 10) ?? bytes.endIndex - 1) + 1
    }

    private static func content(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.last == 10 { line = line.dropLast() }
        if line.last == 13 { line = line.dropLast() }
        return line
    }

    /// The parts between lines of `--boundary`, without the line end that belongs to these.
    static func parts(_ body: ArraySlice<UInt8>, boundary: [UInt8]) -> [ArraySlice<UInt8>] {
        let mark = [45, 45] + boundary
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = body.startIndex
        while index < body.endIndex {
            let end = lineEnd(body, index)
            let line = content(body[index..<end])
            if line.starts(with: mark) {
                let rest = line.dropFirst(mark.count)
                let isLast = rest.starts(with: [45, 45])
                if isLast || rest.allSatisfy({ $0 == 32 || $0 == 9 }) {
                    if let start { parts.append(content(body[start..<max(start, index)])) }
                    start = isLast ? nil : end
                    if isLast { break }
                }
            }
            index = end
        }
        if let start, start <= body.endIndex { parts.append(body[start...]) }
        return parts
    }
}

/// A header value with parameters: `text/html; charset=utf-8; name="a.html"`.
struct ParameterList {
    let value: String
    /// Names in small letters; what was continued or encoded (RFC 2231) is put together.
    let parameters: [(name: String, value: String)]

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        var pieces = Self.split(text)[...]
        value = pieces.popFirst()?.trimmed.lowercased() ?? ""
        var parameters: [(name: String, value: String)] = []
        for piece in pieces {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = piece[..<equals].trimmed.lowercased()
            var text = piece[piece.index(after: equals)...].trimmed
            if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 {
                text = String(text.dropFirst().dropLast()).filter { $0 != "\\" }
            }
            let base = String(name.prefix { $0 != "*" })
            if name.hasSuffix("*") { text = Self.decoded(text, isFirst: !name.contains("*1")) }
            if name != base, let index = parameters.firstIndex(where: { $0.name == base }) {
                parameters[index].value += text
            } else {
                parameters.append((base, text))
            }
        }
        self.parameters = parameters
    }

    subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// At semicolons outside of quotes.
    private static func split(_ text: String) -> [Substring] {
        var isQuoted = false
        return text.split(omittingEmptySubsequences: false) { sign in
            if sign == "\"" { isQuoted.toggle() }
            return sign == ";" && !isQuoted
        }
    }

    /// `utf-8''Dekont%20` → `Dekont `. Charsets other than UTF-8 lose what is not ASCII.
    private static func decoded(_ text: String, isFirst: Bool) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        let encoded = isFirst && parts.count >= 3 ? parts.dropFirst(2).joined(separator: "'") : text
        let bytes = encoded.utf8.map { $0 == 37 ? UInt8(61) : $0 == 61 ? 32 : $0 }
        return String(decoding: TransferEncoding.quotedDecoded(bytes[...]), as: UTF8.self)
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var part = self[...]
        while let first = part.first, first.isWhitespace { part = part.dropFirst() }
        while let last = part.last, last.isWhitespace { part = part.dropLast() }
        return String(part)
    }
}
