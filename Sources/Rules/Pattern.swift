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
    /// Places that several beginnings may share; 8 are 256 sets of places, which 256 KB of any text
    /// cost 1 ms. The patterns of banks have 0 or 1.
    static let sharedPlacesMax = 8
    /// As many as `cre2_find` answers, without the whole match.
    private static let groupsMax = 31

    /// The pattern as RE2 reads it.
    let text: String
    /// As it stands in the file, for messages.
    let written: String
    /// The names of groups by their number; a group without a name is nil.
    let groupNames: [String?]
    /// See `PatternCost`.
    let sharedPlaces: Int
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
        sharedPlaces = PatternCost(text).places
        guard sharedPlaces <= Self.sharedPlacesMax else {
            cre2_free(made)
            throw PatternError(PatternError.slow)
        }
        self.text = text
        self.written = written
        groupNames = (0...groups).map { index in
            cre2_group_name(made, Int32(index)).map { String(cString: $0) }
        }
        handle = made
    }

    deinit { cre2_free(handle) }

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

    static let slow = Wording(
        "a mail could make this pattern slow: signs that are counted or follow each other, such as "
            + "[a-z]{20} or .{40}, stand where it may begin several times at once; write + or * for "
            + "them, or a word before them that they do not hold",
        "bir ileti bu deseni yavaşlatabilir: [a-z]{20} ya da .{40} gibi sayılan ya da art arda duran "
            + "işaretler, desenin birkaç kez birden başlayabildiği yerde; onların yerine + ya da * "
            + "yazın ya da önlerine, içermedikleri bir söz koyun")

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
            case "invalid character class range" where fragment.hasPrefix("\\"):
                Wording(
                    "there is no such class of signs; write \\p{L} for letters, \\d for digits",
                    "böyle bir işaret sınıfı yok; harfler için \\p{L}, rakamlar için \\d yazın")
            case "invalid character class range":
                Wording(
                    "this range runs backwards; write it as [a-z]",
                    "bu aralık tersten yazılmış; [a-z] gibi yazın")
            case "invalid named capture group":
                Wording(
                    "a group name is written (?<name>…) with letters, digits and _ only",
                    "grup adı (?<ad>…) diye, yalnızca harf, rakam ve _ ile yazılır")
            case "invalid repetition size" where Self.runsBackwards(fragment):
                Wording(
                    "this repetition runs backwards; write the smaller number first: {1,2}",
                    "bu yineleme tersten yazılmış; önce küçük sayıyı yazın: {1,2}")
            case "invalid repetition size", "repetition argument":
                Wording(
                    "this repetition is too large; 1000 rounds in all are the most",
                    "bu yineleme çok büyük; iç içe hepsi en çok 1000 tur olur")
            case "pattern too large - compile failed": Self.tooLarge
            default:
                Wording(
                    "this pattern cannot be read (\(kind)); write it in simpler parts",
                    "bu desen okunamıyor; daha yalın parçalarla yazın")
            }
    }

    /// `{2,1}`
    private static func runsBackwards(_ fragment: String) -> Bool {
        let numbers = fragment.split { !$0.isNumber }.compactMap { Int($0) }
        return numbers.count == 2 && numbers[0] > numbers[1]
    }
}
