// SPDX-License-Identifier: Apache-2.0

import CZlib
import Glibc

/// The bytes of a file or of standard input, with gzip taken off.
///
/// gzip is recognized by its first bytes, so standard input and odd names work as well. Several
/// compressed parts in a row are one text, as gzip(1) has it. Memory does not grow with the file.
///
/// - Source: RFC 1952; zlib.h, `inflate`.
final class SavedFileSource {
    /// Compressed bytes at a time.
    private static let inputBytes = 256 << 10

    private let label: String
    private let descriptor: Int32
    private var stream: UnsafeMutablePointer<z_stream>?
    private let input = UnsafeMutableRawBufferPointer.allocate(
        byteCount: inputBytes, alignment: 16)
    /// What is read and not taken: `input[start..<end]`.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// A part has ended, and the next one has not begun.
    private var isBetweenParts = false

    /// Bytes read from the file, compressed or not.
    private(set) var bytesRead: Int64 = 0
    var isCompressed: Bool { stream != nil }

    init(_ file: SavedFile) throws(MailboxError) {
        let descriptor = file.path == "-" ? dup(0) : open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MailboxError(opening: file.path, errno) }
        label = file.label
        self.descriptor = descriptor
        // A pipe may hand over a single byte at first.
        while end < 3, !isAtEnd { try load() }
        if input[..<end].starts(with: [0x1f, 0x8b, 0x08]) { try beginInflating() }
    }

    deinit {
        close(descriptor)
        input.deallocate()
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Reads into `room`, as much as there is at hand but at least one byte; 0 is the end.
    func read(into room: UnsafeMutableRawBufferPointer) throws(MailboxError) -> Int {
        if let stream { return try inflate(stream, into: room) }
        if start == end { try load() }
        let count = min(room.count, end - start)
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[start..<(start + count)]))
        start += count
        return count
    }

    private func beginInflating() throws(MailboxError) {
        // zlib keeps the address.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard mutabik_zlib_begin(stream) == Z_OK else {
            stream.deallocate()
            throw broken("zlib does not start")
        }
        self.stream = stream
    }

    private func inflate(
        _ stream: UnsafeMutablePointer<z_stream>, into room: UnsafeMutableRawBufferPointer
    ) throws(MailboxError) -> Int {
        while true {
            if start == end, !isAtEnd { try load() }
            if isBetweenParts, try !beginNextPart(stream) { return 0 }
            let count = min(room.count, Int(UInt32.max))
            stream.pointee.next_in = input.baseAddress.map {
                ($0 + start).assumingMemoryBound(to: UInt8.self)
            }
            stream.pointee.avail_in = UInt32(end - start)
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(count)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            start = end - Int(stream.pointee.avail_in)
            let made = count - Int(stream.pointee.avail_out)
            switch code {
            case Z_STREAM_END: isBetweenParts = true
            case Z_OK: break
            // No progress: more input is needed.
            case Z_BUF_ERROR: if isAtEnd { throw broken("the compressed file is cut off") }
            default: throw broken("the compressed file is damaged")
            }
            if made > 0 { return made }
        }
    }

    /// False at the end of the file. Zeros behind a part are padding, as tapes have it.
    private func beginNextPart(
        _ stream: UnsafeMutablePointer<z_stream>
    ) throws(MailboxError) -> Bool {
        while true {
            while start < end, input[start] == 0 { start += 1 }
            if start < end { break }
            if isAtEnd { return false }
            try load()
        }
        guard input[start] == 0x1f, inflateReset(stream) == Z_OK else {
            throw broken("something else follows the compressed part")
        }
        isBetweenParts = false
        return true
    }

    /// Reads behind what is left; with nothing left, from the front.
    private func load() throws(MailboxError) {
        if start == end { (start, end) = (0, 0) }
        guard let base = input.baseAddress else { return }
        var count = Glibc.read(descriptor, base + end, input.count - end)
        while count < 0, errno == EINTR {
            count = Glibc.read(descriptor, base + end, input.count - end)
        }
        guard count >= 0 else { throw broken(String(cString: strerror(errno))) }
        isAtEnd = count == 0
        end += count
        bytesRead += Int64(count)
    }

    private func broken(_ cause: String) -> MailboxError {
        MailboxError(operation: "read", subject: label, cause: cause)
    }
}
