// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of this package as a process of its own, its output in files.
final class Program {
    /// What the process left behind.
    struct End {
        /// The exit status, or the number of the signal that ended it.
        let status: Int32
        let output: String
        let errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    private let process = Process()
    private let files: [URL]
    /// What is written here is the program's standard input.
    private let input: Pipe?

    /// - Parameters:
    ///   - name: of an executable that stands beside the test bundle, or a path.
    ///   - folder: gets the output.
    ///   - readsInput: else its standard input is empty.
    init(
        _ name: String, _ arguments: [String], in folder: URL, environment: [String: String] = [:],
        readsInput: Bool = false
    ) throws {
        let label = UUID().uuidString
        files = ["out", "err"].map { folder.appendingPathComponent("\(label).\($0)") }
        for file in files { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: Self.path(name))
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        input = readsInput ? Pipe() : nil
        if let input {
            process.standardInput = input
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Runs a command to its end.
    static func run(
        _ name: String, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
    ) async throws -> End {
        try await Program(name, arguments, in: folder, environment: environment).end()
    }

    var isRunning: Bool { process.isRunning }

    /// Types a line.
    func type(_ line: String) throws {
        try input?.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// What it has written to standard output so far.
    var output: String { text(0) }

    /// What it has written to standard error so far.
    var errors: String { text(1) }

    /// Waits for the end without holding a thread.
    func end() async throws -> End {
        try await eventually("\(process.arguments ?? []) ends") { !process.isRunning }
        return End(status: process.terminationStatus, output: text(0), errors: text(1))
    }

    /// Asks it to stop, as systemd does.
    func stop() async throws -> End {
        kill(process.processIdentifier, SIGTERM)
        return try await end()
    }

    private func text(_ index: Int) -> String {
        (try? Data(contentsOf: files[index])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    static func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : products.appendingPathComponent(name).path
    }

    /// The folder of built programs is the one of the test bundle.
    private static let products: URL = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return URL(fileURLWithPath: path ?? "").deletingLastPathComponent()
    }()
}
