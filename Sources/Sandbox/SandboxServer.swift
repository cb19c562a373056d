// SPDX-License-Identifier: Apache-2.0

internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// The stand-in for Luma, Netgsm and a mail server on loopback.
///
/// Their real paths lie at the root of the port; `/sandbox/…` steers, `/` shows what arrived.
package final class SandboxServer: Sendable {
    private let options: SandboxOptions
    private let stage: Stage
    private let bound = Mutex<(web: Int?, mail: Int?)>((nil, nil))

    /// Clients in this repository hold a handful; a load test a few hundred.
    static let connectionsMax = 2000

    package init(options: SandboxOptions) throws(SandboxError) {
        self.options = try options.checked()
        let record: RecordFile?
        if let path = options.recordFile {
            record = try RecordFile(path: path)
        } else {
            record = nil
        }
        stage = Stage(options: options, record: record, at: .now())
    }

    /// The port that is listened on; nil before that.
    package var port: Int? { bound.withLock { $0.web } }
    /// The port that takes mail; nil before it is listened on.
    package var mailPort: Int? { bound.withLock { $0.mail } }

    /// Serves until the task is cancelled. May be called once.
    ///
    /// - Throws: `SandboxError` when the port cannot be listened on.
    package func run() async throws {
        try await run { _ in }
    }

    /// Both ports end together. The mail's listens before the other one tells that it does.
    private func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let (ready, listening) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                defer { listening.finish() }
                do {
                    try await MailPort(stage: stage).run(
                        host: options.host, port: options.mailPort
                    ) { port in
                        bound.withLock { $0.mail = port }
                        listening.finish()
                    }
                } catch is CancellationError {
                    return
                } catch {
                    throw cannotListen(options.mailPort, error)
                }
            }
            for await _ in ready {}
            group.addTask { [self] in try await runWeb(onListening: onListening) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func cannotListen(_ port: Int, _ error: any Error) -> SandboxError {
        SandboxError(
            operation: "listen", subject: "\(options.host):\(port)", cause: "\(error)",
            hint: "Is the port taken? Choose another one, or 0.")
    }

    private func runWeb(onListening: @escaping @Sendable (Int) -> Void) async throws {
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        let application = Application(
            responder: SandboxResponder(stage: stage, control: Control(stage: stage)),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsMax)),
            onServerRunning: { [self] channel in
                guard let port = channel.localAddress?.port else { return }
                bound.withLock { $0.web = port }
                onListening(port)
            },
            logger: logger)
        do {
            try await application.run()
        } catch is CancellationError {
            return
        } catch {
            throw cannotListen(options.port, error)
        }
    }

    /// A server that listens already, for tests; it ends with `stop()`.
    package static func start(_ options: SandboxOptions) async throws -> RunningSandbox {
        let server = try SandboxServer(options: options)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            defer { continuation.finish() }
            try await server.run { continuation.yield($0) }
        }
        for await port in ports {
            return RunningSandbox(
                server: server, port: port, mailPort: server.mailPort ?? 0, host: options.host,
                task: task)
        }
        try await task.value
        throw CancellationError()
    }

    /// The state as `GET /sandbox/state` says it, without the way over the network.
    package func state() async -> String {
        await stage.state(requests: RequestLog.kept, at: .now()).text
    }
}

/// A sandbox that listens.
package struct RunningSandbox: Sendable {
    package let server: SandboxServer
    package let port: Int
    /// Where mail is taken, in clear text and without a log-in.
    package let mailPort: Int
    fileprivate let host: String
    fileprivate let task: Task<Void, any Error>

    fileprivate init(
        server: SandboxServer, port: Int, mailPort: Int, host: String,
        task: Task<Void, any Error>
    ) {
        self.server = server
        self.port = port
        self.mailPort = mailPort
        self.host = host
        self.task = task
    }

    /// `http://127.0.0.1:40123`, without a slash at the end.
    package var url: String { host == "::1" ? "http://[::1]:\(port)" : "http://\(host):\(port)" }

    /// Closes the port and every connection.
    package func stop() async {
        task.cancel()
        _ = await task.result
    }
}
