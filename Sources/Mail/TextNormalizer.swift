// SPDX-License-Identifier: Apache-2.0

internal import CGMime

/// Brings text into the one form that patterns are written for; see `BodyText.text`.
struct TextNormalizer {
    private(set) var notes: Set<Message.Note> = []

    private var out: [UInt8] = []
    private var pendingBlank = false
    private var pendingTab = false
    /// Borders of cells, which are kept one by one.
    private var pendingBorders = 0
    private var needsComposition = false

    /// UTF-8 in, normalised text out, at most `bytesMax` bytes of it.
    ///
    /// Several tabs side by side bring columns of plain text into line and are one; empty cells are
    /// known only of pages.
    ///
    /// - Parameter hasCells: the text is that of `HTMLText`, where each `ASCII.cellBorder` counts.
    mutating func normalize(
        _ bytes: [UInt8], bytesMax: Int, hasCells: Bool = false
    ) -> String {
        out.removeAll(keepingCapacity: true)
        out.reserveCapacity(min(bytes.count, bytesMax))
        pendingBlank = false
        pendingTab = false
        pendingBorders = 0
        needsComposition = false
        bytes.withUnsafeBufferPointer { read($0, bytesMax: bytesMax, hasCells: hasCells) }
        endLine()
        while let last = out.last, last == ASCII.lineFeed { out.removeLast() }
        return needsComposition ? composed() : String(decoding: out, as: UTF8.self)
    }

    /// The same as one line: line ends and tabs are blanks.
    mutating func normalizeLine(_ bytes: [UInt8], bytesMax: Int) -> String {
        let flat = bytes.map { $0 < 32 ? ASCII.blank : $0 }
        return normalize(flat, bytesMax: bytesMax)
    }

    private mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, bytesMax: Int, hasCells: Bool
    ) {
        var index = 0
        while index < bytes.count {
            // Room for the longest scalar and what may be pending before it.
            guard out.count + pendingBorders + 6 <= bytesMax else {
                notes.insert(.truncated)
                return
            }
            let byte = bytes[index]
            switch byte {
            case 0x21...0x7E:
                flush()
                // A word at a time.
                let room = min(bytes.count, index + bytesMax - out.count - 5)
                var end = index + 1
                while end < room, bytes[end] &- 0x21 < 0x5E { end &+= 1 }
                out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[index..<end]))
                index = end
            case 0x20, 0x0B, 0x0C:
                pendingBlank = true
                index += 1
            case 0x09:
                pendingTab = true
                index += 1
            case 0x0A, 0x0D:
                endLine()
                index += 1
            case 0x00:
                notes.insert(.malformed)
                index += 1
            case ASCII.cellBorder where hasCells:
                pendingBorders += 1
                index += 1
            case 0x01...0x1F, 0x7F: index += 1
            default: index += takeScalar(bytes, index)
            }
        }
    }

    /// One scalar beyond ASCII; gives back its length in bytes.
    private mutating func takeScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let lead = bytes[index]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, index + length <= bytes.count else { return 1 }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
        }
        switch Self.kind(of: value) {
        case .visible:
            if Self.mayCompose(value) { needsComposition = true }
            flush()
            for offset in 0..<length { out.append(bytes[index + offset]) }
        case .blank: pendingBlank = true
        case .lineEnd: endLine()
        case .invisible: notes.insert(.invisibleCharacters)
        case .direction: notes.insert(.bidirectionalControls)
        case .control: break
        }
        return length
    }

    private mutating func flush() {
        if pendingBorders > 0 {
            writeBorders()
        } else if pendingTab || pendingBlank {
            if let last = out.last, last != ASCII.lineFeed {
                out.append(pendingTab ? ASCII.tab : ASCII.blank)
            }
        }
        pendingTab = false
        pendingBlank = false
    }

    /// A line without text is none, and what cells it has are gone with it.
    private mutating func endLine() {
        if let last = out.last, last != ASCII.lineFeed {
            writeBorders()
            out.append(ASCII.lineFeed)
        }
        pendingBorders = 0
        pendingTab = false
        pendingBlank = false
    }

    private mutating func writeBorders() {
        for _ in 0..<pendingBorders { out.append(ASCII.tab) }
        pendingBorders = 0
    }

    private enum Kind { case visible, blank, lineEnd, invisible, direction, control }

    private static func kind(of value: UInt32) -> Kind {
        switch value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .blank
        case 0x85, 0x2028, 0x2029: .lineEnd
        case 0x80...0x9F: .control
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .direction
        case 0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200D,
            0x2060...0x2065, 0x206A...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0,
            0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            .invisible
        default: .visible
        }
    }

    /// Whether NFC could change text with this scalar. Latin letters and the usual signs stay out,
    /// so that the slow way is taken by few mails.
    private static func mayCompose(_ value: UInt32) -> Bool {
        switch value {
        case 0...0x2FF, 0x2000...0x20CF, 0x2100...0x2125, 0x212C...0x2ADB: false
        default: true
        }
    }

    private func composed() -> String {
        out.withUnsafeBytes { raw in
            guard
                let text = g_utf8_normalize(
                    raw.baseAddress?.assumingMemoryBound(to: CChar.self), gssize(raw.count),
                    G_NORMALIZE_NFC)
            else { return String(decoding: raw, as: UTF8.self) }
            defer { g_free(text) }
            return String(cString: text)
        }
    }
}
