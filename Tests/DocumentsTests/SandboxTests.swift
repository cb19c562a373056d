// SPDX-License-Identifier: Apache-2.0

import Documents
import Foundation
import Testing

/// The program as the tests find it: beside them.
enum Program {
    static func path() throws -> String {
        let path = Bundle.main.bundleURL.appending(path: "mutabik-pdf").path
        let beside = Bundle(for: Marker.self).bundleURL.deletingLastPathComponent()
            .appending(path: "mutabik-pdf").path
        return try #require(
            [path, beside].first { FileManager.default.isExecutableFile(atPath: $0) })
    }

    static func reader() throws -> PDFReader { PDFReader(program: try path()) }

    private final class Marker {}
}

@Suite struct SandboxTests {
    /// Runs the program in a mode in which it does, once locked in, what a hostile PDF might.
    private func attempt(_ what: String) throws -> (status: Int32, isSignal: Bool) {
        let process = Process()
        process.executableURL = URL(filePath: try Program.path())
        process.arguments = ["--attempt", what]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
    }

    @Test(
        "what no reader of a PDF does ends the process",
        arguments: [
            "socket", "local-socket", "write-file", "remove-file", "program", "process", "code",
            "signal-agent", "signal-group", "abort",
        ])
    func ended(what: String) throws {
        let result = try attempt(what)
        #expect(result.isSignal)
        #expect(result.status == SIGSYS)
    }

    @Test("what a library may try is refused", arguments: ["read-file", "memory"])
    func refused(what: String) throws {
        let result = try attempt(what)
        #expect(!result.isSignal && result.status == 3)
    }

    @Test func `a computation without end is ended`() throws {
        let result = try attempt("processor")
        #expect(result.isSignal)
    }

    @Test func `a quiet process ends well, so that the others failed for what they did`() throws {
        let result = try attempt("nothing")
        #expect(!result.isSignal && result.status == 0)
        #expect(try attempt("unknown").status == 64)
    }
}
