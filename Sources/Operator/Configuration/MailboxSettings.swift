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
        /// The folders to watch.
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
        let mailbox = try section.required("name", path)
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(
                path: path, line: 0, column: 0, message: "mailbox `\(mailbox)`: \(message)")
        }
        name = mailbox
        host = try section.required("host", path)
        port = try section.number("port", path)
        security = try section.required("security", path)
        user = try section.required("user", path)
        switch (section.section("password"), section.section("oauth")) {
        case (_?, nil): proof = .password(try section.secret("password", path))
        case (nil, let oauth?):
            proof = .oauth(try OAuthSettings(oauth, mailbox: name, path: path))
        case (nil, nil), (_?, _?):
            throw refuse("write either `password` or `oauth`, one of the two")
        }
        let (folder, several) = (section.text("folder"), section.texts("folders"))
        guard folder == nil || several.isEmpty else {
            throw refuse("write either `folder` or `folders`, one of the two")
        }
        folders = several.isEmpty ? [folder ?? "INBOX"] : several
        if let care = section.section("after_care") {
            afterCare = try AfterCare(care, mailbox: name, path: path)
        } else {
            afterCare = nil
        }
        caFile = section.text("ca_file")
        pollSeconds = try section.number("poll_seconds", path)
        idleRenewalSeconds = try section.number("idle_renewal_seconds", path)
        mailBytesMax = try section.number("mail_bytes_max", path)
        guard security != "none" || isLoopback else {
            throw refuse("security none is for loopback only; write tls")
        }
        guard folders.allSatisfy(MailboxName.isSendable) else {
            throw refuse("a folder's name is empty, too long or holds control characters")
        }
        guard Set(folders.map(MailboxName.canonical)).count == folders.count else {
            throw refuse("a folder is listed twice")
        }
        if let afterCare, folders.allSatisfy(afterCare.isTarget) {
            throw refuse("`after_care.move_to` is the folder that is watched")
        }
    }

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
            throw refuse("`after_care.move_to` is too long or holds control characters")
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
