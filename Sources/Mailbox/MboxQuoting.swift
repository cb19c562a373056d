// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How much a line looks like an mbox separator.
enum SeparatorLine: Equatable {
    /// `From elif@example.org Sat Nov 22 11:05:33 2026`: weekday, month, time and year; or a date
    /// like `2026-11-22` and a time, also as one word, `2026-11-22T11:05:33Z`.
    case dated
    /// `From elif@example.org`, or something with a time and a year; also `From` and nothing, as
    /// Thunderbird writes it, once with a dash.
    case plausible
    case text

    init(_ line: UnsafeRawBufferPointer) {
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == 0x0d || $0 == 0x09 }
        let rest = words.dropFirst().flatMap(Self.parts)
        let hasTime = rest.contains(where: Self.isTime)
        let hasYear = rest.contains(where: Self.isYear)
        let hasDay = rest.contains { Self.is($0, oneOf: Self.days) }
        let hasMonth = rest.contains { Self.is($0, oneOf: Self.months) }
        let hasDate = rest.contains(where: Self.isDate)
        if hasTime, hasDate || (hasYear && hasDay && hasMonth) {
            self = .dated
        } else if hasTime && hasYear || rest.isEmpty
            || rest.count == 1
                && (line.contains(UInt8(ascii: "@")) || rest[0].elementsEqual("-".utf8))
        {
            self = .plausible
        } else {
            self = .text
        }
    }

    private typealias Word = Slice<UnsafeRawBufferPointer>

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func `is`(_ word: Word, oneOf names: [String]) -> Bool {
        let end = word.last == UInt8(ascii: ",") ? word.dropLast() : word
        return end.count == 3 && names.contains { end.elementsEqual($0.utf8) }
    }

    /// The date and the time of `2026-11-22T11:05:33+03:00`; any other word as it is.
    private static func parts(_ word: Word) -> [Word] {
        let halves = word.split(separator: UInt8(ascii: "T"), maxSplits: 1)
        guard halves.count == 2, isDate(halves[0]) else { return [word] }
        let time = halves[1].prefix { isDigit($0) || $0 == UInt8(ascii: ":") }
        return [halves[0], time]
    }

    private static func isTime(_ word: Word) -> Bool {
        let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count >= 2 && parts.count <= 3
            && parts.allSatisfy { !$0.isEmpty && $0.count <= 2 && $0.allSatisfy(isDigit) }
    }

    private static func isDate(_ word: Word) -> Bool {
        let parts = word.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && isYear(parts[0])
            && parts.dropFirst().allSatisfy { $0.count == 2 && $0.allSatisfy(isDigit) }
    }

    private static func isYear(_ word: Word) -> Bool {
        guard word.count == 4, let year = UInt32(ascii: word) else { return false }
        return year >= 1970 && year < 2200
    }
}

/// How long a mail of an mbox says that it is.
enum MboxLength {
    /// Where the field is looked for. Headers of mails that went a long way have 20 KB.
    static let headerBytesMax = 64 << 10

    /// The bytes of header and body together; nil without one Content-Length in the header.
    ///
    /// - Parameter head: the beginning of the mail, with the whole header.
    static func claimed(by head: some Collection<UInt8>) -> Int? {
        var length: Int?
        var position = 0
        for line in head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            position += line.count + 1
            let isLast = line.isEmpty || line.elementsEqual([0x0d])
            if isLast { return length.map { position + $0 } }
            guard let value = value(of: line) else { continue }
            guard length == nil, let number = Int(value), number >= 0, number < 1 << 40
            else { return nil }
            length = number
        }
        return nil
    }

    private static func value(of line: some Collection<UInt8>) -> String? {
        let name = "content-length:"
        guard line.count <= 64, line.count > name.utf8.count,
            zip(line, name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        let value = line.dropFirst(name.utf8.count)
        return String(decoding: value.filter { $0 > 0x20 }, as: UTF8.self)
    }
}

/// Takes back what an mbox writer did to a mail.
enum MboxQuoting {
    /// Removes the blank line that stands between two mails and belongs to none.
    static func removeBlankLine(atEndOf raw: inout [UInt8]) {
        if raw.suffix(2).elementsEqual("\n\n".utf8) {
            raw.removeLast()
        } else if raw.suffix(3).elementsEqual("\n\r\n".utf8) {
            raw.removeLast(2)
        }
    }

    /// Whether a line begins with `From ` and nothing before it.
    static func hasUnquoted(_ raw: [UInt8]) -> Bool {
        raw.withUnsafeBytes { bytes in
            var position = 0
            while let hit = bytes.lineEnd(before: UInt8(ascii: "F"), in: position..<bytes.count) {
                position = hit + 1
                if bytes[position...].starts(with: "From ".utf8) { return true }
            }
            return false
        }
    }

    /// Removes one `>` from each line of `>`s and `From `; false when there is none. Which of the
    /// dialects wrote the file cannot be seen; in mboxo a line that had its `>` before loses it.
    static func remove(from raw: inout [UInt8]) -> Bool {
        guard let first = firstQuote(in: raw, from: 0) else { return false }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var copied = 0
        var quote: Int? = first
        while let position = quote {
            result.append(contentsOf: raw[copied..<position])
            copied = position + 1
            quote = firstQuote(in: raw, from: copied)
        }
        result.append(contentsOf: raw[copied...])
        raw = result
        return true
    }

    /// The places of what `remove` takes away, the first ones.
    static func quotes(in raw: [UInt8], atMost limit: Int) -> [Int] {
        var quotes: [Int] = []
        var position = 0
        while quotes.count < limit, let quote = firstQuote(in: raw, from: position) {
            quotes.append(quote)
            position = quote + 1
        }
        return quotes
    }

    /// The position of the first `>` of a quoted line behind a line end at or after `start`.
    private static func firstQuote(in raw: [UInt8], from start: Int) -> Int? {
        raw.withUnsafeBytes { bytes -> Int? in
            var position = start
            while let hit = bytes.lineEnd(before: UInt8(ascii: ">"), in: position..<bytes.count) {
                var next = hit + 1
                while next < bytes.count, bytes[next] == UInt8(ascii: ">") { next += 1 }
                if bytes[next...].starts(with: "From ".utf8) { return hit + 1 }
                position = next
            }
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The first line end in the range that `byte` follows. `memchr` looks at many bytes at once.
    func lineEnd(before byte: UInt8, in range: Range<Int>) -> Int? {
        guard let base = baseAddress else { return nil }
        var position = range.lowerBound
        while position < range.upperBound,
            let hit = memchr(base + position, 0x0a, range.upperBound - position)
        {
            position = UnsafeRawPointer(hit) - base + 1
            if position < range.upperBound, self[position] == byte { return position - 1 }
        }
        return nil
    }
}
