// SPDX-License-Identifier: Apache-2.0

import Domain
import Wire

// How a folder's log-in comes by its access token, and what it does without one.

extension FolderWatch {
    /// The provider is asked on another thread: neither the loop nor other accounts wait for it.
    func askToken(insteadOf refused: Secret? = nil) {
        guard case .tokens(let source) = order.account.credentials else { return }
        if let refused {
            gate.refusedToken = refused
            isSecondToken = true
        }
        tokenRequests += 1
        stampAtRequest = source.stamp
        let (id, request, desk) = (id, tokenRequests, tools.desk)
        phase = .awaitingToken(
            Task {
                let result: Result<Secret, TokenFailure>
                do throws(TokenFailure) {
                    result = .success(try await source.token(insteadOf: refused))
                } catch {
                    result = .failure(error)
                }
                desk.post(.token(id, request: request, result))
            })
    }

    /// The answer to a question; one to an earlier question is dropped.
    func tokenCame(_ result: Result<Secret, TokenFailure>, for request: Int) {
        guard case .awaitingToken = phase, request == tokenRequests else { return }
        switch result {
        case .success(let token):
            proof = .bearer(token)
            queueUp()
        case .failure(let failure):
            switch failure.kind {
            case .later:
                let gap = backoff.next(draw: .random(in: 0...1))
                rest(
                    gap,
                    .disconnected(reason: failure.reason, trouble: .network, retryIn: gap))
            case .signIn:
                awaitSignIn(since: stampAtRequest, until: nil)
                report(.signInNeeded(reason: failure.reason))
            case .settings: refused(failure.reason, for: order.tuning.credentialsGap)
            }
        }
    }

    /// Another folder of the account was refused with the very token that is held here.
    var refusedElsewhere: Secret? {
        guard !isSecondToken, case .bearer(let token) = proof, let refused = gate.refusedToken,
            refused.reveal() == token.reveal()
        else { return nil }
        return token
    }

    /// A person who signs in again cuts the wait short.
    func refused(_ reason: String, for gap: Duration) {
        if case .tokens(let source) = order.account.credentials {
            // Taken now: a refresh may have changed it since the token was asked for.
            awaitSignIn(since: source.stamp, until: tools.now + gap)
            report(.credentialsRefused(reason: reason, retryIn: gap))
        } else {
            rest(gap, .credentialsRefused(reason: reason, retryIn: gap), mayBeCutShort: false)
        }
    }

    private func awaitSignIn(since stamp: UInt64, until: Duration?) {
        phase = .signedOut(
            SignInWait(
                stamp: stamp, nextLook: tools.now + order.tuning.signInGap, until: until))
    }

    func lookForSignIn(_ wait: SignInWait) {
        guard case .tokens(let source) = order.account.credentials else { return }
        if source.stamp != wait.stamp {
            gate.accept()
            stand()
        } else if let until = wait.until, until <= tools.now {
            stand()
        } else {
            var wait = wait
            wait.nextLook = tools.now + order.tuning.signInGap
            phase = .signedOut(wait)
        }
    }
}

/// Until somebody has signed in.
struct SignInWait {
    /// What the source said when the wait began.
    var stamp: UInt64
    var nextLook: Duration
    /// When it is tried again in any case; nil: never.
    var until: Duration?
}
