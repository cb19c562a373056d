// SPDX-License-Identifier: Apache-2.0

import CRE2

/// A compiled pattern. Searching takes time linear in the text, whatever the pattern.
///
/// Unchecked, because the handle is written once in `init`; RE2 lets many threads search with it.
final class Pattern: @unchecked Sendable {
    /// 2 MB: real rule patterns take a few KB; with less RE2 searches slower, never wrongly.
    private static let memoryBytesMax: Int64 = 2 << 20
    /// The work per byte of text grows with it; bank sentences have 100 to 400.
    private static let programSizeMax = 4000
    /// What counted repetitions may add to the program. A text that keeps many of them half done
    /// costs as much per byte as they are large: `a.{400}b` took 360 ms for 256 KB, forty chains of
    /// `.*` without counts 20 ms.
    private static let countedSizeMax = 600
    /// As many as `cre2_find` answers, without the whole match.
    private static let groupsMax = 31

    /// The pattern as RE2 reads it.
    let text: String
    /// As it stands in the file, for messages.
    let written: String
    /// The names of groups by their number; a group without a name is nil.
    let groupNames: [String?]
    private let handle: OpaquePointer

    /// `text` is what `PatternSource` made of the pattern in the file.
    init(_ text: String, written: String = "") throws(PatternError) {
        let utf8 = Array(text.utf8)
        let made = utf8.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                cre2_new($0.baseAddress, $0.count, Self.memoryBytesMax)
            }
        }
        guard let made else {
            throw PatternError(
                Wording("there is no memory for this pattern", "bu desen için bellek yok"))
        }
        if let error = Self.error(of: made) {
            cre2_free(made)
            throw error
        }
        let groups = Int(cre2_group_count(made))
        guard cre2_program_size(made) <= Self.programSizeMax, groups <= Self.groupsMax else {
            cre2_free(made)
            throw PatternError(PatternError.tooLarge)
        }
        let size = Self.size(of: made)
        guard size - (Self.sizeWithoutCounts(text) ?? size) <= Self.countedSizeMax else {
            cre2_free(made)
            throw PatternError(PatternError.countsTooLarge)
        }
        self.text = text
        self.written = written
        groupNames = (0...groups).map { index in
            cre2_group_name(made, Int32(index)).map { String(cString: $0) }
        }
        handle = made
    }

    deinit { cre2_free(handle) }

    private static func size(of handle: OpaquePointer) -> Int { Int(cre2_program_size(handle)) }

    /// The size of the program with `+` or `*` in place of `{n,m}`; that of a pattern without counts
    /// is left out, for it differs in nothing.
    private static func sizeWithoutCounts(_ text: String) -> Int? {
        let plain = Array(text.utf8)
        let relaxed = withoutCounts(plain)
        guard relaxed != plain else { return nil }
        return relaxed.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                guard let made = cre2_new($0.baseAddress, $0.count, memoryBytesMax) else {
                    return nil
                }
                defer { cre2_free(made) }
                return size(of: made)
            }
        }
    }

    private static func withoutCounts(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var isInSet = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x5C:
                // \p{L} and \x{131} have braces of their own.
                let next = index + 1 < text.count ? text[index + 1] : 0
                let isBraced = index + 2 < text.count && text[index + 2] == 0x7B
                let end =
                    isBraced && [0x70, 0x50, 0x78].contains(next)
                    ? text[index...].firstIndex(of: 0x7D) ?? text.count - 1
                    : min(index + 1, text.count - 1)
                out += text[index...end]
                index = end + 1
                continue
            case 0x5B: isInSet = true
            case 0x5D: isInSet = false
            case 0x7B where !isInSet:
                if let end = text[index...].firstIndex(of: 0x7D), end > index + 1,
                    text[(index + 1)..<end].allSatisfy({ (48...57).contains($0) || $0 == 44 })
                {
                    out.append(text[index + 1] == 48 ? 0x2A : 0x2B)
                    index = end + 1
                    continue
                }
            default: break
            }
            out.append(byte)
            index += 1
        }
        return out
    }

    private static func error(of handle: OpaquePointer) -> PatternError? {
        var fragment: UnsafePointer<CChar>?
        var length = 0
        guard let message = cre2_error(handle, &fragment, &length) else { return nil }
        var part = ""
        if let fragment {
            fragment.withMemoryRebound(to: UInt8.self, capacity: length) {
                part = String(
                    decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
            }
        }
        return PatternError(re2: String(cString: message), fragment: part)
    }

    /// Whether the pattern is found anywhere in `text`.
    func isFound(in text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                cre2_find(handle, $0.baseAddress, $0.count, 0, $0.count, nil, 0) == 1
            }
        }
    }

    /// The next match at or after `start`: the ranges of its groups, the whole match first.
    ///
    /// A match longer than `longest` has its whole range only: the search for it is cheap, the one
    /// for its groups is not.
    func firstMatch(in text: [UInt8], from start: Int, atMost longest: Int) -> [Range<Int>?]? {
        guard let whole = find(in: text, from: start, to: text.count, groups: 1)?[0] else {
            return nil
        }
        let missing = [Range<Int>?](repeating: nil, count: groupNames.count - 1)
        guard whole.count <= longest, !missing.isEmpty else { return [whole] + missing }
        return find(
            in: text, from: whole.lowerBound, to: whole.upperBound, groups: groupNames.count)
            ?? [whole] + missing
    }

    private func find(
        in text: [UInt8], from start: Int, to end: Int, groups count: Int
    ) -> [Range<Int>?]? {
        let offsets = [Int](unsafeUninitializedCapacity: 2 * count) { buffer, filled in
            let found = text.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    cre2_find(
                        handle, $0.baseAddress, $0.count, start, end, buffer.baseAddress,
                        Int32(count))
                }
            }
            filled = found == 1 ? 2 * count : 0
        }
        guard !offsets.isEmpty else { return nil }
        return (0..<count).map {
            offsets[2 * $0] < 0 ? nil : offsets[2 * $0]..<offsets[2 * $0 + 1]
        }
    }
}

