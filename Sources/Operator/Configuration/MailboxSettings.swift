// SPDX-License-Identifier: Apache-2.0

extension Configuration {
    /// One mailbox: where it is, who logs in, what is watched.
    struct Mailbox: Sendable {
        /// What proves who logs in.
        enum Proof: Sendable {
            case password(SecretSource)
            case oauth(OAuthSettings)
        }

        let name: String
        let host: String
        let port: Int
        let security: String
        let user: String
        let proof: Proof
        let folder: String
        /// Instead of `folder`, when there are any.
        let folders: [String]
        let caFile: String?
        let pollSeconds: Int
        let idleRenewalSeconds: Int
        let mailBytesMax: Int
    }
}

extension Configuration.Mailbox {
    /// - Parameter path: of the file, for messages.
    init(_ section: SettingsSection, path: String) throws(ConfigurationError) {
        name = try section.required("name", path)
        host = try section.required("host", path)
        port = try section.number("port", path)
        security = try section.required("security", path)
        user = try section.required("user", path)
        switch (section.section("password"), section.section("oauth")) {
        case (_?, nil): proof = .password(try section.secret("password", path))
        case (nil, let oauth?):
            proof = .oauth(try OAuthSettings(oauth, mailbox: name, path: path))
        case (nil, nil), (_?, _?):
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "mailbox `\(name)`: write either `password` or `oauth`, one of the two")
        }
        folder = try section.required("folder", path)
        folders = section.texts("folders")
        caFile = section.text("ca_file")
        pollSeconds = try section.number("poll_seconds", path)
        idleRenewalSeconds = try section.number("idle_renewal_seconds", path)
        mailBytesMax = try section.number("mail_bytes_max", path)
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(path: path, line: 0, column: 0, message: message)
        }
        guard security != "none" || isLoopback else {
            throw refuse("mailbox `\(name)`: security none is for loopback only; write tls")
        }
        // RFC 9051 §5.1: INBOX is the same folder in any case.
        let names = watched.map { $0.uppercased() == "INBOX" ? "INBOX" : $0 }
        guard Set(names).count == names.count else {
            throw refuse("mailbox `\(name)` lists a folder twice")
        }
    }

    /// The folders to watch.
    var watched: [String] { folders.isEmpty ? [folder] : folders }

    var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}

// MARK: - Needs

extension SettingsSection {
    func required(_ key: String, _ path: String) throws(ConfigurationError) -> String {
        guard let text = text(key) else { throw missing("`\(key)` is missing", path) }
        return text
    }

    func number(_ key: String, _ path: String) throws(ConfigurationError) -> Int {
        guard let number = integer(key) else { throw missing("`\(key)` is missing", path) }
        return number
    }

    func secret(_ key: String, _ path: String) throws(ConfigurationError) -> SecretSource {
        guard let source = section(key).flatMap(SecretSource.init) else {
            throw missing("`\(key)` needs a credential, a file or a variable", path)
        }
        return source
    }

    private func missing(_ message: String, _ path: String) -> ConfigurationError {
        ConfigurationError(path: path, line: 0, column: 0, message: message)
    }
}
