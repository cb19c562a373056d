// SPDX-License-Identifier: Apache-2.0

import Testing

/// The modules that a line of code imports.
enum Imports {
    static func named(in line: String) -> [String] {
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first,
            ["package", "internal", "private", "fileprivate", "public", "@testable"].contains(first)
        {
            words.removeFirst()
        }
        guard words.first == "import", let name = words.last else { return [] }
        return [String(name.prefix { $0 != "." })]
    }
}

/// A target as `Package.swift` declares it.
struct DeclaredTarget: Equatable {
    let name: String
    let folder: String
    let uses: Set<String>
}

/// Reads the targets out of the text of `Package.swift`, in the few shapes that it uses.
struct Manifest {
    let targets: [DeclaredTarget]

    init(_ text: String) {
        // From "targets: [" on, comments aside: each target begins with its kind.
        let code = text.split(separator: "\n").filter { !$0.dedented.hasPrefix("//") }
            .joined(separator: " ")
        guard let list = code.firstRange(of: "targets: [ ") ?? code.firstRange(of: "targets: [")
        else {
            targets = []
            return
        }
        let products = Self.products(in: code)
        let kinds = ["room(", "tests(", "shim(", ".target(", ".executableTarget("]
        var rest = code[list.upperBound...]
        var found: [DeclaredTarget] = []
        while let start = Self.first(of: kinds, in: rest) {
            let end = Self.closing(of: rest, from: start.upperBound)
            let body = String(rest[start.upperBound..<end])
            let kind = String(rest[start])
            found.append(Self.target(kind, body, products))
            rest = rest[end...]
        }
        targets = found.filter { !$0.name.isEmpty }
    }

    /// `let grdb: Target.Dependency = .product(name: "GRDB", package: …)` → `grdb` is `GRDB`.
    private static func products(in code: String) -> [String: String] {
        var products: [String: String] = [:]
        var rest = Substring(code)
        while let range = rest.firstRange(of: ": Target.Dependency") {
            let name = rest[..<range.lowerBound].split(separator: " ").last.map(String.init)
            rest = rest[range.upperBound...]
            if let name, let product = quoted(rest).first { products[name] = product }
        }
        return products
    }

    private static func target(
        _ kind: String, _ body: String, _ products: [String: String]
    ) -> DeclaredTarget {
        let name = quoted(Substring(body)).first ?? ""
        var uses: Set<String> = []
        for key in ["uses: [", "dependencies: ["] {
            guard let start = body.firstRange(of: key),
                let end = body[start.upperBound...].firstIndex(of: "]")
            else { continue }
            let list = body[start.upperBound..<end]
            uses.formUnion(quoted(list))
            let words = list.split { !($0.isLetter || $0.isNumber) }.map(String.init)
            uses.formUnion(words.compactMap { products[$0] })
        }
        let path = body.firstRange(of: "path: ").flatMap { quoted(body[$0.upperBound...]).first }
        return DeclaredTarget(
            name: name, folder: path ?? (kind.hasSuffix("tests(") ? "Tests/" : "Sources/") + name,
            uses: uses)
    }

    private static func quoted(_ text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func first(
        of kinds: [String], in text: Substring
    ) -> Range<Substring.Index>? {
        kinds.compactMap { text.firstRange(of: " " + $0) }.min { $0.lowerBound < $1.lowerBound }
    }

    private static func closing(of text: Substring, from start: Substring.Index) -> Substring.Index
    {
        var depth = 1
        var index = start
        while index < text.endIndex {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" {
                depth -= 1
                if depth == 0 { return index }
            }
            index = text.index(after: index)
        }
        return text.endIndex
    }
}

@Suite("imports")
struct ImportTests {
    /// Libraries of C and of others that one room wraps for all.
    private static let owners: [String: Set<String>] = [
        "COpenSSL": ["Cryptography", "Wire"], "CCurl": ["Wire"], "CAres": ["Wire"],
        "CZlib": ["Mailbox"], "CGMime": ["Mail"], "CLibXML": ["Mail", "Statements"],
        "CRE2": ["Rules"],
        "GRDB": ["Ledger", "LedgerTests"],
        "Yams": ["Rules", "Operator"], "Hummingbird": ["Sandbox", "SandboxTests"],
        "ArgumentParser": ["Operator"],
    ]
    /// What comes with the compiler.
    private static let toolchain: Set<String> = [
        "Swift", "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization",
        "Testing",
    ]
    /// Modules of a package that its product brings along.
    private static let companions = [
        "GRDB": ["GRDBSQLite"],
        "Hummingbird": ["HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix", "Logging"],
    ]

    private func manifest() throws -> Manifest {
        let file = try Repository.source("Package.swift")
        return Manifest(file.lines.joined(separator: "\n"))
    }

