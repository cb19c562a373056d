// SPDX-License-Identifier: Apache-2.0

internal import Mailbox

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
        let afterCare: AfterCare?
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
        if let care = section.section("after_care") {
            afterCare = try AfterCare(care, mailbox: name, path: path)
        } else {
            afterCare = nil
        }
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
        if let afterCare, watched.allSatisfy(afterCare.isTarget) {
            throw refuse("mailbox `\(name)`: `after_care.move_to` is the folder that is watched")
        }
    }

    /// The folders to watch.
    var watched: [String] { folders.isEmpty ? [folder] : folders }

    var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}

extension AfterCare {
    /// - Parameters:
    ///   - mailbox: its name, for messages.
    ///   - path: of the file, for messages.
    init(
        _ section: SettingsSection, mailbox: String, path: String
    ) throws(ConfigurationError) {
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(
                path: path, line: 0, column: 0, message: "mailbox `\(mailbox)`: \(message)")
        }
        let flag: String?
        switch section.text("flag") {
        case nil: flag = nil
        case "seen"?: flag = "\\Seen"
        case "flagged"?: flag = "\\Flagged"
        case let keyword?:
            guard Self.isKeyword(keyword) else {
                throw refuse(
                    "`after_care.flag` is seen, flagged, or a keyword of letters, digits, $, - and _"
                )
            }
            flag = keyword
        }
        let folder = section.text("move_to")
        guard flag != nil || folder != nil else {
            throw refuse("`after_care` needs `flag` or `move_to`, or both")
        }
        if let folder, !MailboxName.isSendable(folder) {
            throw refuse(
                "`after_care.move_to` is ASCII; others are spelled as the server lists them")
        }
        self.init(
            mails: Mails(rawValue: try section.required("mails", path)) ?? .payments, flag: flag,
            moveTo: folder)
    }

    /// An atom (RFC 9051 §9, flag-keyword), and short.
    private static func isKeyword(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 36, 45, 95: true
                default: false
                }
            }
    }
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
