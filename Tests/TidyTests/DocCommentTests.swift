// SPDX-License-Identifier: Apache-2.0

import Testing

/// Doors have a doc comment: every `package` type, type alias, function and subscript.
///
/// What needs none, because it would only say its own name again:
/// - properties, enum cases and `init`, which the comment of their type speaks for;
/// - a function that a protocol of ours or of the standard library already describes;
/// - a further overload when one of the same name in the same file has its comment.
enum DocComments {
    private static let kinds: Set<String> = [
        "struct", "enum", "class", "actor", "protocol", "typealias", "func", "subscript",
    ]
    private static let described: Set<String> = ["encode", "hash", "<", "=="]
    private static let modifiers: Set<String> = [
        "package", "static", "final", "mutating", "consuming", "nonisolated", "indirect",
        "convenience", "override", "private(set)", "@discardableResult",
    ]

    /// Functions that `package protocol`s describe, in any file.
    static func requirements(_ files: [SourceFile]) -> Set<String> {
        var names: Set<String> = []
        for file in files {
            var isInside = false
            for line in file.code {
                if line.hasPrefix("package protocol ") { isInside = true }
                if isInside, line.hasPrefix("    func "), let door = Door(line) {
                    names.insert(door.name)
                }
                if line == "}" { isInside = false }
            }
        }
        return names
    }

    static func complaints(_ file: SourceFile, requirements: Set<String>) -> [String] {
        let doors = file.code.indices.compactMap { index -> (index: Int, door: Door)? in
            guard file.code[index].dedented.hasPrefix("package "),
                let door = Door(file.code[index]), kinds.contains(door.kind)
            else { return nil }
            return (index, door)
        }
        let documented = Set(
            doors.filter { isDocumented(file, at: $0.index) }.map { $0.door.name })
        return doors.compactMap { index, door in
            let isKnown =
                door.kind == "func"
                && (described.contains(door.name) || requirements.contains(door.name))
            let isOverload = door.kind == "func" && documented.contains(door.name)
            guard !isKnown, !isOverload, !isDocumented(file, at: index) else { return nil }
            return file.complaint(
                index, "\(door.kind) \(door.name) without a doc comment, say shape, unit and error")
        }
    }

    private static func isDocumented(_ file: SourceFile, at index: Int) -> Bool {
        var above = index - 1
        while above >= 0, file.lines[above].dedented.hasPrefix("@") { above -= 1 }
        return above >= 0 && file.lines[above].dedented.hasPrefix("///")
    }

    /// `package static func find(in:` is the func `find`.
    private struct Door {
        let kind: String
        let name: String

        init?(_ line: String) {
            var words = line.split(separator: " ").map(String.init)[...]
            while let first = words.first, DocComments.modifiers.contains(first) {
                words.removeFirst()
            }
            guard let kind = words.popFirst(), let rest = words.first else { return nil }
            self.kind = kind
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            self.name = name.isEmpty ? rest : String(name)
        }
    }
}

@Suite("doc comments")
struct DocCommentTests {
    @Test("stand on every door")
    func stand() throws {
        let files = try Repository.swift.get().filter { $0.path.hasPrefix("Sources/") }
        let requirements = DocComments.requirements(files)
        #expect(requirements.contains("perform"), "the protocols were not found")
        let complaints = files.flatMap {
            DocComments.complaints($0, requirements: requirements)
        }
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test(
        "are missed where they are missing",
        arguments: [
            ("package struct Money {", "struct Money without"),
            ("    package static func find(in text: String)", "func find without"),
            ("    @discardableResult\n    package func write<T>(_ body: T)", "func write without"),
            ("// not a doc comment\npackage enum Kind {}", "enum Kind without"),
        ])
    func areMissed(text: String, complaint: String) {
        let file = SourceFile(path: "Sources/Domain/X.swift", text: text)
        let found = DocComments.complaints(file, requirements: [])
        #expect(found.count == 1 && found[0].contains(complaint), "\(found)")
    }

    @Test(
        "are not asked for twice",
        arguments: [
            "/// A sum.\npackage struct Money {", "    package let minorUnits: Int64",
            "    package init() {}", "    package func perform(_ task: Task) {}",
            "/// One.\n    package func put(_ x: Int) {}\n    package func put(_ x: Bool) {}",
            "    package static func < (left: A, right: A) -> Bool { false }",
        ])
    func areNotAskedTwice(text: String) {
        let file = SourceFile(path: "Sources/Domain/X.swift", text: text)
        #expect(DocComments.complaints(file, requirements: ["perform"]).isEmpty)
    }
}
