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
    /// As many as `cre2_find` answers, without the whole match.
    private static let groupsMax = 31

    /// The pattern as RE2 reads it.
    let text: String
    /// The names of groups by their number; a group without a name is nil.
    let groupNames: [String?]
    private let handle: OpaquePointer

    /// `text` is what `PatternSource` made of the pattern in the file.
    init(_ text: String) throws(PatternError) {
        let utf8 = Array(text.utf8)
        let made = utf8.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                cre2_new($0.baseAddress, $0.count, Self.memoryBytesMax)
            }
        }
        guard let made else { throw PatternError("there is no memory for this pattern") }
        if let error = Self.error(of: made) {
            cre2_free(made)
            throw error
        }
        let groups = Int(cre2_group_count(made))
        guard cre2_program_size(made) <= Self.programSizeMax, groups <= Self.groupsMax else {
            cre2_free(made)
            throw PatternError("the pattern is too large; use fewer or smaller repetitions {n,m}")
        }
        self.text = text
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
                cre2_find(handle, $0.baseAddress, $0.count, 0, nil, 0) == 1
            }
        }
    }

    /// The next match at or after `start`: the ranges of its groups, the whole match first.
    func firstMatch(in text: [UInt8], from start: Int) -> [Range<Int>?]? {
        let count = groupNames.count
        let offsets = [Int](unsafeUninitializedCapacity: 2 * count) { buffer, filled in
            let found = text.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    cre2_find(
                        handle, $0.baseAddress, $0.count, start, buffer.baseAddress, Int32(count))
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
    let message: String
    let offending: String?
    /// In unicode scalars from the start of the pattern in the file.
    var offset: Int?

    init(_ message: String, offending: String? = nil, offset: Int? = nil) {
        self.message = message
        self.offending = offending
        self.offset = offset
    }

    /// RE2's own words, said for people who see regular expressions seldom.
    init(re2 message: String, fragment: String) {
        let kind = message.split(separator: ":", maxSplits: 1).first.map(String.init) ?? message
        offending = fragment.isEmpty ? nil : fragment
        self.message =
            switch kind {
            case "no argument for repetition operator":
                "there is nothing to repeat here; write \\\(fragment.first.map(String.init) ?? "*") for the sign itself"
            case "bad repetition operator":
                "two repetitions stand side by side; keep one of them"
            case "invalid escape sequence":
                "this escape is not known; write the sign without the backslash"
            case "invalid character class range": "this range runs backwards; write it as [a-z]"
            case "invalid named capture group":
                "a group name is written (?<name>…) with letters, digits and _ only"
            case "invalid repetition size", "repetition argument":
                "this repetition is too large; 1000 is the most"
            case "pattern too large - compile failed":
                "the pattern is too large; use fewer or smaller repetitions {n,m}"
            default: "this pattern cannot be read (\(kind))"
            }
    }
}
