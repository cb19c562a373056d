// SPDX-License-Identifier: Apache-2.0

/// What a command answers: texts and how it ends. The commands on rules make one, so that tests
/// see what a person sees.
struct CommandReply: Sendable {
    /// For standard output.
    var output = ""
    /// Instead of `output`: bytes that need not be a text.
    var raw: [UInt8]?
    /// For standard error: what was left out, what to look at.
    var notes: [String] = []
    /// How it ends badly; nil: well.
    var failure: Failure?

    mutating func line(_ text: String) { output += text + "\n" }

    /// Writes everything and ends the command.
    func deliver() throws {
        if let raw { Terminal.write(bytes: raw) } else { Terminal.write(output) }
        for note in notes { Terminal.error(note) }
        if let failure { throw failure }
    }
}

/// In which language and with which colours a command answers.
struct Manner: Sendable {
    var language: Language
    /// Colours are wanted.
    var paints: Bool

    func pick(_ english: String, _ turkish: String) -> String { language.pick(english, turkish) }

    func painted(_ text: String, _ colour: Terminal.Colour) -> String {
        Terminal.painted(text, colour, on: paints)
    }

    /// Rows under headings, the cells of one column coloured.
    func mark(_ isGood: Bool) -> String {
        isGood ? painted("✓", .green) : painted("✗", .red)
    }
}
