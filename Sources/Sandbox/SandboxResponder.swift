// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Turns requests into calls, and answers into replies that leave as a fault wants.
struct SandboxResponder: HTTPResponder {
    /// Keeps the connection at hand, so that a fault can tear it down.
    struct Context: InitializableFromSource {
        let channel: any Channel

        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    let stage: Stage
    let control: Control

    /// A thousand guests seeded at once fit.
    static let bodyBytesMax = 4 * 1024 * 1024
    /// A drawn-out reply leaves in this many pieces.
    static let pieces = 20

    func respond(to request: Request, context: Context) async throws -> Response {
        let moment = Moment.now()
        var headers: [String: String] = ["host": request.head.authority ?? ""]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        guard let body = try? await request.body.collect(upTo: Self.bodyBytesMax) else {
            return plain(.json(413, ["message": "body too large"]))
        }
        let call = Call(
            method: request.method.rawValue, target: request.uri.string, headers: headers,
            body: Array(body.readableBytesView))
        if call.path == "/" || call.path.hasPrefix("/sandbox/") {
            // A page elsewhere must not steer the sandbox by a name that points to loopback.
            guard Self.isLoopback(headers["host"] ?? "") else {
                return plain(.json(403, ["message": "loopback only"]))
            }
            return plain(await control.answer(call, at: moment))
        }
        let (answer, delivery) = await stage.take(call, at: moment)
        return try await deliver(answer, delivery, over: context.channel)
    }

    private static func isLoopback(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return ["127.0.0.1", "localhost", "[::1]"].contains(name.lowercased())
    }

    private func deliver(
        _ answer: Answer, _ delivery: Delivery, over channel: any Channel
    ) async throws -> Response {
        switch delivery {
        case .plain:
            return plain(answer)
        case .never(let seconds):
            try? await Task.sleep(for: .seconds(seconds))
            return await tornDown(channel)
        case .reset:
            // No lingering: the other side sees a reset, not an orderly end.
            let sockets = channel as? any SocketOptionProvider
            try? await sockets?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            return await tornDown(channel)
        case .drawnOut(let seconds):
            return drawnOut(answer, over: seconds)
        }
    }

    /// Nobody reads this reply any more.
    private func tornDown(_ channel: any Channel) async -> Response {
        try? await channel.close(mode: .all).get()
        return Response(status: .internalServerError)
    }

    private func plain(_ answer: Answer) -> Response {
        Response(
            status: .init(code: answer.status), headers: fields(answer),
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    }

    private func drawnOut(_ answer: Answer, over seconds: Double) -> Response {
        let bytes = Array(answer.body.utf8)
        let size = max(1, bytes.count / Self.pieces)
        let pause = Duration.seconds(seconds * Double(size) / Double(max(1, bytes.count)))
        return Response(
            status: .init(code: answer.status), headers: fields(answer),
            body: ResponseBody(contentLength: bytes.count) { writer in
                var rest = bytes[...]
                while !rest.isEmpty {
                    try await writer.write(ByteBuffer(bytes: rest.prefix(size)))
                    rest = rest.dropFirst(size)
                    try await Task.sleep(for: pause)
                }
                try await writer.finish(nil)
            })
    }

    private func fields(_ answer: Answer) -> HTTPFields {
        var fields: HTTPFields = [.contentType: answer.contentType]
        if answer.contentType.hasPrefix("text/html") {
            fields[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
            fields[.cacheControl] = "no-store"
        }
        return fields
    }
}
