// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// Header text with encoded words: `=?utf-8?B?xZ8=?=`. Source: RFC 2047.
///
/// Words of one charset that stand beside each other are put together before the charset is
/// undone: many senders cut inside a letter, and pad each piece of base64 by itself.
enum EncodedWords {
    /// The text as UTF-8 and whether a charset was put right; nil when no encoded word is in it.
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], repaired: Bool)? {
        // Most fields hold none, and then nothing needs to be taken apart.
        guard zip(bytes, bytes.dropFirst()).contains(where: { $0 == 61 && $1 == 63 }) else {
            return nil
        }
        var decoder = Decoder()
        var index = 0
        var gapStart: Int?
        while index < bytes.count {
            if bytes[index] == 61, let word = Word(bytes, at: index) {
                decoder.put(word)
                index = word.end
                gapStart = index
            } else if gapStart != nil, ASCII.isFolding(bytes[index]) {
                index += 1
            } else {
                decoder.put(plain: bytes[(gapStart ?? index)...index])
                gapStart = nil
                index += 1
            }
        }
        guard decoder.hasWords else { return nil }
        decoder.endWords()
        return (decoder.out, decoder.repaired)
    }

    private struct Decoder {
        var out: [UInt8] = []
        var repaired = false
        var hasWords = false
        private var charset = ""
        private var pending: [UInt8] = []

        mutating func put(plain: ArraySlice<UInt8>) {
            endWords()
            out += plain
        }

        mutating func put(_ word: Word) {
            hasWords = true
            if word.charset != charset { endWords() }
            charset = word.charset
            pending += word.bytes
        }

        mutating func endWords() {
            guard !pending.isEmpty else { return }
            let (text, isRepaired) = Charset.utf8(pending, named: charset)
            out += text
            repaired = repaired || isRepaired
            pending = []
        }
    }

    private struct Word {
        let charset: String
        let bytes: [UInt8]
        let end: Int

        /// Reads `=?charset?B?text?=`; a language behind the charset (RFC 2231 §5) is left out.
        init?(_ raw: [UInt8], at start: Int) {
            guard let (name, afterName) = Self.piece(raw, from: start + 1, opening: true),
                let (kind, afterKind) = Self.piece(raw, from: afterName),
                let (text, afterText) = Self.piece(raw, from: afterKind),
                afterText < raw.count, raw[afterText] == ASCII.equals, kind.count == 1
            else { return nil }
            switch ASCII.lower(raw[kind.lowerBound]) {
            case 98: bytes = Self.base64(raw[text])
            case 113: bytes = Self.quoted(raw[text])
            default: return nil
            }
            let label = raw[name].prefix { $0 != 42 }
            charset = String(decoding: label.map(ASCII.lower), as: UTF8.self)
            end = afterText + 1
        }

        /// The letters up to the next question mark, and the place behind it.
        private static func piece(
            _ raw: [UInt8], from start: Int, opening: Bool = false
        ) -> (Range<Int>, Int)? {
            var low = start
            if opening {
                guard low < raw.count, raw[low] == 63 else { return nil }
                low += 1
            }
            var high = low
            while high < raw.count, raw[high] != 63 { high += 1 }
            return high < raw.count ? (low..<high, high + 1) : nil
        }

        /// What can be decoded of it: a wrong last group costs that group alone.
        private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
            let letters = text.filter { $0 != 61 }
            return Base64.decode(letters) ?? Base64.decode(letters.dropLast()) ?? []
        }

        private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
            var out: [UInt8] = []
            var index = text.startIndex
            while index < text.endIndex {
                let byte = text[index]
                if byte == ASCII.equals, index + 2 < text.endIndex,
                    let high = digit(text[index + 1]), let low = digit(text[index + 2])
                {
                    out.append(high << 4 | low)
                    index += 3
                } else {
                    out.append(byte == 95 ? ASCII.blank : byte)
                    index += 1
                }
            }
            return out
        }

        private static func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 48...57: byte - 48
            case 65...70: byte - 55
            case 97...102: byte - 87
            default: nil
            }
        }
    }
}
