// SPDX-License-Identifier: Apache-2.0

import Foundation
import ScriptedServer
import Testing
import Wire

@Suite("HTTP client")
struct HTTPClientTests {
    /// Long enough that no machine is too slow; only the tests of time-outs use a shorter one.
    private static let patience: Duration = .seconds(20)

    private static let filler = String(repeating: "A", count: 1_000)

    private let client: HTTPClient

    init() throws {
        client = try HTTPClient()
    }

    private func failure(
        _ request: HTTPRequest, timeout: Duration = patience, _ client: HTTPClient? = nil
    ) async -> WireError? {
        do {
            _ = try await (client ?? self.client).send(request, timeout: timeout)
            return nil
        } catch {
            return error
        }
    }

    // MARK: - What is sent and what comes back

    @Test("A request arrives as it was written, and the reply comes back whole")
    func exchange() async throws {
        let server = try ScriptedServer(inOrder: [
            [.reply(406, #"{"code":"40"}"#, headers: ["X-Kind:  a: b "])]
        ])
        defer { server.stop() }
        let response = try await client.send(
            HTTPRequest(
                .post, server.baseURL + "/send?a=1", headers: [("X-Key", "secret")],
                body: Array("{\"ı\":0}".utf8)),
            timeout: Self.patience)
        #expect(response.status == 406)
        #expect(response.header("x-kind") == "a: b")
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"code":"40"}"#)
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/send?a=1")
        #expect(request.headers["x-key"] == "secret")
        #expect(request.headers["expect"] == nil)
        #expect(request.body == "{\"ı\":0}")
    }

    @Test("A connection is used again")
    func keepAlive() async throws {
        let server = try ScriptedServer { _, _ in [.reply(200)] }
        defer { server.stop() }
        // A client of its own: the others' connections would push this one out of the pool.
        let client = try HTTPClient()
        for _ in 0..<5 {
            _ = try await client.send(HTTPRequest(.get, server.baseURL), timeout: Self.patience)
        }
        #expect(server.requests.count == 5)
        #expect(server.connectionCount == 1)
    }

    @Test("Fifty requests at once are all answered, each with its own reply")
    func fiftyAtOnce() async throws {
        let server = try ScriptedServer { request, _ in [.reply(200, request.target)] }
        defer { server.stop() }
        let (client, base) = (client, server.baseURL)
        let replies = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<50 {
                group.addTask {
                    let response = try await client.send(
                        HTTPRequest(.get, base + "/\(number)"), timeout: Self.patience)
                    return (number, String(decoding: response.body, as: UTF8.self))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(replies.count == 50)
        #expect(replies.allSatisfy { $0.value == "/\($0.key)" })
    }

    @Test("A redirect is an answer, nobody follows it")
    func redirect() async throws {
        let server = try ScriptedServer { _, _ in
            [.reply(302, "", headers: ["Location: /elsewhere"])]
        }
        defer { server.stop() }
        let response = try await client.send(
            HTTPRequest(.get, server.baseURL), timeout: Self.patience)
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
    }

    // MARK: - Certainly not sent

    @Test("A refused connection means that nothing was sent")
    func connectionRefused() async throws {
        let server = try ScriptedServer(inOrder: [])
        server.stop()
        let error = await failure(HTTPRequest(.post, server.baseURL + "/x?email=a@b.example"))
        #expect(error?.effect == .notSent)
        #expect(error?.label == .notConnected)
        #expect(error?.retry == .later)
        #expect(
            error?.description
                == "wire: POST \(server.baseURL)/x: no connection; nothing was sent")
    }

    @Test("A name that does not exist means that nothing was sent")
    func unknownName() async throws {
        let error = await failure(HTTPRequest(.get, "https://no-such-host.invalid/"))
        #expect(error?.effect == .notSent)
        #expect(error?.label == .nameNotResolved)
    }

    @Test(
        "Addresses and headers that are not allowed never leave",
        arguments: [
            HTTPRequest(.get, "http://192.0.2.1/"), HTTPRequest(.get, "http://example.com/"),
            HTTPRequest(.get, "ftp://127.0.0.1/"), HTTPRequest(.get, "file:///etc/passwd"),
            HTTPRequest(.get, "https://user:pw@127.0.0.1/"), HTTPRequest(.get, ""),
            HTTPRequest(.get, "http://127.0.0.1.example.com/"), HTTPRequest(.get, "no url"),
            HTTPRequest(.get, "http://127.0.0.1/", headers: [("A", "b\r\nX: y")]),
            HTTPRequest(.get, "http://127.0.0.1/", headers: [("A b", "c")]),
            HTTPRequest(.get, "http://127.0.0.1/", headers: [("", "c")]),
        ])
    func notAllowed(request: HTTPRequest) async {
        let error = await failure(request)
        #expect(error?.label == .badRequest)
        #expect(error?.effect == .notSent)
        #expect(error?.retry == .never)
    }

    @Test("A redacted address shows neither query nor password")
    func redaction() async {
        let error = await failure(HTTPRequest(.get, "ftp://u:geheim@h.example/p?mail=a#f"))
        #expect(error?.subject == "ftp://h.example/p")
    }

    // MARK: - Outcome unknown

    @Test(
        "After the request was written a lost reply is an unknown outcome",
        arguments: [
            ([ScriptedServer.Step.close], WireError.Label.connectionLost),
            ([.reset], .connectionLost),
            (
                [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8)), .close],
                .connectionLost
            ),
            ([.send(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .close], .connectionLost),
            ([.send(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)), .close], .replyMalformed),
            ([.reply(200, headers: Array(repeating: "X: " + filler, count: 70))], .replyTooLarge),
            ([.reply(200, String(repeating: "x", count: 1 << 20 + 1))], .replyTooLarge),
        ])
    func lostReply(steps: [ScriptedServer.Step], label: WireError.Label) async throws {
        let server = try ScriptedServer { _, _ in steps }
        defer { server.stop() }
        let error = await failure(HTTPRequest(.post, server.baseURL))
        #expect(error?.effect == .outcomeUnknown)
        #expect(error?.label == label)
        #expect(server.requests.count == 1)
    }

