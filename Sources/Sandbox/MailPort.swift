// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix

/// The port of the stand-in for a mail server. It speaks clear text and asks for no log-in, and
/// therefore never leaves this machine.
struct MailPort: Sendable {
    let stage: Stage

    private typealias Client = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// A line that does not end is cut off here.
    private static let lineBytesMax = 4096

    /// Serves until the task is cancelled.
    ///
    /// - Parameter port: 0 takes a free one.
    func run(host: String, port: Int, onListening: @Sendable (Int) -> Void) async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Client(wrappingChannelSynchronously: channel)
                }
            }
        onListening(listener.channel.localAddress?.port ?? 0)
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { clients in
                for try await client in clients {
                    // A client that goes away in the middle is no matter of the others.
                    group.addTask { try? await serve(client) }
                }
            }
        }
    }

    private func serve(_ client: Client) async throws {
        try await client.executeThenClose { inbound, outbound in
            func say(_ line: String) async throws {
                try await outbound.write(ByteBuffer(string: line + "\r\n"))
            }
            var session = SMTPSession()
            var pending: [UInt8] = []
            try await say(SMTPSession.greeting)
            for try await buffer in inbound {
                pending += buffer.readableBytesView
                while let end = pending.firstIndex(of: 10) {
                    guard end > 0, pending[end - 1] == 13 else {
                        return try await say("500 5.5.2 lines end with CRLF")
                    }
                    let step = session.take(pending[..<(end - 1)])
                    pending.removeFirst(end + 1)
                    switch step {
                    case .listen: break
                    case .say(let line): try await say(line)
                    case .end(let line): return try await say(line)
                    case .ask(let call):
                        let (answer, delivery) = await stage.take(call, at: .now())
                        guard try await wait(delivery) else { return }
                        session.decided(answer.status)
                        try await say("\(answer.status) \(answer.body)")
                    }
                }
                guard pending.count <= Self.lineBytesMax else {
                    return try await say("500 5.5.2 line too long")
                }
            }
        }
    }

    /// False when nobody is to hear the answer.
    private func wait(_ delivery: Delivery) async throws -> Bool {
        switch delivery {
        case .plain: return true
        case .reset: return false
        case .never(let seconds):
            try await Task.sleep(for: .seconds(seconds))
            return false
        case .drawnOut(let seconds):
            try await Task.sleep(for: .seconds(seconds))
            return true
        }
    }
}
