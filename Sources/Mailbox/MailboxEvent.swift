// SPDX-License-Identifier: Apache-2.0

/// What the watcher has to say, for logs, health and latency. Nothing personal is ever in it.
package enum MailboxEvent: Sendable, Equatable {
    /// An attempt to connect begins.
    case connecting
    /// Logged in and the folder is open.
    case connected
    /// The server announced mail (an untagged EXISTS) by this number of mails in the folder.
    case announced(exists: UInt32)
    /// Waiting for the server's announcements.
    case idling
    /// Waiting for the next look; the server cannot announce mail.
    case polling
    /// Everything listed is settled; `count` mails were taken in since the last time.
    case caughtUp(count: Int)
    /// The folder's UIDs were renumbered: all of it is looked at again.
    case newEpoch(uidValidity: UInt32)
    /// A mail over the limit was taken in cut off.
    case tooLarge(uid: UInt32, sizeBytes: Int)
    /// A mail could not be fetched and is tried again at the next look.
    case unfetched(uid: UInt32)
    /// The server does not hand this mail out; it is recorded without its content.
    case quarantined(uid: UInt32)
    /// An enumeration found mail that the server had not announced.
    case unannounced(count: Int)
    /// The server showed a mail late, below numbers that were settled long ago. It is taken in.
    case lateUID(UInt32)
    /// Mail of banks lies in the folder for junk, which is not watched.
    case bankMailInJunk(folder: String, count: Int)
    /// Words that the server wants a person to read (RFC 9051 §7.1, ALERT), without addresses.
    case alert(text: String)
    /// The connection is gone; the next attempt comes after `retryIn`.
    case disconnected(reason: String, trouble: Trouble, retryIn: Duration)
    /// The server refused user and password. Seldom retried: too many tries lock accounts.
    case credentialsRefused(reason: String, retryIn: Duration)
    /// No token can be had before somebody signs in. Nothing is asked until then.
    case signInNeeded(reason: String)
    /// The server's certificate is not to be trusted, or it has no TLS at all.
    case certificateRefused(reason: String, retryIn: Duration)
    /// The settings can never work; the folder is not watched. No `stopped` comes after it, so that
    /// this stays the last word about it.
    case misconfigured(reason: String)
    /// The intake could not take a mail in; it comes again.
    case intakeFailed(reason: String, retryIn: Duration)
    /// The folder is watched no longer.
    case stopped
}

extension MailboxEvent {
    /// Nothing comes after it: the folder is watched no longer.
    package var isLast: Bool {
        switch self {
        case .stopped, .misconfigured: true
        default: false
        }
    }
}

extension MailboxEvent: CustomStringConvertible {
    /// One English line.
    package var description: String {
        switch self {
        case .connecting: "connecting"
        case .connected: "connected"
        case .announced(let exists): "the server announced mail, \(exists) in the folder"
        case .idling: "waiting for announcements"
        case .polling: "waiting for the next look"
        case .caughtUp(let count): "caught up, \(count) taken in"
        case .newEpoch(0): "the server numbers no mails for good; they are known by their content"
        case .newEpoch(let validity): "the folder was renumbered (UIDVALIDITY \(validity))"
        case .tooLarge(let uid, let size): "mail \(uid) is too large (\(size) bytes), cut off"
        case .unfetched(let uid): "mail \(uid) did not come, it is asked for again"
        case .quarantined(let uid): "the server does not hand out mail \(uid)"
        case .unannounced(let count): "\(count) mails came without an announcement"
        case .bankMailInJunk(let folder, let count):
            "\(count) mails of banks lie in \(folder), which is not watched"
        case .alert(let text): "the server says: \(text)"
        case .lateUID(let uid): "mail \(uid) was shown late"
        case .disconnected(let reason, _, let wait):
            "disconnected: \(reason); again in \(wait.roughly)"
        case .credentialsRefused(let reason, let wait):
            "user or password refused: \(reason); again in \(wait.roughly)"
        case .signInNeeded(let reason): "nobody is signed in: \(reason)"
        case .certificateRefused(let reason, let wait):
            "certificate refused: \(reason); again in \(wait.roughly)"
        case .misconfigured(let reason): "settings cannot work: \(reason)"
        case .intakeFailed(let reason, let wait):
            "mail not taken in: \(reason); again in \(wait.roughly)"
        case .stopped: "stopped"
        }
    }
}

extension Duration {
    /// For a log: `0.7 s`, `30 min`.
    fileprivate var roughly: String {
        let (seconds, attoseconds) = components
        if seconds >= 120 { return "\(seconds / 60) min" }
        return "\(seconds).\(max(0, attoseconds) / 100_000_000_000_000_000) s"
    }
}
