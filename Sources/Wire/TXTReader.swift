// SPDX-License-Identifier: Apache-2.0

/// Reads the TXT records and their time to live out of a DNS answer (RFC 1035 §4.1).
///
/// The bytes come from the network: every step is checked, and anything that does not fit is nil.
struct TXTReader {
    static let typeTXT: Int32 = 16
    private static let typeCNAME = 5
    /// A name has one key or two during a change; an answer with more is not a key's.
    private static let recordsMax = 64
    /// Even a record that says "keep me for years" is asked for again after a day.
    private static let secondsMax = 86_400

    private let bytes: [UInt8]
    private var offset = 12

    /// The answer of a whole DNS message; `.absent` when it holds no TXT record.
    static func read(_ message: [UInt8]) -> TXTAnswer? {
        var reader = TXTReader(bytes: message)
        return reader.answer()
    }

    private mutating func answer() -> TXTAnswer? {
        guard bytes.count >= 12 else { return nil }
        let questions = Int(bytes[4]) << 8 | Int(bytes[5])
        let answers = Int(bytes[6]) << 8 | Int(bytes[7])
        guard questions <= 1, answers <= Self.recordsMax else { return nil }
        for _ in 0..<questions {
            guard skipName(), number(4) != nil else { return nil }
        }
        var records: [String] = []
        var seconds = Self.secondsMax
        for _ in 0..<answers {
            guard skipName(), let type = number(2), number(2) != nil, let ttl = number(4),
                let length = number(2), offset + length <= bytes.count
            else { return nil }
            let end = offset + length
            if type == Int(Self.typeTXT) {
                guard let text = pieces(until: end) else { return nil }
                records.append(text)
            }
            // An answer through an alias holds no longer than the alias.
            if type == Int(Self.typeTXT) || type == Self.typeCNAME { seconds = min(seconds, ttl) }
            offset = end
        }
        return records.isEmpty ? .absent : .records(records, ttl: .seconds(seconds))
    }

    /// Names are only stepped over: labels, ended by a zero byte or by a pointer (RFC 1035 §4.1.4).
    private mutating func skipName() -> Bool {
        while offset < bytes.count {
            let length = Int(bytes[offset])
            switch length {
            case 0:
                offset += 1
                return true
            case 1...63: offset += 1 + length
            case 0xC0...0xFF:
                offset += 2
                return offset <= bytes.count
            default: return false
            }
        }
        return false
    }

    private mutating func number(_ count: Int) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        defer { offset += count }
        return bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func pieces(until end: Int) -> String? {
        var text: [UInt8] = []
        while offset < end {
            let next = offset + 1 + Int(bytes[offset])
            guard next <= end else { return nil }
            text += bytes[(offset + 1)..<next]
            offset = next
        }
        return String(decoding: text, as: UTF8.self)
    }
}
