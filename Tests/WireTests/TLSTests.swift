// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ScriptedServer
import Testing
import Wire

@Suite("HTTP client over TLS", .serialized)
struct TLSTests {
    private func send(to server: TLSServer, host: String = "localhost", trusting file: String?)
        async throws -> Result<HTTPResponse, WireError>
    {
        var settings = HTTPClient.Settings()
        settings.authorityFile = file
        let client = try HTTPClient(settings: settings)
        do {
            return .success(
                try await client.send(
                    HTTPRequest(.get, "https://\(host):\(server.port)/"), timeout: .seconds(20)))
        } catch {
            return .failure(error)
        }
    }

    @Test("A certificate of the named authority is taken")
    func trusted() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let response = try await send(to: server, trusting: server.authority).get()
        #expect(response.status == 200)
    }

    @Test("A certificate of an unknown authority is refused before anything is sent")
    func unknownAuthority() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        guard case .failure(let error) = try await send(to: server, trusting: nil) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.label == .certificateRefused)
        #expect(error.effect == .notSent)
        #expect(error.retry == .askOperator)
    }

    @Test("A certificate for another host is refused before anything is sent")
    func otherHost() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let result = try await send(to: server, host: "127.0.0.1", trusting: server.authority)
        guard case .failure(let error) = result else {
            Issue.record("it was taken")
            return
        }
        #expect(error.label == .certificateRefused)
        #expect(error.effect == .notSent)
    }

    @Test("TLS 1.1 is refused")
    func oldVersion() async throws {
        let server = try TLSServer(options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        defer { server.stop() }
        let result = try await send(to: server, trusting: server.authority)
        guard case .failure(let error) = result else {
            Issue.record("it was taken")
            return
        }
        #expect(error.label == .tlsFailed)
        #expect(error.effect == .notSent)
    }
}

/// `openssl s_server` with a fresh authority and a certificate for `localhost`.
private struct TLSServer {
    struct Failed: Error { let step: String }

    let port: Int
    let authority: String
    private let folder: URL
    private let process: Process

    init(options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        authority = folder.appending(path: "ca.pem").path
        let make = """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
              -keyout ca.key -out ca.pem -subj /CN=test-authority &&
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
              -keyout key.pem -out req.pem -subj /CN=localhost &&
            printf 'subjectAltName=DNS:localhost' > san &&
            openssl x509 -req -in req.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
              -extfile san -out cert.pem
            """
        let maker = Self.process("sh", ["-c", make], in: folder)
        try maker.run()
        maker.waitUntilExit()
        guard maker.terminationStatus == 0 else { throw Failed(step: "certificate") }
        port = Int(try Self.freePort())
        process = Self.process(
            "openssl",
            ["s_server", "-accept", "\(port)", "-cert", "cert.pem", "-key", "key.pem", "-www"]
                + options,
            in: folder)
        try process.run()
        // It has no way to say that it listens, so knock; 500 knocks are ten seconds.
        for _ in 0..<500 where !Self.listens(UInt16(port)) { usleep(20_000) }
    }

    private static func freePort() throws -> UInt16 {
        let server = try ScriptedServer(inOrder: [])
        server.stop()
        return server.port
    }

    private static func listens(_ port: UInt16) -> Bool {
        let knock = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(knock) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                connect(knock, plain, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func process(_ tool: String, _ arguments: [String], in folder: URL) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}