    @Test(
        "Silence and a slow body end with the time-out",
        arguments: [
            [ScriptedServer.Step.hang],
            [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8)), .hang],
        ])
    func timeOut(steps: [ScriptedServer.Step]) async throws {
        let server = try ScriptedServer { _, _ in steps }
        defer { server.stop() }
        let error = await failure(
            HTTPRequest(.post, server.baseURL), timeout: .milliseconds(500))
        #expect(error?.label == .timedOut)
        #expect(error?.effect == .outcomeUnknown)
    }

    @Test("A kept connection that dies under a request does not make the request go out twice")
    func noSilentRepeat() async throws {
        let server = try ScriptedServer { _, index in index == 0 ? [.reply(200)] : [.close] }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(.get, server.baseURL), timeout: Self.patience)
        let error = await failure(
            HTTPRequest(.post, server.baseURL, body: Array("once".utf8)))
        #expect(error?.effect == .outcomeUnknown)
        #expect(server.requests.count(where: { $0.method == "POST" }) == 1)
    }

    @Test("A body up to the limit is taken")
    func bodyAtLimit() async throws {
        let server = try ScriptedServer { _, _ in
            [.reply(200, String(repeating: "x", count: 1 << 20))]
        }
        defer { server.stop() }
        let response = try await client.send(
            HTTPRequest(.get, server.baseURL), timeout: Self.patience)
        #expect(response.body.count == 1 << 20)
    }

    // MARK: - Cancelling

    @Test("Cancelling closes the connection and says that the outcome is unknown")
    func cancelling() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { _, _ in
            arrival.yield()
            return [.hang]
        }
        defer { server.stop() }
        let task = Task { await failure(HTTPRequest(.post, server.baseURL)) }
        for await _ in arrived { break }
        task.cancel()
        let error = await task.value
        #expect(error?.label == .cancelled)
        #expect(error?.effect == .outcomeUnknown)
    }

    @Test("A request of a cancelled task is not sent")
    func cancelledBefore() async throws {
        let server = try ScriptedServer { _, _ in [.reply(200)] }
        defer { server.stop() }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(HTTPRequest(.post, server.baseURL))
        }
        let error = await task.value
        #expect(error?.label == .cancelled)
        #expect(error?.effect == .notSent)
        #expect(server.requests.isEmpty)
    }

    @Test("Proxy settings of the environment do not matter")
    func proxyFromEnvironment() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("all_proxy", "http://127.0.0.1:1", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("all_proxy")
        }
        let server = try ScriptedServer { _, _ in [.reply(200)] }
        defer { server.stop() }
        let response = try await client.send(
            HTTPRequest(.get, server.baseURL), timeout: Self.patience)
        #expect(response.status == 200)
    }
}
