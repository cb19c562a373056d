// SPDX-License-Identifier: Apache-2.0

import Domain
import Wire

// How a folder logs in, and what becomes of a log-in that fails.

extension FolderWatch {
    /// It is this folder's turn to log in.
    func logIn() {
        if let refusal = gate.refusal, refusal.until > now {
            queue.left(self)
            return failed(refusal.error, gap: refusal.until - now)
        }
        if let token = refusedElsewhere {
            queue.left(self)
            return askToken(insteadOf: token)
        }
        do throws(StreamError) {
            let logIn = try StreamLogIn(
                endpoint, poller: tools.poller, owner: id, authorities: tools.authorities)
            report(.connecting)
            phase = .loggingIn(logIn, timer: logIn.timer.map { now + $0 })
        } catch {
            queue.left(self)
            failed(error)
        }
    }

    func stand() {
        isSecondToken = false
        guard case .tokens = order.account.credentials else { return queueUp() }
        askToken()
    }

    func queueUp() {
        phase = .queued
        queue.append(self)
    }

    func giveUpLogIn() {
        queue.left(self)
        end()
    }

    private var endpoint: StreamEndpoint {
        var endpoint = order.account.endpoint(proof)
        endpoint.connectTimeout = order.tuning.connectTimeout
        endpoint.responseTimeout = order.tuning.responseTimeout
        endpoint.knownMechanism = gate.mechanism
        return endpoint
    }

    func advance(_ logIn: StreamLogIn, _ progress: StreamLogIn.Progress) {
        switch progress {
        case .underway: phase = .loggingIn(logIn, timer: logIn.timer.map { now + $0 })
        case .failed(let error):
            queue.left(self)
            failed(error)
        case .connected(let stream):
            queue.left(self)
            gate.mechanism = stream.mechanism
            gate.accept()
            serve(stream)
        }
    }

    /// - Parameter gap: known when another folder of the account was refused.
    private func failed(_ error: StreamError, gap known: Duration? = nil) {
        let tuning = order.tuning
        let reason = error.description
        switch error.kind {
        case .configuration:
            end(.misconfigured(reason: reason))
        case .credentials:
            if known == nil, !isSecondToken, case .bearer(let token) = proof {
                return askToken(insteadOf: token)
            }
            let gap = known ?? tuning.credentialsGap
            if known == nil { gate.refuse(error, until: now + gap) }
            refused(reason, for: gap)
        case .certificate, .tlsMissing:
            let gap = known ?? tuning.certificateGap
            if known == nil { gate.refuse(error, until: now + gap) }
            rest(gap, .certificateRefused(reason: reason, retryIn: gap))
        case .temporary, .mechanism:
            if error.kind == .mechanism { gate.mechanism = nil }
            let gap = busy.next(draw: .random(in: 0.5...1))
            rest(gap, .disconnected(reason: reason, trouble: .busy, retryIn: gap))
        case .network, .violation:
            let gap = backoff.next(draw: .random(in: 0...1))
            let trouble = error.kind == .network ? Trouble.network : .violation
            rest(gap, .disconnected(reason: reason, trouble: trouble, retryIn: gap))
        }
    }
}
