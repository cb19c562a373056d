// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// What every Swift target of this package is compiled with.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room: a library target. `uses` names the rooms and products behind its imports.
func room(_ name: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: house)
}

/// The tests of a room, in `Tests/<Room>Tests`.
func tests(_ name: String, uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses, swiftSettings: house)
}

/// A C library as Debian ships it: a module map and a header with the macros Swift cannot see.
func shim(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

/// Keeps pages out of a program that runs for months: relocations take a few KB instead of MB, and
/// no names are kept for libraries that would be loaded later. The toolchain brings lld along.
let lean = [
    "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
    "-Xlinker", "--no-export-dynamic",
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "mutabik-agent",
    products: [
        .executable(name: "mutabik", targets: ["mutabik"]),
        .executable(name: "mutabik-pdf", targets: ["mutabik-pdf"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        shim("COpenSSL", pkgConfig: "openssl", debian: "libssl-dev"),
        shim("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        shim("CAres", pkgConfig: "libcares", debian: "libc-ares-dev"),
        shim("CGMime", pkgConfig: "gmime-3.0", debian: "libgmime-3.0-dev"),
        shim("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        shim("CLibXML", pkgConfig: "libxml-2.0", debian: "libxml2-dev"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        room("Domain"),
        room("Cryptography", uses: ["COpenSSL"]),
        room("Mail", uses: ["Domain", "Cryptography", "CGMime", "CLibXML"]),
        room("Rules", uses: ["Domain", "Mail", "CRE2", yams]),
        room("Authoring", uses: ["Domain", "Mail", "Rules"]),
        room("Documents", uses: ["Mail"]),
        // A program of its own: a library that reads what strangers wrote stays out of the agent.
        .executableTarget(
            name: "mutabik-pdf", linkerSettings: [.linkedLibrary("poppler-cpp")]),
        room("Matching", uses: ["Domain"]),
        room("Statements", uses: ["Domain", "CLibXML"]),
        room("Workflow", uses: ["Domain"]),
        room("Wire", uses: ["Domain", "CCurl", "CAres", "COpenSSL"]),
        room("OAuth", uses: ["Domain", "Cryptography", "Wire"]),
        room("Mailbox", uses: ["Domain", "Wire", "CZlib"]),
        room("Ledger", uses: ["Domain", "Cryptography", grdb]),
        room("Connectors", uses: ["Domain", "Wire"]),
        room(
            "Agent",
            uses: [
                "Domain", "Cryptography", "Mail", "Rules", "Matching", "Statements", "Workflow",
                "Mailbox", "Ledger", "Connectors",
            ]),
        room("Sandbox", uses: ["Domain", "Cryptography", hummingbird]),
        room(
            "Operator",
            uses: [
                "Domain", "Cryptography", "Documents", "Mail", "Rules", "Matching", "Statements",
                "Workflow", "Wire", "OAuth", "Mailbox", "Ledger", "Connectors", "Agent",
                "Authoring", "Sandbox",
                arguments, yams,
            ]),
        .executableTarget(
            name: "mutabik", dependencies: ["Operator"], swiftSettings: house,
            linkerSettings: [.unsafeFlags(lean, .when(configuration: .release))]),

        tests("DomainTests", uses: ["Domain"]),
        tests("CryptographyTests", uses: ["Cryptography"]),
        tests("MatchingTests", uses: ["Domain", "Matching"]),
        tests("StatementsTests", uses: ["Domain", "Statements"]),
        tests("WorkflowTests", uses: ["Domain", "Workflow"]),
        tests("LedgerTests", uses: ["Domain", "Cryptography", "Ledger", grdb]),
        .target(
            name: "ScriptedServer", path: "Tests/Support/ScriptedServer", swiftSettings: house),
        .target(
            name: "MailServer", path: "Tests/Support/MailServer", exclude: ["mail_server.py"],
            swiftSettings: house),
        tests("WireTests", uses: ["Domain", "Wire", "MailServer", "ScriptedServer"]),
        tests(
            "ConnectorsTests",
            uses: ["Connectors", "Domain", "Wire", "MailServer", "ScriptedServer"]),
        tests("OAuthTests", uses: ["Domain", "Cryptography", "Wire", "OAuth", "ScriptedServer"]),
        tests("MailboxTests", uses: ["Domain", "Wire", "Mailbox", "TestSupport"]),
        .target(
            name: "TestSupport", path: "Tests/Support",
            exclude: [
                "KillableAgent", "MailServer", "MatchingBench", "ScriptedServer", "Season",
                "SeasonTable", "StatementBench",
            ],
            swiftSettings: house),
        .executableTarget(
            name: "matching-bench",
            dependencies: ["Agent", "Cryptography", "Domain", "Ledger", "Matching"],
            path: "Tests/Support/MatchingBench", swiftSettings: house),
        .executableTarget(
            name: "statement-bench",
            dependencies: ["Agent", "Cryptography", "Domain", "Ledger", "Matching", "Statements"],
            path: "Tests/Support/StatementBench", swiftSettings: house),
        .target(
            name: "Season",
            dependencies: [
                "Agent", "Cryptography", "Domain", "Ledger", "Mail", "Matching", "Rules", "Sandbox",
                "Statements", "Workflow",
            ], path: "Tests/Support/Season", swiftSettings: house),
        .executableTarget(
            name: "season-table", dependencies: ["Domain", "Season"],
            path: "Tests/Support/SeasonTable", swiftSettings: house),
        .executableTarget(
            name: "killable-agent",
            dependencies: [
                "Agent", "Cryptography", "Ledger", "Matching", "Operator", "Statements",
            ],
            path: "Tests/Support/KillableAgent", swiftSettings: house),
        tests("MailTests", uses: ["Domain", "Cryptography", "Mail"]),
        tests("SandboxTests", uses: ["Domain", "Cryptography", "Sandbox", hummingbird]),
        tests(
            "DocumentsTests",
            uses: ["Agent", "Cryptography", "Documents", "Domain", "Mail", "Rules", "mutabik-pdf"]),
        tests(
            "PassedOnMailTests",
            uses: [
                "Agent", "Cryptography", "Domain", "Ledger", "Mail", "Mailbox", "Matching", "Rules",
            ]),
        tests("FuzzTests", uses: ["Domain", "Mail", "Mailbox"]),
        tests(
            "MoneyTests",
            uses: [
                "Agent", "Connectors", "Cryptography", "Domain", "Ledger", "Mail", "Matching",
                "Operator", "Rules", "Sandbox", "Statements", "Wire", "Workflow", "killable-agent",
                "mutabik", grdb,
            ]),
        tests("RulesTests", uses: ["Rules", "Mail", "Domain", "Matching"]),
        tests("AuthoringTests", uses: ["Authoring", "Domain", "Mail", "Rules"]),
        tests(
            "OperatorTests",
            uses: [
                "Operator", "Agent", "Domain", "Ledger", "Mailbox", "Matching", "OAuth", "Rules",
                "Statements",
            ]),
        tests("SeasonTests", uses: ["Season"]),
        tests("TidyTests", uses: []),
        tests(
            "AgentTests",
            uses: [
                "Domain", "Cryptography", "Connectors", "Ledger", "Mail", "Rules", "Matching",
                "Wire", "Mailbox", "Agent", "MailServer", "Sandbox", "Operator", "ScriptedServer",
                "TestSupport", "killable-agent", "mutabik",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// What the tests check on kept inputs, libFuzzer checks on inputs of its own: scripts/fuzz.
if Context.environment["MUTABIK_FUZZ"] != nil {
    package.targets.removeAll { $0.type == .test }
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Domain", "Mail", "Mailbox"], path: "Tests/FuzzTests",
            exclude: ["RegressionTests.swift"],
            swiftSettings: house + [.unsafeFlags(["-parse-as-library", "-enable-testing"])]))
}
