// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Testing

@testable import Agent
@testable import Ledger

/// A till on the disk, and the commands on it as processes of their own.
final class Counter {
    let folder: URL
    let till: Till

    /// What a command left behind.
    struct End {
        /// The exit status, or the number of the signal that ended it.
        let code: Int32
        let output: String
        let errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-counter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("state"), withIntermediateDirectories: true)
        let key = try SealingKeyBox.make()
        till = try Till(
            ledger: LedgerDatabase(
                path: folder.appendingPathComponent("state/ledger.sqlite").path, masterKey: key))
        try write(Base64.encode(key.export()), to: "master.key")
        try write("word", to: "imap.password")
        try write(
            """
            state_directory: \(path("state"))
            rules_directory: \(path("rules"))
            master_key: {file: \(path("master.key"))}
            mailboxes:
              - {name: bank, host: localhost, user: box, password: {file: \(path("imap.password"))}}
            matching: {own_accounts: any, own_addresses: any}
            events:
              - id: gala
                iban: TR330006100519786457841326
                account_holder: Sahne Kapısı Derneği
            """, to: "mutabik.yaml")
    }

    deinit {
        try? till.ledger.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    /// Starts `mutabik`; its end is waited for on a thread of its own.
    func start(_ arguments: [String], language: String = "en_GB") throws -> Task<End, Never> {
        try start("mutabik", arguments + ["--config", path("mutabik.yaml")], language: language)
    }

    /// Starts a program that stands beside the test bundle.
    func start(
        _ program: String, _ arguments: [String], language: String = "en_GB"
    ) throws -> Task<End, Never> {
        let process = Process()
        process.executableURL = Self.products.appendingPathComponent(program)
        process.arguments = arguments
        process.environment = ["LC_ALL": language, "USER": "ayla"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let files = ["out", "err"].map { path("\(UUID().uuidString).\($0)") }
        for file in files { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        try process.run()
        let running = Running(process: process, files: files)
        return Task { await onThread { running.end() } }
    }

    func mutabik(_ arguments: String..., language: String = "en_GB") async throws -> End {
        try await start(arguments, language: language).value
    }

    /// A process is touched by one thread at a time: the one that starts it, then the one that
    /// waits for it.
    private final class Running: @unchecked Sendable {
        private let process: Process
        private let files: [String]

        init(process: Process, files: [String]) {
            self.process = process
            self.files = files
        }

        func end() -> End {
            process.waitUntilExit()
            let texts = files.map { path in
                FileManager.default.contents(atPath: path).map {
                    String(decoding: $0, as: UTF8.self)
                }
                    ?? ""
            }
            return End(code: process.terminationStatus, output: texts[0], errors: texts[1])
        }
    }

    private static let products: URL = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own ?? "").deletingLastPathComponent()
    }()
}
