// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import GRDB

/// The JSON of the ledger's columns. Written by hand because it lies on the hot path of a replay,
/// and so that the same values are the same bytes for ever (the audit log hashes them).
enum JSONText {
    /// `["code_exact","amount_equal"]`; raw values need no escaping.
    static func array(_ reasons: [Reason]) -> String {
        reasons.isEmpty ? "[]" : "[\"" + reasons.map(\.rawValue).joined(separator: "\",\"") + "\"]"
    }

    /// Reasons that this program does not know are left out: a newer version wrote them.
    static func values(_ text: String) -> [Reason] {
        guard text != "[]" else { return [] }
        let names = (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
        return names.compactMap(Reason.init)
    }

    /// `[{"registration":"reg-17","reasons":["name_agrees"]}]`
    static func array(_ candidates: [Verdict.Candidate]) -> String {
        let objects = candidates.map { candidate in
            "{\"registration\":\(string(candidate.registration.text)),"
                + "\"reasons\":\(array(candidate.reasons)),"
                + "\"similarity\":\(candidate.similarity)}"
        }
        return "[" + objects.joined(separator: ",") + "]"
    }

    static func candidates(_ text: String) -> [Verdict.Candidate] {
        struct Written: Decodable {
            let registration: RegistrationID
            let reasons: [String]
            let similarity: Int?
        }
        let written = (try? JSONDecoder().decode([Written].self, from: Data(text.utf8))) ?? []
        return written.map {
            Verdict.Candidate(
                registration: $0.registration, reasons: $0.reasons.compactMap(Reason.init),
                similarity: $0.similarity ?? 0)
        }
    }

    static func array(_ texts: [String]) -> String {
        "[" + texts.map(string).joined(separator: ",") + "]"
    }

    static func texts(_ text: String) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
    }

    /// An object with its keys in order.
    static func object(_ fields: [String: String]) -> String {
        let pairs = fields.sorted { $0.key < $1.key }
        return "{" + pairs.map { "\(string($0.key)):\(string($0.value))" }.joined(separator: ",")
            + "}"
    }

    static func fields(_ text: String) -> [String: String] {
        (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
    }

    /// RFC 8259 §7: quotation mark, reverse solidus and control characters are escaped.
    private static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension Row {
    /// A blob column, or nil where it is NULL.
    func bytes(_ column: String) -> [UInt8]? {
        (self[column] as Data?).map { Array($0) }
    }
}
