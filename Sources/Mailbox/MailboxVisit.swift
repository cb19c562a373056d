// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Domain
import Glibc
import Synchronization
import Wire

/// A short connection beside the watching ones, for what those must not do: they only read.
///
/// It works on a thread of its own and ends by itself: every wait has a limit.
package struct MailboxVisit: Sendable {
    /// Why nothing, or not all, was done.
    package struct Failure: Error, Sendable, Equatable {
        package var trouble: Trouble
        /// Without names, tokens and the user.
        package var reason: String
    }

    private let account: MailboxAccount

    package init(_ account: MailboxAccount) { self.account = account }

    /// Logs in, opens the first watched folder as the watcher does, and leaves.
    ///
    /// - Returns: how many mails are in the folder.
    package func tryOut() async throws(Failure) -> Int {
        let folder = account.folders.first ?? "INBOX"
        return try await talk { session throws(Failure) in
            let answer = try session.ask("EXAMINE \(MailboxName.quoted(folder))")
            guard answer.isOK else { throw answer.refusal("EXAMINE") }
            return answer.exists
        }
    }

    /// Logs in, has `work` done and leaves. A refused token is replaced once.
    func talk<Value: Sendable>(
        _ work: @escaping @Sendable (VisitSession) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        switch account.credentials {
        case .password(let password): return try await talk(.password(password), work)
        case .tokens(let source):
            let first = try await token(source, insteadOf: nil)
            do throws(Failure) {
                return try await talk(.bearer(first), work)
            } catch {
                guard error.trouble == .credentials else { throw error }
                let second = try await token(source, insteadOf: first)
                return try await talk(.bearer(second), work)
            }
        }
    }

    private func token(
        _ source: any TokenSource, insteadOf refused: Secret?
    ) async throws(Failure) -> Secret {
        do throws(TokenFailure) {
            return try await source.token(insteadOf: refused)
        } catch {
            throw Failure(
                trouble: error.kind == .later ? .network : .credentials, reason: error.reason)
        }
    }

    private func talk<Value: Sendable>(
        _ credentials: StreamEndpoint.Credentials,
        _ work: @escaping @Sendable (VisitSession) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard let poller = Poller() else {
            throw Failure(trouble: .network, reason: "out of file descriptors")
        }
        let endpoint = account.endpoint(credentials)
        let isCancelled = CancelFlag()
        let result: Result<Value, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "mailbox.visit").async {
                    let result: Result<Value, Failure>
                    do throws(Failure) {
                        result = .success(
                            try withoutPipeSignal { () throws(Failure) in
                                let session = try VisitSession(endpoint, poller, isCancelled)
                                defer { session.leave() }
                                return try work(session)
                            })
                    } catch {
                        result = .failure(error)
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            isCancelled.raise()
            poller.wake()
        }
        return try result.get()
    }
}

/// Says that nobody waits for the visit any more.
final class CancelFlag: Sendable {
    private let flag = Atomic(false)
    var isRaised: Bool { flag.load(ordering: .relaxed) }
    func raise() { flag.store(true, ordering: .relaxed) }
}

/// TLS writes without MSG_NOSIGNAL: a peer that hangs up would end the process.
private func withoutPipeSignal<Value>(
    _ body: () throws(MailboxVisit.Failure) -> Value
) throws(MailboxVisit.Failure) -> Value {
    var (pipe, before) = (sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
        // One that is pending would strike when it is let in again.
        var moment = timespec()
        while sigtimedwait(&pipe, nil, &moment) == SIGPIPE {}
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
}
