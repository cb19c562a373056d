// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Operator

/// A reader of a guide has its example, the rules that ship, and a saved mailbox; nothing else.
@Suite("The commands in the guides")
struct GuideCommandTests {
    struct Guide: CustomTestStringConvertible, Sendable {
        let path: String
        let manner: Manner
        let mailbox: String
        /// What a mail's outcome is called behind the word for it.
        let outcome: String

        var testDescription: String { path }
    }

    static let guides = [
        Guide(
            path: "docs/tr/kural-yazma.md", manner: RulesDesk.turkish,
            mailbox: "gelen-kutusu.mbox", outcome: "Sonuç: "),
        Guide(
            path: "docs/writing-rules.md", manner: RulesDesk.english, mailbox: "inbox.mbox",
            outcome: "Outcome: "),
    ]

    /// All that a reader may copy, in the order of the page: lines of shell blocks, and whole
    /// commands in the text. Those with a word in capitals (`MAIL`) are forms, not commands.
    private static func commands(_ guide: Guide) throws -> [String] {
        let page = try repositoryFile(guide.path)
        return page.components(separatedBy: "```").enumerated().flatMap { place, part -> [String] in
            guard place % 2 == 0 else {
                return part.hasPrefix("sh\n")
                    ? part.dropFirst(3).split(separator: "\n").map(String.init) : []
            }
            return part.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }
                .map { $0.element.replacing("\n", with: " ") }
                .filter { $0.hasPrefix("mutabik ") && $0.split(separator: " ").count > 3 }
                .filter { command in
                    !command.split(separator: " ").contains {
                        $0.count > 2 && $0 == $0.uppercased()
                    }
                        && !command.contains("…")
                }
        }
    }

    private static func withHome(_ guide: Guide, _ body: (String) async throws -> Void) async throws
    {
        let manager = FileManager.default
        let home = manager.temporaryDirectory
            .appendingPathComponent("mutabik-guide-\(UUID().uuidString)").path
        defer { try? manager.removeItem(atPath: home) }
        try manager.createDirectory(atPath: home + "/docs", withIntermediateDirectories: true)
        for name in ["docs/examples", "rules"] {
            try manager.copyItem(
                atPath: RulesDesk.root.appendingPathComponent(name).path, toPath: "\(home)/\(name)")
        }
        let mails = try ["kiyi-bankasi", "kiyi-bankasi-giden"].map { name in
            "From - Sun Nov 22 14:06:00 2026\n" + (try repositoryFile("docs/examples/\(name).eml"))
        }
        try Data(mails.joined(separator: "\n").utf8).write(
            to: URL(fileURLWithPath: "\(home)/\(guide.mailbox)"))
        try await body(home)
    }

    @Test("work as they are printed, one after the other", arguments: guides)
    func inOrder(_ guide: Guide) async throws {
        let commands = try Self.commands(guide)
        let names = commands.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
        for name in ["new", "try", "test", "check", "coverage", "explain", "anonymize", "schema"] {
            #expect(names.contains("mutabik rules \(name)"), "\(guide): no step for \(name)")
        }
        try await Self.withHome(guide) { home in
            let desk = CommandLineDesk(home: home, manner: guide.manner)
            var outcomes: [String] = []
            for command in commands {
                let reply = try await desk.reply(command)
                // A comparison ends with 1 when the folders differ, and these do.
                let code: FailureCode? = command.contains("--compare") ? .negative : nil
                #expect(reply.failure?.code == code, "\(command): \(reply.output)")
                if let remark = command.components(separatedBy: " # ").dropFirst().first {
                    #expect(reply.output.contains(remark), "\(command): \(reply.output)")
                }
                outcomes += reply.output.components(separatedBy: guide.outcome).dropFirst().map {
                    String($0.split(separator: "\n")[0]).components(separatedBy: "  ")[0]
                }
            }
            #expect(
                Array(outcomes.prefix(3)) == [
                    "payment", "not_a_payment (outgoing)", "payment",
                ],
                "\(outcomes)")
        }
    }

    @Test("are the same in both languages")
    func both() throws {
        let names = ["kurallarim": "my-rules", "gelen-kutusu": "inbox", "ornek": "sample"]
        let turkish = try Self.commands(Self.guides[0]).map { command in
            names.reduce(command) { $0.replacing($1.key, with: $1.value) }
        }
        let english = try Self.commands(Self.guides[1])
        func bare(_ commands: [String]) -> [String] {
            commands.map { $0.components(separatedBy: "  ")[0] }
        }
        #expect(bare(turkish) == bare(english))
    }
}
