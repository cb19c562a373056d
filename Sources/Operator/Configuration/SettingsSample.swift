// SPDX-License-Identifier: Apache-2.0

/// Prints a table of settings as a commented sample file.
enum SettingsSample {
    private static let columns = 96

    static func text(_ settings: [Setting]) -> String {
        """
        # mutabik: every setting with its meaning and default.
        # A line that begins with a single # and a key shows a default or an example; remove the #
        # to change it. Secrets never stand here: name a systemd credential, a file or a variable.

        """ + lines(settings, depth: 0, isCommented: false).joined(separator: "\n") + "\n"
    }

    private static func lines(_ settings: [Setting], depth: Int, isCommented: Bool) -> [String] {
        var result: [String] = []
        for setting in settings {
            let indent = String(repeating: "  ", count: depth)
            if depth == 0 { result.append("") }
            result += wrapped(setting.meaning, indent: indent)
            let off = isCommented || !(setting.isRequired || setting.isShown)
            let mark = off ? "#" : ""
            switch setting.kind {
            case .section(let inner):
                result.append("\(indent)\(mark)\(setting.key):")
                result += lines(inner, depth: depth + 1, isCommented: off)
            case .list(let inner):
                result.append("\(indent)\(mark)\(setting.key):")
                result.append("\(indent)  \(mark)-")
                result += lines(inner, depth: depth + 2, isCommented: off)
            case .secret:
                let value = setting.example ?? "{file: /etc/mutabik/\(setting.key)}"
                result.append("\(indent)\(mark)\(setting.key): \(value)")
            case .text, .texts, .textsOr, .path, .flag, .integer, .choice:
                let value = setting.fallback ?? setting.example ?? "…"
                result.append("\(indent)\(mark)\(setting.key): \(quoted(value, setting.kind))")
            }
        }
        return result
    }

    private static func quoted(_ value: String, _ kind: Setting.Kind) -> String {
        switch kind {
        case .texts, .textsOr: return value
        default: break
        }
        let needsQuotes = value.contains(": ") || value.contains(" #") || value.contains("{")
        return needsQuotes ? "'\(value)'" : value
    }

    private static func wrapped(_ text: String, indent: String) -> [String] {
        var lines: [String] = []
        var line = indent + "#:"
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > columns {
                lines.append(line)
                line = indent + "#:"
            }
            line += " " + word
        }
        return lines + [line]
    }
}
