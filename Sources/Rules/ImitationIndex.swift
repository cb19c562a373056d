// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail

/// Finds the bank that a mail of a stranger looks like, at a cost that does not grow with the
/// number of rules: look-ups of names and domains, and one pass over the text.
struct ImitationIndex: Sendable {
    /// More files than this are not compared with one mail of a stranger.
    private static let alikeMax = 16

    private var names: [String: Int] = [:]
    private var domains: [String: Int] = [:]
    private var texts = LiteralIndex()

    init(_ files: [RuleFile]) {
        for (index, file) in files.enumerated() {
            for name in file.names where names[name] == nil { names[name] = index }
            let hosts = file.addresses.compactMap { $0.split(separator: "@").last.map(String.init) }
            for domain in file.domains + hosts where domains[domain] == nil {
                domains[domain] = index
            }
            for variant in file.variants where variant.outcome == .payment {
                let literals = variant.frame.all.compactMap { test -> [UInt8]? in
                    if case .literal(let bytes, _) = test { return bytes }
                    return nil
                }
                if let longest = literals.max(by: { $0.count < $1.count }) {
                    texts.add(longest, for: index)
                }
            }
        }
    }

    /// The file whose bank a sender pretends to be, and how.
    func imitated(by sender: MailAddress) -> (file: Int, why: String)? {
        if let file = names[sender.displayName.turkishFolded()] {
            return (file, "the display name is that of a bank")
        }
        guard sender.domain.utf8.count <= 253 else { return nil }
        let domain = sender.domain.turkishFolded()
        if let file = domains[domain] { return (file, "the domain looks like that of a bank") }
        var prefix = ""
        for label in domain.split(separator: ".") {
            prefix += prefix.isEmpty ? label : "." + label
            if let file = domains[prefix] {
                return (file, "the domain begins like that of a bank")
            }
        }
        return nil
    }

    /// Files whose payments hold a text that stands in one of `bodies`, fewest numbers first.
    func files(alike bodies: [FoldedText]) -> [Int] {
        var found: Set<Int> = []
        for body in bodies where found.count < Self.alikeMax {
            texts.search(VisibleText(body, SearchWork()).flat, into: &found, atMost: Self.alikeMax)
        }
        return found.sorted()
    }
}

/// Which of many literal texts stand in a text, by one pass over it.
///
/// Of each literal one window of eight bytes is kept, the one that fewest others share. The pass
/// looks every window of the text up, first in a bitmap that says no nearly always.
struct LiteralIndex: Sendable {
    static let windowBytes = 8
    /// 64 K bits, so that a few thousand windows leave most of them unset.
    private static let bitmapBits = 16

    private var literals: [UInt64: [(literal: [UInt8], file: Int)]] = [:]
    private var bitmap = [UInt64](repeating: 0, count: 1 << (bitmapBits - 6))

    /// Texts shorter than a window are not added.
    mutating func add(_ literal: [UInt8], for file: Int) {
        guard literal.count >= Self.windowBytes else { return }
        var best: UInt64 = 0
        var fewest = Int.max
        var window: UInt64 = 0
        for (index, byte) in literal.enumerated() {
            window = window << 8 | UInt64(byte)
            guard index >= Self.windowBytes - 1 else { continue }
            let count = literals[window]?.count ?? 0
            if count < fewest { (best, fewest) = (window, count) }
        }
        literals[best, default: []].append((literal, file))
        let bit = Self.bit(best)
        bitmap[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    private static func bit(_ window: UInt64) -> Int {
        Int(truncatingIfNeeded: (window &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bitmapBits))
    }

    func search(_ text: [UInt8], into found: inout Set<Int>, atMost limit: Int) {
        guard !literals.isEmpty else { return }
        var window: UInt64 = 0
        for (index, byte) in text.enumerated() {
            window = window << 8 | UInt64(byte)
            let bit = Self.bit(window)
            guard bitmap[bit >> 6] & (1 << UInt64(bit & 63)) != 0, let hits = literals[window]
            else {
                continue
            }
            for (literal, file) in hits where !found.contains(file) {
                if stands(literal, in: text, windowEnd: index) { found.insert(file) }
            }
            if found.count >= limit { return }
        }
    }

    /// Whether `literal` stands around the window that ends at `windowEnd`, wherever in the literal
    /// the window lies.
    private func stands(_ literal: [UInt8], in text: [UInt8], windowEnd: Int) -> Bool {
        let from = max(0, windowEnd + 1 - literal.count)
        let to = min(text.count, windowEnd + 1 + literal.count - Self.windowBytes)
        guard to - from >= literal.count else { return false }
        return (from...(to - literal.count)).contains {
            text[$0..<($0 + literal.count)].elementsEqual(literal)
        }
    }
}
