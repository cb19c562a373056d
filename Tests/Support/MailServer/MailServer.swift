// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A private, real SMTP server on loopback that takes mail and misbehaves as it is told: see
/// `mail_server.py`. It ends with this object, and also when the test process dies.
package final class MailServer {
    /// Why the server could not be started.
    package struct Failure: Error, CustomStringConvertible { package var description: String }

    package let folder: URL
    package private(set) var port: UInt16 = 0
    package let user = "bilet@etkinlik.example"
    package let password = "sesame"
    /// The authority that signed the server's certificate.
    package var caFile: String { folder.appendingPathComponent("ca.pem").path }

    private let process = Process()
    private let leash = Pipe()

    /// The most a loaded machine takes to start Python.
    private static let patience = Duration.seconds(200)

    /// A server that is ready.
    ///
    /// - Parameters:
    ///   - security: `none`, `starttls`, `stripped` (STARTTLS is not offered) or `tls`.
    ///   - name: whom the certificate is for.
    ///   - asksLogIn: whether `user` and `password` have to be shown.
    ///   - logIn: the answer to every log-in; nil judges it.
    ///   - steps: what happens to each mail, in JSON.
    package static func start(
        security: String = "none", name: String = "localhost", asksLogIn: Bool = false,
        logIn: String? = nil, steps: [[String: String]] = []
    ) async throws -> MailServer {
        let server = try MailServer(security, name, asksLogIn, logIn, steps)
        let end = ContinuousClock.now + patience
        let file = server.folder.appendingPathComponent("port")
        while server.port == 0 {
            guard server.process.isRunning, .now < end else {
                throw Failure(description: "the mail server does not start")
            }
            // Waiting for the file without a thread of the pool.
            try await Task.sleep(for: .milliseconds(20))
            server.port =
                (try? String(contentsOf: file, encoding: .utf8)).flatMap { UInt16($0) } ?? 0
        }
        return server
    }

    private init(
        _ security: String, _ name: String, _ asksLogIn: Bool, _ logIn: String?,
        _ steps: [[String: String]]
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mail-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings: [String: Any] = ["security": security, "name": name]
        if asksLogIn { settings.merge(["user": user, "password": password]) { $1 } }
        if let logIn { settings["log_in"] = logIn }
        settings["steps"] = steps.map { step in
            step.reduce(into: [String: Any]()) { result, entry in
                result[entry.key] =
                    entry.key == "for" ? Double(entry.value) ?? 0 : entry.value as Any
            }
        }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("mail_server.py")
        // Debian's own Python, for which aiosmtpd is installed.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            script.path, folder.path,
            String(
                decoding: try JSONSerialization.data(withJSONObject: settings), as: UTF8.self),
        ]
        process.standardInput = leash
        try process.run()
    }

    deinit {
        try? leash.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The mails it took, as they came, in their order.
    package var mails: [[UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".eml") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
                .map(Array.init)
        }
    }

    /// What it was told: `ehlo NAME`, `auth PLAIN`, `mail`, `rcpt`, `data`, `taken from … for …`.
    package var heard: [String] {
        let data =
            FileManager.default.contents(atPath: folder.appendingPathComponent("heard").path)
            ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
