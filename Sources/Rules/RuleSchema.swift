// SPDX-License-Identifier: Apache-2.0

/// The JSON Schema of rule files (draft 2020-12), printed from the table that the parser uses, so
/// that editors complete keys and mark mistakes while one types.
package enum RuleSchema {
    /// Where editors find it: `# yaml-language-server: $schema=../schema.json`.
    package static let fileName = "schema.json"

    /// The whole schema, ending with a line end.
    package static var text: String {
        var printer = Printer()
        let root: [(String, JSON)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("mutabik rule file")),
            ("type", .string("object")),
            ("if", has("extends")),
            ("then", printer.reference(RuleFormat.fileExtending)),
            (
                "else",
                .object([
                    ("if", has("fragment")), ("then", printer.reference(RuleFormat.fragment)),
                    ("else", printer.reference(RuleFormat.file)),
                ])
            ),
        ]
        let definitions = printer.definitions
        return JSON.object(root + [("$defs", .object(definitions))]).text() + "\n"
    }

    private static func has(_ key: String) -> JSON {
        .object([("type", .string("object")), ("required", .array([.string(key)]))])
    }

    /// Just enough of JSON to print a schema in a fixed order.
    indirect enum JSON {
        case string(String)
        case number(Int)
        case flag(Bool)
        case array([JSON])
        case object([(String, JSON)])

        func text(_ indent: String = "") -> String {
            let inner = indent + "  "
            switch self {
            case .string(let text): return Self.quoted(text)
            case .number(let number): return String(number)
            case .flag(let flag): return flag ? "true" : "false"
            case .array(let items):
                guard !items.isEmpty else { return "[]" }
                return "[\n" + items.map { inner + $0.text(inner) }.joined(separator: ",\n")
                    + "\n\(indent)]"
            case .object(let members):
                guard !members.isEmpty else { return "{}" }
                return "{\n"
                    + members.map { inner + Self.quoted($0.0) + ": " + $0.1.text(inner) }
                    .joined(separator: ",\n") + "\n\(indent)}"
            }
        }

        private static func quoted(_ text: String) -> String {
            var quoted = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"": quoted += "\\\""
                case "\\": quoted += "\\\\"
                default: quoted.unicodeScalars.append(scalar)
                }
            }
            return quoted + "\""
        }
    }

    /// Prints each section once.
    private struct Printer {
        private var done: [String: JSON] = [:]
        private var order: [String] = []

        var definitions: [(String, JSON)] {
            order.compactMap { name in done[name].map { (name, $0) } }
        }

        mutating func reference(_ section: RuleFormat.Section) -> JSON {
            let name = section.definition
            if !order.contains(name) {
                order.append(name)
                var properties: [(String, JSON)] = []
                for key in section.keys {
                    properties.append((key.name, described(schema(of: key.shape), key.meaning)))
                }
                let required = section.keys.filter(\.isRequired).map { JSON.string($0.name) }
                done[name] = .object([
                    ("type", .string("object")), ("properties", .object(properties)),
                    ("required", .array(required)), ("additionalProperties", .flag(false)),
                ])
            }
            return .object([("$ref", .string("#/$defs/\(name)"))])
        }

        private func described(_ schema: JSON, _ meaning: String) -> JSON {
            guard case .object(let members) = schema else { return schema }
            return .object([("description", .string(meaning))] + members)
        }

        private func string(_ pattern: String) -> JSON {
            .object([("type", .string("string")), ("pattern", .string(pattern))])
        }

        private mutating func schema(of shape: RuleFormat.Shape) -> JSON {
            switch shape {
            case .prose: return text(atLeast: 1)
            case .text: return text(atLeast: 1, Self.uncurled)
            case .literal: return text(atLeast: 3, Self.uncurled)
            case .identifier: return string("^[a-z0-9-]{1,60}$")
            case .kind: return string("^[a-z_]+$")
            case .flag: return .object([("type", .string("boolean"))])
            case .word(let words):
                return .object([("enum", .array(words.map(JSON.string)))])
            case .number(let range):
                return .object([
                    ("type", .string("integer")), ("minimum", .number(range.lowerBound)),
                    ("maximum", .number(range.upperBound)),
                ])
            case .address: return string("^[^@*\\s]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$")
            case .domain: return string("^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$")
            case .currency: return string("^([A-Za-z]{3}|TL|₺)$")
            case .date: return string("^[^A-GI-LN-Za-ce-ln-rt-xz\(Self.quotes)]+$")
            case .zone:
                return .object([
                    (
                        "anyOf",
                        .array([
                            .object([("enum", .array(ClockZone.names.map(JSON.string)))]),
                            string("^[+-]\\d\\d:\\d\\d$"),
                        ])
                    )
                ])
            case .day: return string("^\\d{4}-\\d\\d-\\d\\d$")
            case .time: return string("^(none|\\d{4}-\\d\\d-\\d\\d.*)$")
            case .amount: return string("^(none|\\d+(\\.\\d+)? [A-Za-z]{2,3})$")
            case .pattern: return string(".")
            case .path: return string("(^|/)common/.+\\.ya?ml$")
            case .oneOrMore(let one):
                let item = schema(of: one)
                let list = JSON.object([("type", .string("array")), ("items", item)])
                return .object([("anyOf", .array([item, list]))])
            case .list(let one):
                return .object([
                    ("type", .string("array")), ("minItems", .number(1)),
                    ("items", schema(of: one)),
                ])
            case .section(let section): return reference(section)
            case .either(let one, let two):
                return .object([("anyOf", .array([schema(of: one), schema(of: two)]))])
            case .named(let key, let value):
                return .object([
                    ("type", .string("object")), ("propertyNames", schema(of: key)),
                    ("additionalProperties", schema(of: value)),
                ])
            }
        }

        /// A number without quotes is a text as well: `transaction_id: 4711`.
        private func text(atLeast length: Int, _ pattern: String? = nil) -> JSON {
            .object(
                [
                    ("type", .array([.string("string"), .string("number")])),
                    ("minLength", .number(length)),
                ] + (pattern.map { [("pattern", .string($0))] } ?? []))
        }

        /// No curly quote at either end.
        private static let uncurled =
            "^\\s*[^\(quotes)\\s]([\\s\\S]*[^\(quotes)\\s])?\\s*$"

        private static let quotes = RuleNode.curlyQuotes.sorted().map(String.init).joined()
    }
}

extension RuleFormat.Section {
    /// `field_amount` for `the field amount`.
    var definition: String {
        let words = name.english.split(separator: " ").filter { !["a", "an", "the"].contains($0) }
        return words.joined(separator: "_")
    }
}
