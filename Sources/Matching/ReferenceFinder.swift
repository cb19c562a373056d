// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Finds reference codes in what a payer or a bank wrote around them.
///
/// A code counts in two shapes, and its check sign must be right in both:
/// - **in one piece**, anywhere, also glued to other letters and digits: `KTF6MJ3YHFAST8994`;
/// - **in pieces**, divided by blanks and `- _ . / * :`, when it starts and ends with a whole
///   piece: `Kt 97z-94rd`, `K T F 6 H V 3 4 9`. A piece is never cut, so words of a sentence do not
///   join.
///
/// Only the prefixes of events in use count. Without any, a code of unknown event is still worth a
/// line to the organizer: then any two letters do, but only in one piece that stands alone.
/// A slip makes a code only where none is right; beside a right one it makes a question.
package enum ReferenceFinder {
    /// A code as it stands in the text, or what a damaged one may have been.
    package enum Found: Hashable, Sendable {
        /// Nine right signs, however they were written.
        case exact(ReferenceCode)
        /// One slip away from these codes; at most one of them can be meant.
        case repaired(candidates: [ReferenceCode])

        var codes: [ReferenceCode] {
            switch self {
            case .exact(let code): [code]
            case .repaired(let candidates): candidates
            }
        }
    }

    /// Descriptions end at 140 signs; 4,096 leaves room for a whole notice and bounds the work.
    package static let textScalarsMax = 4_096
    /// Nobody pays for more places in one transfer; the rest of a list of codes is not read.
    package static let foundMax = 16

    /// The codes in `text`, in their order, each once. Linear in the text.
    package static func find(in text: String, prefixes: Set<String>) -> [Found] {
        let signs = ReferenceText(text, scalarsMax: textScalarsMax)
        let exact = exactPlaces(in: signs, prefixes: prefixes)
        guard exact.isEmpty else {
            return codes(of: exact).prefix(foundMax).map(Found.exact)
        }
        return slips(in: signs, prefixes: prefixes, besides: [])
    }

    /// The codes with one slip beside the right ones, for questions and proposals: of a right code
    /// nothing is guessed.
    static func slips(in text: String, prefixes: Set<String>) -> [ReferenceCode] {
        let signs = ReferenceText(text, scalarsMax: textScalarsMax)
        let exact = exactPlaces(in: signs, prefixes: prefixes)
        return slips(in: signs, prefixes: prefixes, besides: exact.map(\.range)).flatMap(\.codes)
    }

    private static func slips(
        in text: ReferenceText, prefixes: Set<String>, besides exact: [Range<Int>]
    ) -> [Found] {
        var slips: [Found] = []
        for window in text.windows(lengths: ReferenceRepair.lengths) where slips.count < foundMax {
            let range = text.range(of: window)
            guard !exact.contains(where: range.overlaps) else { continue }
            let candidates = ReferenceRepair.candidates(
                for: text.signs(of: window), prefixes: prefixes)
            let found = Found.repaired(candidates: candidates)
            if !candidates.isEmpty, !slips.contains(found) { slips.append(found) }
        }
        return slips
    }

    // MARK: - Right codes

    /// A place where nine right signs stand.
    private struct Place {
        let range: Range<Int>
        let code: ReferenceCode
        /// How many of its ends are the end of a piece, 0 to 2.
        let standing: Int
    }

    private static func exactPlaces(
        in text: ReferenceText, prefixes: Set<String>
    ) -> [Place] {
        var places: [Place] = []
        for piece in text.pieces where piece.count >= ReferenceCode.length {
            for start in piece.lowerBound...(piece.upperBound - ReferenceCode.length) {
                let range = start..<(start + ReferenceCode.length)
                guard let code = code(text.bytes[range], prefixes: prefixes) else { continue }
                let ends = (start == piece.lowerBound, range.upperBound == piece.upperBound)
                if prefixes.isEmpty, ends != (true, true) { continue }
                let standing = (ends.0 ? 1 : 0) + (ends.1 ? 1 : 0)
                places.append(Place(range: range, code: code, standing: standing))
            }
        }
        if !prefixes.isEmpty {
            for window in text.windows(lengths: 9...9) where window.count > 1 {
                let signs = text.signs(of: window)
                guard let code = code(signs[...], prefixes: prefixes) else { continue }
                places.append(Place(range: text.range(of: window), code: code, standing: 2))
            }
        }
        return places
    }

    /// Of places that overlap, the one that stands freest is meant; then the first.
    private static func codes(of places: [Place]) -> [ReferenceCode] {
        let ranked = places.sorted {
            ($1.standing, $0.range.lowerBound) < ($0.standing, $1.range.lowerBound)
        }
        var kept: [Place] = []
        for place in ranked where kept.count < foundMax {
            let isFree = kept.allSatisfy {
                $0.code != place.code && !$0.range.overlaps(place.range)
            }
            if isFree { kept.append(place) }
        }
        return kept.sorted { $0.range.lowerBound < $1.range.lowerBound }.map(\.code)
    }

    private static func code(
        _ signs: ArraySlice<UInt8>, prefixes: Set<String>
    ) -> ReferenceCode? {
        let payload = signs.dropFirst(ReferenceCode.prefixLength)
        // Seven equal signs may hold the check by chance; they are a row of zeros or a filler.
        guard Set(payload).count > 1, ReferenceCode.checkHolds(payload),
            let code = ReferenceCode(String(decoding: signs, as: UTF8.self)),
            prefixes.isEmpty || prefixes.contains(code.prefix)
        else { return nil }
        return code
    }
}
