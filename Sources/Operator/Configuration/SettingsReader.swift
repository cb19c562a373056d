// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// The values of one section, checked against its settings.
struct SettingsSection {
    fileprivate var values: [String: Value] = [:]

    fileprivate enum Value {
        case text(String)
        case integer(Int)
        case flag(Bool)
        case texts([String])
        case section(SettingsSection)
        case list([SettingsSection])
    }

    func text(_ key: String) -> String? {
        if case .text(let text) = values[key] { return text }
        return nil
    }

    func integer(_ key: String) -> Int? {
        if case .integer(let number) = values[key] { return number }
        return nil
    }

    func flag(_ key: String) -> Bool? {
        if case .flag(let flag) = values[key] { return flag }
        return nil
    }

    func texts(_ key: String) -> [String] {
        if case .texts(let texts) = values[key] { return texts }
        return []
    }

    func section(_ key: String) -> SettingsSection? {
        if case .section(let section) = values[key] { return section }
        return nil
    }

    func list(_ key: String) -> [SettingsSection] {
        if case .list(let sections) = values[key] { return sections }
        return []
    }
}

/// Reads a YAML text against a table of settings. Unknown keys, keys that stand twice, missing
/// values and wrong kinds are errors with line and column. No message quotes a value of the file.
struct SettingsReader {
    let path: String

    /// More than any sane configuration; a larger file is a mistake in the path.
    private static let bytesMax = 1 << 20

