// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Operator

@Suite("a secret")
struct SecretSourceTests {
    private func message(_ source: SecretSource, _ environment: [String: String] = [:]) -> String? {
        do throws(ConfigurationError) {
            _ = try source.load(environment: environment)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("is read from a file, without the line ends after it")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("sesame \r\n\n", as: "imap.password")
        #expect(try SecretSource.file(path).load(environment: [:]).reveal() == "sesame ")
    }

    @Test("is read from the folder that systemd hands over")
    func credential() throws {
        let folder = try TemporaryFolder()
        try folder.write("sesame\n", as: "imap-password")
        let environment = ["CREDENTIALS_DIRECTORY": folder.path]
        let source = SecretSource.credential("imap-password")
        #expect(try source.load(environment: environment).reveal() == "sesame")
    }

    @Test("is read from a variable")
    func variable() throws {
        let source = SecretSource.environment("IMAP_PASSWORD")
        #expect(try source.load(environment: ["IMAP_PASSWORD": "sesame"]).reveal() == "sesame")
    }

    @Test("that is not there says where it was looked for and what to do")
    func missing() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("\n", as: "empty")
        #expect(message(.file(empty)) == "\(empty): the file of the secret is empty")
        #expect(
            message(.file(folder.path + "/none"))
                == "\(folder.path)/none: the secret cannot be read; create the file and let only "
                + "the agent's user read it (chmod 600)")
        #expect(
            message(.credential("master-key"))
                == "credential master-key: no credentials here; start by systemd with "
                + "LoadCredential=master-key, or name a file in the configuration")
        #expect(
            message(.environment("IMAP_PASSWORD"))
                == "environment IMAP_PASSWORD: the variable is not set")
        #expect(message(.environment("IMAP_PASSWORD"), ["IMAP_PASSWORD": ""]) != nil)
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/operator-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: nil)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ text: String, as name: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }
}
