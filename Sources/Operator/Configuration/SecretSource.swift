// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials

/// Where a secret is kept: a systemd credential, a file, or an environment variable.
enum SecretSource: Sendable {
    case credential(String)
    case file(String)
    case environment(String)

    init?(_ section: SettingsSection) {
        if let name = section.text("credential") {
            self = .credential(name)
        } else if let path = section.text("file") {
            self = .file(path)
        } else if let name = section.text("environment") {
            self = .environment(name)
        } else {
            return nil
        }
    }

    /// The secret without the line end after it.
    ///
    /// Credentials are files in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), LoadCredential=).
    func load(environment: [String: String]) throws(ConfigurationError) -> Secret {
        switch self {
        case .credential(let name):
            guard let directory = environment["CREDENTIALS_DIRECTORY"] else {
                throw ConfigurationError(
                    path: "credential \(name)", line: 0, column: 0,
                    message: "no credentials here; start by systemd with LoadCredential=\(name), "
                        + "or name a file in the configuration")
            }
            return try Self.read(directory + "/" + name)
        case .file(let path):
            return try Self.read(path)
        case .environment(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw ConfigurationError(
                    path: "environment \(name)", line: 0, column: 0,
                    message: "the variable is not set")
            }
            return Secret(value)
        }
    }

    private static func read(_ path: String) throws(ConfigurationError) -> Secret {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "the secret cannot be read; create the file and let only the agent's "
                    + "user read it (chmod 600)")
        }
        var text = String(decoding: data, as: UTF8.self)
        while let last = text.last, last.isNewline { text.removeLast() }
        guard !text.isEmpty else {
            throw ConfigurationError(
                path: path, line: 0, column: 0, message: "the file of the secret is empty")
        }
        return Secret(text)
    }
}