    func read(_ text: String, _ settings: [Setting]) throws(ConfigurationError) -> SettingsSection {
        guard text.utf8.count <= Self.bytesMax else {
            throw error("the file is larger than 1 MiB; is this the configuration?")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let yaml as YamlError {
            throw reworded(yaml)
        } catch {
            throw self.error("not readable as YAML")
        }
        guard let root else {
            throw error("the file is empty; `mutabik config describe` prints a sample")
        }
        return try section(root, settings, at: "")
    }

    private func section(
        _ node: Node, _ settings: [Setting], at place: String
    ) throws(ConfigurationError) -> SettingsSection {
        guard case .mapping(let mapping) = node else {
            throw error("\(name(place)) must hold `key: value` lines", node)
        }
        let known = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
        var result = SettingsSection()
        for (keyNode, value) in mapping {
            let key = keyNode.string ?? ""
            guard let setting = known[key] else {
                let near = settings.map(\.key).sorted().joined(separator: ", ")
                throw error("unknown key `\(key)` in \(name(place)). Known: \(near)", keyNode)
            }
            result.values[key] = try self.value(value, setting, at: join(place, key))
        }
        for setting in settings where result.values[setting.key] == nil {
            if setting.isRequired {
                let hint = Self.hint(setting) ?? setting.meaning
                throw error("`\(join(place, setting.key))` is missing. \(hint)", node)
            }
            if case .section(let inner) = setting.kind, setting.fallback != nil {
                result.values[setting.key] = .section(
                    try section(
                        Node.mapping(.init([], .implicit, .any, node.mark)), inner,
                        at: join(place, setting.key)))
            } else if let fallback = setting.fallback {
                result.values[setting.key] = try value(
                    Node(fallback), setting, at: join(place, setting.key))
            }
        }
        return result
    }

    private func value(
        _ node: Node, _ setting: Setting, at place: String
    ) throws(ConfigurationError) -> SettingsSection.Value {
        switch setting.kind {
        case .text, .path:
            guard let text = node.string, !text.isEmpty, !isNull(node) else {
                throw error("`\(place)` needs a text", node)
            }
            return .text(text)
        case .texts:
            guard case .sequence(let nodes) = node else {
                throw error("`\(place)` is a list: [one, two]", node)
            }
            return .texts(try texts(nodes, at: place))
        case .textsOr(let word, let flaw):
            if node.string == word { return .text(word) }
            let hint = Self.hint(setting) ?? ""
            guard case .sequence(let nodes) = node else {
                throw error("`\(place)` is a list or the word \(word). \(hint)", node)
            }
            guard !nodes.isEmpty else { throw error("`\(place)` lists nothing. \(hint)", node) }
            let texts = try texts(nodes, at: place)
            for (item, text) in zip(nodes, texts) {
                guard let flaw = flaw(text) else { continue }
                throw error("`\(place)`: one of them \(flaw)", item)
            }
            return .texts(texts)
        case .flag:
            guard let flag = node.bool ?? ["true": true, "false": false][node.string ?? ""] else {
                throw error("`\(place)` is true or false", node)
            }
            return .flag(flag)
        case .integer(let range):
            guard let number = node.string.flatMap({ Int($0) }), range.contains(number) else {
                throw error(
                    "`\(place)` is a whole number from \(range.lowerBound) to \(range.upperBound)",
                    node)
            }
            return .integer(number)
        case .choice(let words):
            guard let word = node.string, words.contains(word) else {
                throw error("`\(place)` is one of: \(words.joined(separator: ", "))", node)
            }
            return .text(word)
        case .secret:
            guard case .mapping = node else {
                throw error(
                    "`\(place)` must not stand here itself; write {credential: NAME}, "
                        + "{file: PATH} or {environment: NAME}", node)
            }
            let section = try section(node, SettingsSchema.secretSource, at: place)
            guard section.values.count == 1 else {
                throw error("`\(place)` needs exactly one of credential, file, environment", node)
            }
            return .section(section)
        case .section(let settings):
            return .section(try section(node, settings, at: place))
        case .list(let settings):
            guard case .sequence(let nodes) = node else {
                throw error("`\(place)` is a list: each entry begins with `- `", node)
            }
            var sections: [SettingsSection] = []
            for (index, item) in nodes.enumerated() {
                sections.append(try section(item, settings, at: "\(place)[\(index + 1)]"))
            }
            return .list(sections)
        }
    }

    private func texts(
        _ nodes: Node.Sequence, at place: String
    ) throws(ConfigurationError) -> [String] {
        var texts: [String] = []
        for item in nodes {
            guard let text = item.string, !text.isEmpty, !isNull(item) else {
                throw error("`\(place)` is a list of texts", item)
            }
            texts.append(text)
        }
        return texts
    }

    /// What to write where a list, or the word instead of it, must stand.
    private static func hint(_ setting: Setting) -> String? {
        guard case .textsOr(let word, _) = setting.kind else { return nil }
        return "Write \(setting.key): \(setting.example ?? "[one, two]"), or \(setting.key): "
            + "\(word); `mutabik config describe` says what that risks"
    }

    /// `~` and `null` without quotes say "nothing", which no setting means.
    private func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["~", "null", "Null", "NULL"].contains(scalar.string)
    }

    // MARK: - Errors

    private func error(_ message: String, _ node: Node? = nil) -> ConfigurationError {
        let mark = node?.mark
        return ConfigurationError(
            path: path, line: mark?.line ?? 0, column: mark?.column ?? 0, message: message)
    }

    private func reworded(_ yaml: YamlError) -> ConfigurationError {
        switch yaml {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let hint =
                problem.contains("tab") || problem.contains("cannot start any token")
                ? "; indent with blanks, not tabs" : ""
            return ConfigurationError(
                path: path, line: mark.line, column: mark.column,
                message: "not readable as YAML: \(problem)\(hint)")
        case .duplicatedKeysInMapping(let keys, let context):
            // The context's text is the file itself and is not repeated.
            return ConfigurationError(
                path: path, line: context.mark.line, column: context.mark.column,
                message: "`\(keys.sorted().joined(separator: "`, `"))` stands twice in this section"
            )
        case .reader(let problem, _, _, _):
            return error("not readable as YAML: \(problem)")
        default:
            // Yams' own descriptions quote the file, where a secret may stand by mistake.
            return error("not readable as YAML")
        }
    }

    private func name(_ place: String) -> String { place.isEmpty ? "the file" : "`\(place)`" }

    private func join(_ place: String, _ key: String) -> String {
        place.isEmpty ? key : "\(place).\(key)"
    }
}
