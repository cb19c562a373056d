// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads the mails of one file: the many of an mbox, or the one that the file is.
///
/// An mbox starts each mail with a line `From sender date`. Lines of a mail that would look so are
/// written with a `>` before them (mboxo; mboxrd adds one to those that have some already), or not
/// at all (mboxcl2, which trusts Content-Length; mboxcl has both). A separator must look like one:
/// with a date, or a blank line before it, and a header line behind it. Where a mail has such a
/// line inside, its Content-Length is believed if the next separator stands exactly behind it:
/// programs that change a mail forget it. Who writes a mail could take the next one in with it, so
/// every mail of the file so far must have a length, one of them a right one, and the mail behind
/// one as well. A mail that went on over a separator carries a remark, and comes in pieces too:
/// nothing is taken in without a word.
///
/// - Source: RFC 4155; https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml
final class SavedFileReader {
    /// A read of this size is as fast as any larger one.
    private static let bufferBytes = 1 << 20
    /// Longer lines are no separators; an address has at most 254 bytes.
    private static let separatorBytesMax = 2048

    private let file: SavedFile
    private let source: SavedFileSource
    private let mailBytesMax: Int
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: bufferBytes, alignment: 16)
    /// What is read and not taken: `buffer[start..<end]`.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// Why the file could be read no further; told behind the mails that came before.
    private var failure: MailboxError?
    private var isMbox = false
    private var isFirst = true
    /// Every mail so far says how long it is: the program that wrote the file did.
    private var hasLengths = true
    /// One of them ended where its length said, with no separator inside.
    private var hasRightLength = false
    private var count = 0

    // The mail under way.
    private var raw: [UInt8] = []
    private var size = 0
    /// The last two bytes of the mail so far, kept even when the mail is not.
    private var tail: (UInt8, UInt8) = (0, 0)
    /// It ends where its Content-Length says.
    private var isMeasured = false
    /// The separators inside, over which its length was believed, counted from its beginning. All
    /// of them stood in the buffer.
    private var joints: [Range<Int>] = []
    /// How far its length is believed; an empty mail ends before its beginning.
    private var sizeBelieved = -1

    init(_ file: SavedFile, mailBytesMax: Int) throws(MailboxError) {
        self.file = file
        source = try SavedFileSource(file)
        self.mailBytesMax = mailBytesMax
    }

    deinit { buffer.deallocate() }

    /// Of the file, compressed or not.
    var bytesRead: Int64 { source.bytesRead }

    /// The next mail of the file, nil at its end.
    func next() throws(MailboxError) -> SavedMail? {
        if isFirst {
            isFirst = false
            try begin()
        }
        guard start < end || !isAtEnd else {
            if let failure { throw failure }
            return nil
        }
        (raw, size, tail, isMeasured, joints, sizeBelieved) = ([], 0, (0, 0), false, [], -1)
        if isMbox { try takeUntilSeparator() } else { try takeAll() }
        guard isMbox || size > 0 else {
            if let failure { throw failure }
            return nil
        }
        count += 1
        if isMeasured, joints.isEmpty { hasRightLength = true }
        return finishedMail()
    }

    // MARK: - Kinds of file

    /// Recognizes an mbox by its first line.
    private func begin() throws(MailboxError) {
        // One byte in front, so that the first separator follows a line end like all others.
        buffer[0] = newline
        end = 1
        try fill()
        if buffer[1..<end].starts(with: [0xef, 0xbb, 0xbf]) {
            // A mark that editors leave at the beginning of a text.
            buffer[3] = newline
            start = 3
        }
        var first = start + 1
        while first < end, buffer[first] == newline || buffer[first] == carriageReturn {
            first += 1
        }
        let view = UnsafeRawBufferPointer(rebasing: buffer[first..<end])
        isMbox = view.starts(with: "From ".utf8)
        guard isMbox else {
            if let failure, first >= end || HeaderStart(view) == .no { throw failure }
            if first >= end, isAtEnd, file.isNamed {
                throw MailboxError(operation: "read", subject: file.label, cause: "it is empty")
            }
            guard first >= end || HeaderStart(view) != .no else {
                throw noMail(view)
            }
            start = first
            return
        }
        start = first - 1
        guard let lineEnd = firstNewline(from: first, within: Self.separatorBytesMax) else {
            if let failure { throw failure }
            throw MailboxError(
                operation: "read", subject: file.label, cause: "the first line has no end")
        }
        start = lineEnd
    }

    /// How zip, bzip2, xz, Zstandard, 7z and rar begin.
    private static let archives: [[UInt8]] = [
        [0x50, 0x4b, 3, 4], [0x42, 0x5a, 0x68], [0xfd, 0x37, 0x7a, 0x58, 0x5a],
        [0x28, 0xb5, 0x2f, 0xfd], [0x37, 0x7a, 0xbc, 0xaf], [0x52, 0x61, 0x72, 0x21],
    ]

    private func noMail(_ bytes: UnsafeRawBufferPointer) -> MailboxError {
        let isArchive =
            Self.archives.contains { bytes.starts(with: $0) }
            || bytes.dropFirst(257).starts(with: "ustar".utf8)
        return MailboxError(
            operation: "read", subject: file.label,
            cause: isArchive ? "an archive of files" : "neither a mail nor an mbox",
            hint: isArchive
                ? "unpack it first" : "a mail begins with header lines, an mbox with \"From \"")
    }

    private func takeAll() throws(MailboxError) {
        repeat {
            keep(start..<end)
            start = end
            try fill()
        } while start < end
    }

    /// Takes one mail; `start` is the end of its separator line before, and that of the next one
    /// after.
    private func takeUntilSeparator() throws(MailboxError) {
        var scan = start
        start += 1
        while true {
            if let hit = firstFrom(from: scan) {
                switch judge(hit) {
                case .yes(let lineEnd):
                    let place = start
                    if size + hit - start >= sizeBelieved {
                        try believe(upTo: hit)
                    }
                    let moved = place - start
                    if size + hit - place < sizeBelieved {
                        joints.append(size + hit + 1 - place..<size + lineEnd + 1 - place)
                        scan = lineEnd - moved
                        continue
                    }
                    keep(start..<max(start, hit + 1 - moved))
                    start = lineEnd - moved
                    return
                case .no:
                    scan = hit + 1
                case .unclear:
                    scan = try refill(from: hit)
                }
            } else if isAtEnd {
                keep(min(start, end)..<end)
                start = end
                return
            } else {
                // The last bytes may be the beginning of a separator.
                scan = try refill(from: max(scan, end - 5))
            }
        }
    }

    /// Takes what stands before `rest` and reads on; returns where `rest` is now.
    private func refill(from rest: Int) throws(MailboxError) -> Int {
        keep(start..<max(start, rest))
        let skipped = max(0, start - rest)
        start = rest
        try fill()
        defer { start += skipped }
        return start
    }

    // MARK: - Lengths

    /// Believes the mail's Content-Length or not, when there is a separator at `hit`. Moves what is
    /// in the buffer.
    private func believe(upTo hit: Int) throws(MailboxError) {
        guard hasLengths else { return }
        let head =
            raw.prefix(MboxLength.headerBytesMax)
            + buffer[start...max(start, hit)]
            .prefix(max(0, MboxLength.headerBytesMax - raw.count))
        guard let length = MboxLength.claimed(by: head) else {
            hasLengths = false
            return
        }
        // The line end before a separator belongs to the mail, or is the blank line.
        let rest = length - size
        let isWithin = start + rest > hit + 1
        isMeasured = (0...2).contains(hit + 1 - start - rest)
        // What does not fit into the buffer is not looked at: nothing is kept for it.
        guard isWithin, hasRightLength,
            rest + Self.separatorBytesMax + MboxLength.headerBytesMax < buffer.count
        else { return }
        try fill()
        if let end = measuredMail(at: start + rest) { sizeBelieved = size + end - start }
    }

    /// The line end before the separator at `place`, or behind one blank line there, if the mail
    /// that begins with it says how long it is.
    private func measuredMail(at place: Int) -> Int? {
        var place = place
        for _ in 0...2 where place < end {
            if place > start, buffer[place - 1] == newline,
                case .yes(let lineEnd) = judge(place - 1)
            {
                guard buffer[place...].starts(with: "From ".utf8) else { return nil }
                let head = buffer[min(lineEnd + 1, end)..<end].prefix(MboxLength.headerBytesMax)
                return MboxLength.claimed(by: head) == nil ? nil : place - 1
            }
            if buffer[place] == carriageReturn { place += 1 }
            guard place < end, buffer[place] == newline else { return nil }
            place += 1
        }
        return nil
    }

    // MARK: - Separators

    private enum Verdict: Equatable {
        case yes(lineEnd: Int)
        case no
        /// More bytes are needed.
        case unclear
    }

    private func firstFrom(from scan: Int) -> Int? {
        let bytes = UnsafeRawBufferPointer(buffer)
        var position = scan
        while let hit = bytes.lineEnd(before: UInt8(ascii: "F"), in: position..<end) {
            if end - hit > 5, bytes[(hit + 1)...].starts(with: "From ".utf8) { return hit }
            position = hit + 1
        }
        return nil
    }

    private func firstNewline(from position: Int, within count: Int) -> Int? {
        guard position < end, let base = buffer.baseAddress else { return nil }
        let found = memchr(base + position, Int32(newline), min(count, end - position))
        return found.map { $0 - base }
    }

    /// Whether the `From ` line behind the line end at `hit` separates two mails.
    private func judge(_ hit: Int) -> Verdict {
        let reach = Self.separatorBytesMax + HeaderStart.nameBytesMax
        guard let lineEnd = firstNewline(from: hit + 1, within: Self.separatorBytesMax) else {
            return isAtEnd || end - hit > reach ? .no : .unclear
        }
        let shape = SeparatorLine(UnsafeRawBufferPointer(rebasing: buffer[(hit + 1)..<lineEnd]))
        let isAlone =
            byte(before: hit, by: 1) == newline
            || (byte(before: hit, by: 1) == carriageReturn && byte(before: hit, by: 2) == newline)
        let next = UnsafeRawBufferPointer(rebasing: buffer[(lineEnd + 1)..<end])
        guard shape == .dated || isAlone else { return .no }
        if shape == .text, !HeaderStart.isTrace(next) {
            return next.count < HeaderStart.traceBytes && !isAtEnd ? .unclear : .no
        }
        switch HeaderStart(next) {
        case .yes: return .yes(lineEnd: lineEnd)
        case .no: return .no
        case .unclear:
            if isAtEnd { return next.isEmpty ? .yes(lineEnd: lineEnd) : .no }
            return end - hit > reach ? .no : .unclear
        }
    }

    /// A byte before the line end at `hit`, from the buffer or from what is taken already.
    private func byte(before hit: Int, by distance: Int) -> UInt8 {
        let position = hit - distance
        if position >= start { return buffer[position] }
        return start - position == 1 ? tail.1 : tail.0
    }

    // MARK: - Bytes

    private func keep(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        tail = (
            range.count > 1 ? buffer[range.upperBound - 2] : tail.1, buffer[range.upperBound - 1]
        )
        let room = max(0, mailBytesMax - size)
        size += range.count
        let part = range.prefix(room)
        raw.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[part]))
    }

    /// Moves what is left to the front and reads until the buffer is full or the file ends.
    private func fill() throws(MailboxError) {
        guard let base = buffer.baseAddress else { return }
        if start > 0 {
            memmove(base, base + start, end - start)
            (start, end) = (0, end - start)
        }
        while end < buffer.count, !isAtEnd {
            let room = UnsafeMutableRawBufferPointer(
                start: base + end, count: buffer.count - end)
            var count = 0
            do throws(MailboxError) {
                count = try source.read(into: room)
            } catch {
                failure = error
            }
            isAtEnd = count == 0
            end += count
        }
    }

    private func finishedMail() -> SavedMail {
        let label = isMbox ? "\(file.label)#\(count)" : file.label
        let isTooLarge = size > mailBytesMax
        // Nobody knows how the last mail of a file went on that could be read no further.
        let isTruncated = isTooLarge || failure != nil && isAtEnd && start == end
        if isTooLarge { raw = Array(raw.prefix(SavedMailbox.beginningBytes)) }
        var mail = SavedMail(
            label: label, raw: raw, isTruncated: isTruncated,
            bytesReadSoFar: source.isCompressed ? bytesRead : bytesRead - Int64(end - start))
        guard isMbox, !isTruncated else { return mail }
        if !joints.isEmpty {
            mail.remark = Self.joined(label)
            let starts = [0] + joints.map(\.upperBound)
            mail.asCut = zip(starts, joints.map(\.lowerBound) + [size]).enumerated().map {
                var piece = mail
                piece.label += ".\($0 + 1)"
                piece.raw = Array(raw[$1.0..<max($1.0, $1.1)])
                unquote(&piece)
                return piece
            }
        }
        unquote(&mail)
        return mail
    }

    private func unquote(_ mail: inout SavedMail) {
        MboxQuoting.removeBlankLine(atEndOf: &mail.raw)
        // Who measures and leaves one such line as it is, quotes none.
        if isMeasured, MboxQuoting.hasUnquoted(mail.raw) { return }
        let written = mail.raw
        if MboxQuoting.remove(from: &mail.raw) { mail.asWritten = written }
    }

    private static func joined(_ label: String) -> MailboxError {
        MailboxError(
            operation: "read", subject: label,
            cause: "by its Content-Length, what looks like another mail is a part of this one",
            hint: "if it is a mail of its own, remove the Content-Length line and replay again")
    }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