/// What is wrong with a pattern and, where it is known, at which of its characters.
struct PatternError: Error {
    let message: Wording
    let offending: String?
    /// In unicode scalars from the start of the pattern in the file.
    var offset: Int?

    init(_ message: Wording, offending: String? = nil, offset: Int? = nil) {
        self.message = message
        self.offending = offending
        self.offset = offset
    }

    static let tooLarge = Wording(
        "the pattern is too large; use fewer or smaller repetitions {n,m}",
        "desen çok büyük; daha az ya da daha küçük {n,m} yinelemesi kullanın")

    static let countsTooLarge = Wording(
        "the counted repetitions {n,m} make this pattern slow; write + or * for the large ones",
        "sayılı yinelemeler {n,m} bu deseni yavaşlatıyor; büyük olanların yerine + ya da * yazın")

    /// RE2's own words, said for people who see regular expressions seldom.
    init(re2 message: String, fragment: String) {
        let kind = message.split(separator: ":", maxSplits: 1).first.map(String.init) ?? message
        let sign = fragment.first.map(String.init) ?? "*"
        offending = fragment.isEmpty ? nil : fragment
        self.message =
            switch kind {
            case "no argument for repetition operator":
                Wording(
                    "there is nothing to repeat here; write \\\(sign) for the sign itself",
                    "burada yinelenecek bir şey yok; işaretin kendisi için \\\(sign) yazın")
            case "bad repetition operator":
                Wording(
                    "two repetitions stand side by side; keep one of them",
                    "iki yineleme yan yana; birini bırakın")
            case "invalid escape sequence":
                Wording(
                    "this escape is not known; write the sign without the backslash",
                    "böyle bir kaçış yok; işareti ters bölü olmadan yazın")
            case "invalid character class range":
                Wording(
                    "this range runs backwards; write it as [a-z]",
                    "bu aralık tersten yazılmış; [a-z] gibi yazın")
            case "invalid named capture group":
                Wording(
                    "a group name is written (?<name>…) with letters, digits and _ only",
                    "grup adı (?<ad>…) diye, yalnızca harf, rakam ve _ ile yazılır")
            case "invalid repetition size", "repetition argument":
                Wording(
                    "this repetition is too large; 1000 rounds in all are the most",
                    "bu yineleme çok büyük; iç içe hepsi en çok 1000 tur olur")
            case "pattern too large - compile failed": Self.tooLarge
            default:
                Wording("this pattern cannot be read (\(kind))", "bu desen okunamıyor (\(kind))")
            }
    }
}
