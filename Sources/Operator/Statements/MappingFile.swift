// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Statements
internal import Yams

/// Reads how a bank's files are written (docs/reconcile.md). Keys that are unknown are refused:
/// a slip must not lead to half a reading.
enum MappingFile {
    /// A mapping is a page of text.
    private static let bytesMax = 64 * 1024

    static func load(_ path: String) throws(Failure) -> StatementMapping {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(place: path, message: "cannot be read", code: .data)
        }
        guard data.count <= bytesMax else {
            throw Failure(place: path, message: "too large for a mapping", code: .data)
        }
        return try read(String(decoding: data, as: UTF8.self), path: path)
    }

    static func read(_ text: String, path: String) throws(Failure) -> StatementMapping {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw Failure(place: path, message: "not readable as YAML", code: .data)
        }
        guard let table = root?.mapping else {
            throw Failure(
                place: path, message: "a mapping is a list of keys and values", code: .data)
        }
        var reader = Reader(path: path, mapping: StatementMapping(name: path))
        for (key, value) in table { try reader.take(key, value) }
        return reader.mapping
    }

    private struct Reader {
        let path: String
        var mapping: StatementMapping

        mutating func take(_ key: Node, _ value: Node) throws(Failure) {
            switch key.string ?? "" {
            case "name": mapping.name = try text(value)
            case "status":
                let status = try choice(value, ["draft", "stable"])
                mapping.isDraft = status == "draft"
            case "delimiter":
                let sign = try text(value)
                let named = ["tab": "\t", "comma": ",", "semicolon": ";"][sign] ?? sign
                guard named.utf8.count == 1, let first = named.first, first != "\"" else {
                    throw refusal(value, "one sign, or tab, comma, semicolon")
                }
                mapping.delimiter = first
            case "charset": mapping.charset = try choice(value, StatementMapping.charsets)
            case "columns":
                guard let table = value.mapping else {
                    throw refusal(value, "what stands below, and its heading: date: Tarih")
                }
                for (name, heading) in table {
                    guard let column = StatementMapping.Column(rawValue: name.string ?? "") else {
                        let known = StatementMapping.Column.allCases.map(\.rawValue)
                        throw refusal(name, "one of " + known.joined(separator: ", "))
                    }
                    mapping.columns[column] = try text(heading)
                }
            case "numbers":
                let style = try choice(value, NumberStyle.allCases.map(\.rawValue))
                mapping.numbers = NumberStyle(rawValue: style) ?? .turkish
            case "dates":
                for pattern in try texts(value) {
                    guard let read = DayPattern(pattern) else {
                        throw refusal(value, "patterns such as dd.MM.yyyy or dd/MM/yyyy HH:mm")
                    }
                    mapping.dates.append(read)
                }
            case "currency":
                guard let currency = Currency(try text(value)) else {
                    throw refusal(value, "three letters, such as TRY")
                }
                mapping.currency = currency
            case "account":
                guard let iban = IBAN(try text(value)) else {
                    throw refusal(value, "an IBAN; the check digits do not fit")
                }
                mapping.account = iban
            case "incoming": mapping.incoming = try texts(value)
            case "outgoing": mapping.outgoing = try texts(value)
            case "footer": mapping.footer = try texts(value)
            case "descriptions":
                for form in try texts(value) {
                    guard let read = DescriptionForm(form) else {
                        throw refusal(
                            value, "forms with one {text} and signs between: {payer}/{text}")
                    }
                    mapping.descriptions.append(read)
                }
            default: throw refusal(key, "a key of docs/reconcile.md; this one is unknown")
            }
        }

        private func text(_ node: Node) throws(Failure) -> String {
            guard let text = node.string, !text.isEmpty, text.utf8.count <= 200 else {
                throw refusal(node, "a text of at most 200 signs")
            }
            return text
        }

        private func texts(_ node: Node) throws(Failure) -> [String] {
            guard let items = node.sequence else { return [try text(node)] }
            var texts: [String] = []
            for item in items { texts.append(try text(item)) }
            return texts
        }

        private func choice(_ node: Node, _ known: [String]) throws(Failure) -> String {
            guard let text = node.string, known.contains(text) else {
                throw refusal(node, "one of " + known.joined(separator: ", "))
            }
            return text
        }

        private func refusal(_ node: Node, _ wanted: String) -> Failure {
            let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
            return Failure(place: path + place, message: "expected \(wanted)", code: .data)
        }
    }
}
