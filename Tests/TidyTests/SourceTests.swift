// SPDX-License-Identifier: Apache-2.0

import Testing

/// What every source file keeps to. Each rule is a function, so that it is tried on a bad text too.
enum SourceRules {
    private static let lineMax = 100
    /// Beyond this nobody keeps a file in mind; divide it by nouns.
    private static let linesMax = 450

    /// Calls that have one place, and what stands for them elsewhere.
    private static let calls: [(call: String, rooms: Set<String>, instead: String)] = [
        ("Date()", ["Operator"], "use the time that is passed in"),
        ("Task.sleep", ["Agent", "Operator", "Sandbox"], "let the caller wait"),
        ("ProcessInfo", ["Operator"], "take the value as an argument"),
        ("getenv(", [], "take the value as an argument"),
        ("print(", [], "use Terminal, or report an event"),
        ("try!", [], "use a typed error"),
        ("as!", [], "use as? and say what else"),
        ("fatalError(", [], "throw, or use precondition for a programmer's mistake"),
        ("unsafeBitCast(", [], "convert the value"),
    ]

    /// Rooms that work on what they are given: no files, no sockets, no threads.
    private static let pure: Set<String> = ["Domain", "Mail", "Rules", "Matching", "Workflow"]
    private static let outside = ["Glibc", "Dispatch", "Foundation", "FoundationNetworking"]

    static func header(_ file: SourceFile) -> [String] {
        let wanted = "// SPDX-License-Identifier: Apache-2.0"
        let isManifest = file.path == "Package.swift"
        guard file.lines.first == wanted || isManifest && file.lines.dropFirst().first == wanted
        else { return [file.complaint(0, "no licence line, use \(wanted)")] }
        return []
    }

    static func calls(_ file: SourceFile) -> [String] {
        file.code.indices.flatMap { index in
            calls.filter { rule in
                !rule.rooms.contains(file.room) && file.code[index].hasCall(rule.call)
            }.map { file.complaint(index, "\($0.call), \($0.instead)") }
        }
    }

    static func switches(_ file: SourceFile) -> [String] {
        guard file.room == "Workflow" else { return [] }
        return file.code.indices.filter { file.code[$0].dedented.hasPrefix("default:") }.map {
            file.complaint($0, "default: in a state machine, name every case")
        }
    }

    static func purity(_ file: SourceFile) -> [String] {
        guard pure.contains(file.room) else { return [] }
        return file.code.indices.flatMap { index in
            let names = Imports.named(in: file.code[index])
            let module = names.filter(outside.contains).map {
                file.complaint(index, "import \($0) in a pure room, take what it gives")
            }
            return file.code[index].hasCall("FileManager")
                ? module + [file.complaint(index, "FileManager in a pure room, take the bytes")]
                : module
        }
    }

    /// Lines with a literal may be longer: the formatter cannot break those.
    static func width(_ file: SourceFile) -> [String] {
        var isInText = false
        return file.lines.indices.compactMap { index in
            let line = file.lines[index]
            defer { if line.components(of: "\"\"\"") % 2 == 1 { isInText.toggle() } }
            guard line.count > lineMax, !isInText, !line.contains("\"") else { return nil }
            return file.complaint(index, "\(line.count) columns, use at most \(lineMax)")
        }
    }

    static func length(_ file: SourceFile) -> [String] {
        guard file.lines.count > linesMax else { return [] }
        return [
            file.complaint(
                linesMax, "\(file.lines.count) lines, divide the file by nouns (\(linesMax))")
        ]
    }

    /// Written in two parts, or this line would be its own complaint.
    private static let unfinished = "FIX" + "ME"

    static func leftovers(_ file: SourceFile) -> [String] {
        file.lines.indices.filter { file.lines[$0].contains(unfinished) }.map {
            file.complaint($0, "\(unfinished), mend it or write TODO(name): condition")
        }
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = Substring(self)
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

@Suite("every source file")
struct SourceTests {
    private func check(
        _ rule: (SourceFile) -> [String], only folder: String = ""
    ) throws {
        let files = try Repository.swift.get().filter { $0.path.hasPrefix(folder) }
        #expect(files.count > 10, "the sources were not found")
        let complaints = files.flatMap(rule)
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test("begins with its licence") func header() throws { try check(SourceRules.header) }

    @Test("calls only what its room may")
    func calls() throws { try check(SourceRules.calls, only: "Sources/") }

    @Test("is free of calls that end the process, in tests as well")
    func tests() throws {
        try check(
            { file in
                SourceRules.calls(file).filter { $0.contains("try!") || $0.contains("as!") }
            }, only: "Tests/")
    }

    @Test("of the state machine names every case")
    func switches() throws { try check(SourceRules.switches, only: "Sources/") }

    @Test("of a pure room touches nothing outside")
    func purity() throws { try check(SourceRules.purity, only: "Sources/") }

    @Test("fits a screen in width") func width() throws { try check(SourceRules.width) }

    @Test("is no longer than a reader bears") func length() throws { try check(SourceRules.length) }

    @Test("is finished") func leftovers() throws { try check(SourceRules.leftovers) }

    @Test(
        "a rule finds what it is for",
        arguments: [
            ("Sources/Mail/X.swift", "let now = Date()", "Date(), use the time that is passed in"),
            ("Sources/Ledger/X.swift", "print(1)", "print(, use Terminal, or report an event"),
            ("Sources/Ledger/X.swift", "let x = try! f()", "try!, use a typed error"),
            ("Sources/Ledger/X.swift", "let x = y as! Int", "as!, use as? and say what else"),
            ("Sources/Rules/X.swift", "import Glibc", "import Glibc in a pure room, take what it"),
            ("Sources/Workflow/X.swift", "    default: nil", "default: in a state machine, name"),
            ("Sources/Wire/X.swift", "let x = 1", "no licence line, use // SPDX-License"),
            ("Sources/Wire/X.swift", String(repeating: "x", count: 101), "101 columns, use at"),
            ("Sources/Wire/X.swift", String(repeating: "\n", count: 500), "501 lines, divide the"),
        ])
    func finds(path: String, text: String, complaint: String) {
        let file = SourceFile(path: path, text: text)
        let rules = [
            SourceRules.header, SourceRules.calls, SourceRules.switches, SourceRules.purity,
            SourceRules.width, SourceRules.length,
        ]
        let found = rules.flatMap { $0(file) }
        #expect(found.contains { $0.contains(complaint) }, "\(found)")
    }

    @Test(
        "a rule leaves words in comments and literals alone",
        arguments: [
            "let hint = \"never Date()\"", "// print( is forbidden", "let x = fingerprint(y)",
            "let x = \"\"\"\n    try! this\n    \"\"\"",
        ])
    func leavesAlone(text: String) {
        let file = SourceFile(path: "Sources/Mail/X.swift", text: text)
        #expect(SourceRules.calls(file).isEmpty)
    }
}
