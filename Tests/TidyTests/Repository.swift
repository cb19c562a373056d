// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// The files of this repository, as the house rules look at them.
enum Repository {
    static let top: String =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Every Swift file, read once.
    static let swift = Result {
        try [source("Package.swift")] + sources(below: "Sources", endingIn: [".swift"])
            + sources(below: "Tests", endingIn: [".swift"])
    }

    /// Paths from the top below `folder`, sorted; folders that begin with a dot are left out.
    static func files(below folder: String, endingIn suffixes: [String]) -> [String] {
        let root = folder.isEmpty ? top : top + "/" + folder
        let prefix = folder.isEmpty ? "" : folder + "/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().flatMap { name -> [String] in
            if name.hasPrefix(".") || name == "node_modules" { return [] }
            if isFolder(prefix + name) {
                return files(below: prefix + name, endingIn: suffixes)
            }
            return suffixes.contains { name.hasSuffix($0) } ? [prefix + name] : []
        }
    }

    static func source(_ path: String) throws -> SourceFile {
        let data = try #require(
            FileManager.default.contents(atPath: top + "/" + path), "\(path) cannot be read")
        return SourceFile(path: path, text: String(decoding: data, as: UTF8.self))
    }

    static func sources(below folder: String, endingIn suffixes: [String]) throws -> [SourceFile] {
        try files(below: folder, endingIn: suffixes).map(source)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: top + "/" + path)
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        _ = FileManager.default.fileExists(atPath: top + "/" + path, isDirectory: &isFolder)
        return isFolder
    }
}

/// One file with its lines, and the same lines without comments and the insides of literals.
struct SourceFile: Sendable {
    let path: String
    let lines: [String]
    /// As many lines as `lines`.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = Self.code(of: lines)
    }

    /// `Sources/Mail/ASCII.swift` stands in the room `Mail`.
    var room: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// `file:line: what, use what`.
    func complaint(_ index: Int, _ text: String) -> String { "\(path):\(index + 1): \(text)" }

    /// Comments and the insides of literals become blanks, so that words in them count for nothing.
    private static func code(of lines: [String]) -> [String] {
        var isInText = false
        return lines.map { line in
            var out = ""
            var rest = Substring(line)
            var isQuoted = false
            while let character = rest.first {
                if rest.hasPrefix("\"\"\"") {
                    isInText.toggle()
                    rest = rest.dropFirst(3)
                } else if isInText {
                    rest = rest.dropFirst()
                } else if isQuoted {
                    if character == "\"" { isQuoted = false }
                    rest = rest.dropFirst(character == "\\" ? 2 : 1)
                } else if character == "\"" {
                    isQuoted = true
                    out += "\"\""
                    rest = rest.dropFirst()
                } else if rest.hasPrefix("//") {
                    break
                } else {
                    out.append(character)
                    rest = rest.dropFirst()
                }
            }
            return out
        }
    }
}

extension StringProtocol {
    /// Without the blanks at its beginning.
    var dedented: SubSequence { drop { $0 == " " } }
}

extension String {
    /// Whether the word stands here, not as the end of a longer name: `print(`, not `fingerprint(`.
    func hasCall(_ word: String) -> Bool {
        var rest = Substring(self)
        while let range = rest.firstRange(of: word) {
            let before = rest[..<range.lowerBound].last
            let isName = before.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
            if isName != true || !(word.first?.isLetter ?? false) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}
