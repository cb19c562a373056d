// SPDX-License-Identifier: Apache-2.0

/// Whether bytes begin with `Name:`; blanks before the colon are an old custom.
enum HeaderStart {
    case yes, no
    /// More bytes are needed.
    case unclear

    /// The longest name of a field that is looked at; RFC 5322 allows a line of 998 bytes.
    static let nameBytesMax = 128

    init(_ bytes: UnsafeRawBufferPointer) {
        var count = 0
        var isEnded = false
        self = .unclear
        for byte in bytes.prefix(Self.nameBytesMax) {
            if byte == UInt8(ascii: ":") {
                self = count > 0 ? .yes : .no
                return
            }
            // Old mailboxes have a `>From` line among the headers.
            if count == 5, byte == UInt8(ascii: " "), bytes.starts(with: ">From".utf8) {
                self = .yes
                return
            }
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            guard isBlank ? count > 0 : !isEnded && byte > 0x20 && byte < 0x7f else {
                self = .no
                return
            }
            isEnded = isBlank
            count += 1
        }
        if count == Self.nameBytesMax { self = .no }
    }

    /// What mail servers and programs write before all else, and nobody in a text. Behind it any
    /// separator is one: dates are written in more ways than are known.
    private static let traces = [
        "return-path:", "received:", "delivered-to:", "x-", "arc-", "dkim-signature:",
        "message-id:", "mime-version:",
    ]
    /// Of the longest.
    static let traceBytes = 15

    static func isTrace(_ bytes: UnsafeRawBufferPointer) -> Bool {
        traces.contains { name in
            bytes.count >= name.utf8.count
                && zip(bytes, name.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }
}
