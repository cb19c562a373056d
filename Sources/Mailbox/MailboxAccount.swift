// SPDX-License-Identifier: Apache-2.0

package import Domain
import Wire

/// One inbox to watch: where it is, who logs in, how patient the watcher is.
package struct MailboxAccount: Sendable {
    /// How the connection is protected. There is no "try": a downgrade never happens.
    package enum Security: String, Sendable {
        /// TLS from the first byte, usually port 993.
        case tls
        /// Clear text that must become TLS before the log-in, usually port 143.
        case startTLS
        /// Clear text. Refused unless the host is this machine.
        case none
    }

    /// What proves who logs in.
    package enum Credentials: Sendable {
        case password(Secret)
        /// OAuth 2: each log-in shows a token that is good now.
        case tokens(any TokenSource)
    }

    /// The organizer's own name for the account; it stands in events and in the ledger.
    package var name: String
    package var host: String
    package var port: UInt16
    package var security: Security
    package var user: String
    package var credentials: Credentials
    /// The folders to watch, see `MailboxName`.
    package var folders: [String]
    /// What becomes of settled mails on the server; nil: nothing, it is only read.
    package var afterCare: AfterCare?
    /// A PEM file with the certificate authority to trust instead of the system's.
    package var caFile: String?
    /// The gap between two looks on a server that cannot announce mail; at most `quietSecondsMax`.
    package var pollInterval: Duration
    /// The age at which IDLE is renewed, at most `quietSecondsMax`. Routers forget silent
    /// connections after 5 to 15 minutes.
    package var idleRenewal: Duration
    /// For longer nothing is left unsaid to a server. It then has half a minute to begin an answer,
    /// so that one that is gone is noticed within two minutes.
    package static let quietSecondsMax = 85
    /// A larger mail arrives cut off and marked, in bytes.
    package var mailBytesMax: Int
    /// Domains that banks send from. The folder for junk is looked into for them, once an hour;
    /// with none it is not.
    package var bankDomains: [String] = []

    package init(
        name: String, host: String, port: UInt16, security: Security, user: String,
        credentials: Credentials, folders: [String] = ["INBOX"], caFile: String? = nil,
        pollInterval: Duration = .seconds(60), idleRenewal: Duration = .seconds(quietSecondsMax),
        mailBytesMax: Int = 25 << 20
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.credentials = credentials
        self.folders = folders
        self.caFile = caFile
        self.pollInterval = pollInterval
        self.idleRenewal = idleRenewal
        self.mailBytesMax = mailBytesMax
    }
}

extension MailboxAccount {
    /// An account that logs in with a password.
    package init(
        name: String, host: String, port: UInt16, security: Security, user: String,
        password: Secret, folders: [String] = ["INBOX"], caFile: String? = nil,
        pollInterval: Duration = .seconds(60), idleRenewal: Duration = .seconds(quietSecondsMax),
        mailBytesMax: Int = 25 << 20
    ) {
        self.init(
            name: name, host: host, port: port, security: security, user: user,
            credentials: .password(password), folders: folders, caFile: caFile,
            pollInterval: pollInterval, idleRenewal: idleRenewal, mailBytesMax: mailBytesMax)
    }

    /// Where a log-in goes, and with what.
    func endpoint(_ credentials: StreamEndpoint.Credentials) -> StreamEndpoint {
        let security: StreamEndpoint.Security =
            switch security {
            case .tls: .tls
            case .startTLS: .startTLS
            case .none: .none
            }
        return StreamEndpoint(
            host: host, port: port, security: security, user: user, credentials: credentials,
            caFile: caFile)
    }
}
