// SPDX-License-Identifier: Apache-2.0

import Domain

/// What is left of a code that the payer damaged beyond repair.
///
///     KT834JJ · kt-834j46 · 834JJ46
///
/// It tells for certain no guest, but whoever wrote it meant one: when it is nothing like the code
/// of the guest whose name the payer has, another may be meant.
extension Evidence {
    /// Whether the remains of a code stand there that is not this guest's.
    func showsCodeOfAnother(than guest: Registration) throws -> Bool {
        guard let description = notice.description else { return false }
        let text = ReferenceText(description, scalarsMax: ReferenceFinder.textScalarsMax)
        let pieces = text.pieces.prefix(piecesMax).map { Array(text.bytes[$0]) }
        guard pieces.contains(where: { ReferenceRepair.isMixed($0[...]) }) else { return false }
        let own = Array(guest.reference.text.utf8)
        let prefixes = try lookup.referencePrefixes()
        for (place, piece) in pieces.enumerated() {
            let head = String(decoding: piece.prefix(ReferenceCode.prefixLength), as: UTF8.self)
            if prefixes.contains(head) {
                let isApart = piece.count == ReferenceCode.prefixLength
                let rest =
                    isApart ? pieces[(place + 1)...].first ?? [] : Array(piece.dropFirst(2))
                if remainsLengths.contains(rest.count), ReferenceRepair.isMixed(rest[...]),
                    Self.distance(Array(piece.prefix(2)) + rest, own) > slipsMax
                {
                    return true
                }
            }
            // The prefix was left out.
            if ReferenceCode.checkHolds(piece[...]), ReferenceRepair.isMixed(piece[...]) {
                for prefix in prefixes {
                    let code = ReferenceCode(prefix + String(decoding: piece, as: UTF8.self))
                    if let code, let owner = try lookup.registration(reference: code),
                        owner.id != guest.id
                    {
                        return true
                    }
                }
            }
        }
        return false
    }

    /// How many signs have to be put in, taken out or changed.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (place, sign) in one.enumerated() {
            var corner = row[0]
            row[0] = place + 1
            for (index, wanted) in other.enumerated() {
                let above = row[index + 1]
                row[index + 1] = min(above + 1, row[index] + 1, corner + (sign == wanted ? 0 : 1))
                corner = above
            }
        }
        return row[other.count]
    }
}

/// What a payer leaves of seven signs, or makes of them; shorter ones are rooms and seats.
private let remainsLengths = 4...10
/// A third of the code; two codes by chance have less in common.
private let slipsMax = 3
/// A description of 140 signs has some twenty words.
private let piecesMax = 64
