// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Operator

/// `docs/tr/komutlar.md` says in Turkish what `--help` says in English.
@Suite("the commands in Turkish")
struct TurkishCommandsTests {
    /// What ArgumentParser says of a command.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let kind: String
            let names: [Name]?
            let valueName: String?
            let defaultValue: String?

            /// As a person types them.
            var typed: [String] {
                kind == "positional"
                    ? [valueName?.uppercased()].compactMap(\.self)
                    : (names ?? []).filter { $0.kind == "long" }.map { "--" + $0.name }
            }
        }

        let commandName: String
        let shouldDisplay: Bool
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// All that `--help` shows, by their names: `mutabik rules try`.
        func all(below parent: String = "") -> [(name: String, arguments: [Argument])] {
            guard shouldDisplay, commandName != "help" else { return [] }
            let name = parent.isEmpty ? commandName : "\(parent) \(commandName)"
            let own = (arguments ?? []).filter {
                !["--help", "--version"].contains($0.typed.first)
            }
            return [(name, own)] + (subcommands ?? []).flatMap { $0.all(below: name) }
        }
    }

    private struct Help: Decodable {
        let command: Command
    }

    private static func commands() throws -> [String: [Command.Argument]] {
        let help = try JSONDecoder().decode(Help.self, from: Data(MutabikCommand.described.utf8))
        let all = help.command.all().filter { $0.name != "mutabik" }
        return Dictionary(all.map { ($0.name, $0.arguments) }, uniquingKeysWith: { one, _ in one })
    }

    /// The lines below each heading.
    private static func sections() throws -> [String: [String]] {
        var sections: [String: [String]] = [:]
        var name = ""
        for line in try repositoryFile("docs/tr/komutlar.md").split(separator: "\n") {
            if line.hasPrefix("#") {
                name = String(line.drop { $0 == "#" || $0 == " " })
                #expect(sections[name] == nil, "\(name) stands there twice")
                sections[name] = []
            } else {
                sections[name, default: []].append(String(line))
            }
        }
        return sections
    }

    /// What stands first in the rows of a table, and what is common to several commands.
    private static func names(_ lines: [String]) -> [String] {
        lines.flatMap { line -> [String] in
            let words = line.split(separator: "`", omittingEmptySubsequences: false)
            if line.hasPrefix("| `") { return words.count > 1 ? [String(words[1])] : [] }
            guard line.hasPrefix("Ortak: ") else { return [] }
            return words.indices.filter { $0 % 2 == 1 }.map { String(words[$0]) }
        }
    }

    @Test("are all there with all their options, and no others")
    func whole() throws {
        let commands = try Self.commands()
        let sections = try Self.sections()
        #expect(commands.count > 50)
        let named = sections.keys.filter { $0.hasPrefix("mutabik ") }
        #expect(Set(named) == Set(commands.keys))
        for (name, arguments) in commands {
            let lines = sections[name] ?? []
            let shown = Self.names(lines)
            #expect(shown.sorted() == arguments.flatMap(\.typed).sorted(), "\(name)")
            #expect(lines.first?.hasPrefix("|") == false, "\(name): a sentence says what it does")
        }
    }

    @Test("say the defaults, and explain what is common to several")
    func defaults() throws {
        let sections = try Self.sections()
        let common = sections["Ortak seçenekler"] ?? []
        for (name, arguments) in try Self.commands() {
            for argument in arguments {
                for typed in argument.typed {
                    let rows = ((sections[name] ?? []) + common).filter {
                        $0.hasPrefix("| `\(typed)` | ")
                    }
                    #expect(rows.count == 1, "\(name) \(typed)")
                    guard argument.kind == "option", let value = argument.defaultValue else {
                        continue
                    }
                    #expect(
                        rows.first?.contains("(söylenmezse `\(value)`)") == true, "\(name) \(typed)"
                    )
                }
            }
        }
    }

    @Test("are found from the guide")
    func linked() throws {
        #expect(try repositoryFile("docs/tr/kural-yazma.md").contains("](komutlar.md)"))
    }

    @Test("the help names the page in Turkish, which is there")
    func pointer() throws {
        let help = MutabikCommand.helpText
        let path = try #require(
            help.split(whereSeparator: \.isWhitespace).first { $0.hasSuffix(".md") })
        #expect(try repositoryFile(String(path)).hasPrefix("# Komutlar"))
    }
}
