// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc
import Synchronization

/// The thread behind `HTTPClient` and the curl handles that only this thread touches.
///
/// `@unchecked Sendable`: the multi handle is used from outside only by `curl_multi_wakeup`, which
/// libcurl allows from any thread, and under the lock that also guards its end.
final class HTTPLoop: @unchecked Sendable {
    typealias Reply = CheckedContinuation<Result<HTTPResponse, WireError>, Never>

    private enum Command {
        case start(HTTPCall, Reply)
        case cancel(HTTPCall)
        case stop
    }

    private struct Inbox {
        var commands: [Command] = []
        /// Set by `stop`; from then on nothing is taken and the multi handle is not touched.
        var isClosed = false
    }

    /// The most requests at once. The lanes send a handful; this only bounds a runaway caller.
    private static let transfersMax = 256
    /// Connections beyond this wait in line.
    private static let connectionsMax = 16

    private let multi: UnsafeMutableRawPointer
    private let settings: HTTPClient.Settings
    private let inbox = Mutex(Inbox())
    /// Touched by the thread only.
    private var transfers: [UnsafeMutableRawPointer: HTTPTransfer] = [:]

    /// libcurl's global set-up, once per process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(settings: HTTPClient.Settings) throws(WireError) {
        guard Self.isReady, let multi = curl_multi_init() else { throw Self.setUpFailed }
        self.multi = multi
        self.settings = settings
        _ = http_set_multi_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connectionsMax)
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<HTTPLoop>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            curl_multi_cleanup(multi)
            throw Self.setUpFailed
        }
        pthread_detach(thread)
    }

    // MARK: - Called from any thread

    func submit(_ call: HTTPCall, reply: Reply) {
        let goesOn = call.state.withLock { state in
            guard state == .new else { return false }
            state = .submitted
            return true
        }
        if goesOn, post(.start(call, reply)) { return }
        let label: WireError.Label = goesOn ? .overloaded : .cancelled
        reply.resume(returning: .failure(HTTPTransfer.notSent(call.request, label)))
    }

    func cancel(_ call: HTTPCall) {
        let isUnderway = call.state.withLock { state in
            defer { state = .cancelled }
            return state == .submitted
        }
        if isUnderway { post(.cancel(call)) }
    }

    func stop() { post(.stop) }

    @discardableResult
    private func post(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.commands.append(command)
            if case .stop = command { inbox.isClosed = true }
            // It fails only when its pipe is full, and then the thread is awake anyway.
            curl_multi_wakeup(multi)
            return true
        }
    }

    // MARK: - The thread

    private func run() {
        // Signals are for other threads. SIGPIPE above all: with signals off, libcurl leaves it as
        // it is, and a TLS connection closed by the other side would end the whole process.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while takeCommands() {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishTransfers()
            // Without a deadline of its own the poll ends by wake-up, traffic or curl's own timers,
            // and curl has timers only while a request runs.
            curl_multi_poll(multi, nil, 0, Int32.max, nil)
        }
        for easy in Array(transfers.keys) { close(easy, failed: .cancelled) }
        curl_multi_cleanup(multi)
    }

    /// False once the loop has to end.
    private func takeCommands() -> Bool {
        let commands = inbox.withLock { inbox in
            defer { inbox.commands = [] }
            return inbox.commands
        }
        var goesOn = true
        for command in commands {
            switch command {
            case .start(let call, let reply): start(call, reply)
            case .cancel(let call):
                if let easy = transfers.first(where: { $0.value.call === call })?.key {
                    close(easy, failed: .cancelled)
                }
            case .stop: goesOn = false
            }
        }
        return goesOn
    }

    private func start(_ call: HTTPCall, _ reply: Reply) {
        guard transfers.count < Self.transfersMax else {
            return reply.resume(
                returning: .failure(HTTPTransfer.notSent(call.request, .overloaded)))
        }
        let transfer = HTTPTransfer(call: call, reply: reply, bodyBytesMax: settings.bodyBytesMax)
        do {
            let easy = try transfer.prepare(settings)
            transfers[easy] = transfer
            guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
                return close(easy, failed: .overloaded)
            }
        } catch {
            reply.resume(returning: .failure(error))
        }
    }

    private func finishTransfers() {
        var code = CURLE_OK
        while let easy = http_next_finished(multi, &code) {
            close(easy, failed: code == CURLE_OK ? nil : HTTPTransfer.label(code))
        }
    }

    /// Takes the transfer off the loop and answers its caller. Removing a running transfer closes
    /// its connection.
    private func close(_ easy: UnsafeMutableRawPointer, failed label: WireError.Label?) {
        curl_multi_remove_handle(multi, easy)
        let transfer = transfers.removeValue(forKey: easy)
        let result = transfer?.result(easy, failed: label)
        curl_easy_cleanup(easy)
        if let transfer, let result { transfer.reply.resume(returning: result) }
    }

    private static let setUpFailed = WireError(
        operation: "start", subject: "HTTP client", label: .overloaded,
        cause: "libcurl or its thread could not be started",
        hint: "Look for missing memory or a limit on threads.", effect: .notSent, retry: .later)
}
