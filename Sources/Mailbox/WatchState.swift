// SPDX-License-Identifier: Apache-2.0

/// How a folder is being watched, in one word.
package enum WatchState: String, Sendable, CaseIterable {
    case connecting
    /// The folder is open and what is new is being read.
    case reading
    /// The server announces new mail.
    case idling
    /// The server cannot announce mail; it is asked at intervals.
    case polling
    /// Waiting for the next attempt.
    case waiting
    /// User or password refused.
    case refused
    /// Somebody has to sign in before there is a token.
    case signedOut = "signed_out"
    /// The certificate is not to be trusted.
    case untrusted
    /// The settings can never work.
    case misconfigured
    case stopped

    /// True while the folder is open.
    package var isConnected: Bool {
        switch self {
        case .reading, .idling, .polling: true
        case .connecting, .waiting, .refused, .signedOut, .untrusted, .misconfigured, .stopped:
            false
        }
    }
}

/// What ended a connection, in one word: fit for a counter.
package enum Trouble: String, Sendable, CaseIterable {
    /// The network or the server is away, or closed the connection.
    case network
    /// The server said BYE.
    case bye
    /// The server asks for patience: busy, throttled, too many connections.
    case busy
    /// Nothing came within the time allowed.
    case silence
    /// The server said NO or BAD to a command.
    case refusal
    /// The server does not open the folder: there may be none of this name.
    case notOpened = "not_opened"
    /// The server broke the protocol.
    case violation
    case credentials
    case certificate
    case configuration
    /// The ledger did not take a mail in.
    case intake
}

extension MailboxEvent {
    /// What the event makes of the folder's state; nil when it changes nothing.
    package var state: WatchState? {
        switch self {
        case .connecting: .connecting
        case .connected: .reading
        case .idling: .idling
        case .polling: .polling
        case .disconnected, .intakeFailed: .waiting
        case .credentialsRefused: .refused
        case .signInNeeded: .signedOut
        case .certificateRefused: .untrusted
        case .misconfigured: .misconfigured
        case .stopped: .stopped
        case .announced, .caughtUp, .newEpoch, .tooLarge, .unfetched, .quarantined, .unannounced,
            .lateUID, .bankMailInJunk, .alert:
            nil
        }
    }

    /// What went wrong; nil when nothing did.
    package var trouble: Trouble? {
        switch self {
        case .disconnected(_, let trouble, _): trouble
        case .credentialsRefused, .signInNeeded: .credentials
        case .certificateRefused: .certificate
        case .misconfigured: .configuration
        case .intakeFailed: .intake
        case .connecting, .connected, .announced, .idling, .polling, .caughtUp, .newEpoch,
            .tooLarge, .unfetched, .quarantined, .unannounced, .lateUID, .bankMailInJunk, .alert,
            .stopped:
            nil
        }
    }
}
