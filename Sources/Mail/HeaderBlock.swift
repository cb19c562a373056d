// SPDX-License-Identifier: Apache-2.0

/// The header of a mail, as places in its bytes. Parser and signature check read the same block,
/// so that nobody can show a field to the one and hide it from the other.
struct HeaderBlock {
    struct Field {
        /// Without blanks before the colon.
        let name: Range<Int>
        /// From behind the colon to before the last line break; folds are still in it.
        let value: Range<Int>

        /// The whole field without its last line break.
        var whole: Range<Int> { name.lowerBound..<value.upperBound }
    }

    private(set) var fields: [Field] = []
    /// Where the body begins: behind the first empty line, or at the end of the mail.
    private(set) var bodyStart: Int
    /// False when a line is no field and no continuation, or holds a byte that readers disagree
    /// about. Such a mail can be read, but no signature on it is believed.
    private(set) var isWellFormed = true
    /// False when a limit cut the block short.
    private(set) var isWhole = true

    /// Scans once. A leading mbox line (`From …`, or `>From …` as old programs leave it) is passed
    /// over.
    init(_ raw: [UInt8], limits: MailLimits) {
        bodyStart = raw.count
        fields.reserveCapacity(32)
        var start = Self.endOfMailboxLine(raw)
        let limit = min(raw.count, start + limits.headerBytesMax)
        while start < raw.count {
            guard start < limit, fields.count < limits.fieldsMax else {
                isWhole = false
                return
            }
            let line = Self.line(raw, from: start, limit: limit)
            if line.isOdd { isWellFormed = false }
            if line.content.isEmpty {
                bodyStart = line.next
                return
            }
            take(line.content, of: raw)
            start = line.next
        }
    }

    /// The fields of that name (lower case), top first.
    func all(_ name: StaticString, in raw: [UInt8]) -> [Field] {
        fields.filter { ASCII.equal(raw, $0.name, name) }
    }

    func first(_ name: StaticString, in raw: [UInt8]) -> Field? {
        fields.first { ASCII.equal(raw, $0.name, name) }
    }

    private mutating func take(_ line: Range<Int>, of raw: [UInt8]) {
        if ASCII.isBlank(raw[line.lowerBound]) {
            // A line of blanks alone ends the header for some readers and continues it for others.
            if ASCII.trim(raw, line).isEmpty { isWellFormed = false }
            guard let last = fields.popLast() else {
                isWellFormed = false
                return
            }
            fields.append(Field(name: last.name, value: last.value.lowerBound..<line.upperBound))
            return
        }
        var colon = line.lowerBound
        while colon < line.upperBound, raw[colon] != ASCII.colon { colon += 1 }
        let name = ASCII.trim(raw, line.lowerBound..<colon)
        guard colon < line.upperBound, !name.isEmpty,
            name.allSatisfy({ (33...126).contains(raw[$0]) })
        else {
            isWellFormed = false
            return
        }
        if name.upperBound != colon { isWellFormed = false }
        fields.append(Field(name: name, value: colon + 1..<line.upperBound))
    }

    /// The line at `start` without its break, where the next one begins, and whether a NUL or a
    /// lone carriage return stands in it.
    private static func line(
        _ raw: [UInt8], from start: Int, limit: Int
    ) -> (content: Range<Int>, next: Int, isOdd: Bool) {
        var end = limit
        var returns = 0
        var isOdd = false
        raw.withUnsafeBufferPointer { bytes in
            let reach = UnsafeBufferPointer(rebasing: bytes[..<max(start, limit)])
            end = ASCII.place(of: ASCII.lineFeed, in: reach, from: start) ?? reach.count
            for byte in reach[start..<end] where byte <= ASCII.carriageReturn {
                if byte == ASCII.carriageReturn { returns += 1 }
                if byte == 0 { isOdd = true }
            }
        }
        let next = end < raw.count && raw[end] == ASCII.lineFeed ? end + 1 : end
        if end > start, raw[end - 1] == ASCII.carriageReturn {
            end -= 1
            returns -= 1
        }
        return (start..<end, next, isOdd || returns > 0)
    }

    private static func endOfMailboxLine(_ raw: [UInt8]) -> Int {
        let mark = raw.first == 62 ? 1 : 0
        guard raw.dropFirst(mark).starts(with: [70, 114, 111, 109, 32]) else { return 0 }
        // `From : x` is an odd From field, no mbox line.
        let line = Self.line(raw, from: 0, limit: min(raw.count, 1000))
        let word = raw[mark + 5..<max(mark + 5, line.content.upperBound)].first {
            !ASCII.isBlank($0)
        }
        return word == ASCII.colon ? 0 : line.next
    }
}