    @Test("name only what Package.swift declares for the target")
    func areDeclared() throws {
        let targets = try manifest().targets
        #expect(targets.count > 20, "Package.swift was not understood")
        var complaints: [String] = []
        for target in targets {
            let allowed = target.uses.union(Self.toolchain)
                .union(target.uses.flatMap { Self.companions[$0] ?? [] })
            for file in try files(of: target, among: targets) {
                for index in file.code.indices {
                    for name in Imports.named(in: file.code[index]) where !allowed.contains(name) {
                        complaints.append(
                            file.complaint(
                                index,
                                "import \(name), declare it for \(target.name) in Package.swift"))
                    }
                }
            }
        }
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test("are all used: Package.swift declares nothing idle for a room")
    func areUsed() throws {
        let targets = try manifest().targets
        var complaints: [String] = []
        for target in targets where target.folder.hasPrefix("Sources/") {
            let imported = Set(
                try files(of: target, among: targets).flatMap { $0.code.flatMap(Imports.named) })
            for idle in target.uses.subtracting(imported).sorted() {
                complaints.append("Package.swift: \(target.name) declares \(idle), remove it")
            }
        }
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test("of a wrapped library stand in the room that owns it")
    func haveOwners() throws {
        let files = try Repository.swift.get()
        var complaints: [String] = []
        for file in files {
            for index in file.code.indices {
                for name in Imports.named(in: file.code[index]) {
                    guard let owners = Self.owners[name], !owners.contains(file.room) else {
                        continue
                    }
                    complaints.append(
                        file.complaint(
                            index, "import \(name), use \(owners.sorted().joined(separator: ", "))")
                    )
                }
            }
        }
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test("of a room never point at a room below it")
    func goOneWay() throws {
        let targets = try manifest().targets
        let uses = Dictionary(
            targets.map { ($0.name, $0.uses) }, uniquingKeysWith: { first, _ in first })
        for target in targets {
            var reached: Set<String> = []
            var next = Array(target.uses)
            while let name = next.popLast() {
                if reached.insert(name).inserted { next += uses[name] ?? [] }
            }
            #expect(!reached.contains(target.name), "\(target.name) uses itself")
        }
    }

    @Test("stand in the table of rooms as Package.swift has them")
    func areInTheTable() throws {
        let page = try Repository.source("ARCHITECTURE.md")
        for target in try manifest().targets where target.folder.hasPrefix("Sources/") {
            guard !target.name.hasPrefix("C") || !target.uses.isEmpty else { continue }
            let row = page.lines.first { $0.hasPrefix("| `\(target.name)` |") }
            guard let row else {
                Issue.record("ARCHITECTURE.md: no row for \(target.name), add it to the rooms")
                continue
            }
            let last = row.split(separator: "|").last ?? ""
            if last.dedented.hasPrefix("all") { continue }
            let told = Set(last.split { !$0.isLetter && !$0.isNumber }.map(String.init))
            #expect(
                told.subtracting(["nothing"]) == target.uses,
                "ARCHITECTURE.md: \(target.name) uses \(target.uses.sorted())")
        }
    }

    @Test("are read from a line in every form")
    func areRead() {
        #expect(Imports.named(in: "import Glibc") == ["Glibc"])
        #expect(Imports.named(in: "internal import Domain") == ["Domain"])
        #expect(Imports.named(in: "@testable import Operator") == ["Operator"])
        #expect(Imports.named(in: "import struct Foundation.Date") == ["Foundation"])
        #expect(Imports.named(in: "let important = 1").isEmpty)
    }

    @Test("are checked against a manifest in these shapes")
    func manifestIsRead() {
        let targets = Manifest(
            """
            let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
            let package = Package(
                name: "x", products: [.executable(name: "x", targets: ["x"])],
                targets: [
                    room("A"), // none
                    room(
                        "B",
                        uses: [
                            "A", grdb,
                        ]),
                    .target(name: "S", path: "Tests/Support/S", swiftSettings: house),
                    tests("BTests", uses: ["B"]),
                ])
            """
        ).targets
        #expect(
            targets == [
                DeclaredTarget(name: "A", folder: "Sources/A", uses: []),
                DeclaredTarget(name: "B", folder: "Sources/B", uses: ["A", "GRDB"]),
                DeclaredTarget(name: "S", folder: "Tests/Support/S", uses: []),
                DeclaredTarget(name: "BTests", folder: "Tests/BTests", uses: ["B"]),
            ])
    }

    /// Files below the target's folder that belong to no target deeper in it.
    private func files(
        of target: DeclaredTarget, among targets: [DeclaredTarget]
    ) throws -> [SourceFile] {
        let deeper = targets.map(\.folder).filter { $0.hasPrefix(target.folder + "/") }
        return try Repository.swift.get().filter { file in
            file.path.hasPrefix(target.folder + "/")
                && !deeper.contains { file.path.hasPrefix($0 + "/") }
        }
    }
}
