// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Domain
import Glibc
import Testing

@testable import Sandbox

/// What came back over a plain socket.
struct Reply: Sendable {
    /// 0 when the connection ended without a reply.
    var status = 0
    var head = ""
    var body = ""
    /// Whether the other side tore the connection down.
    var wasReset = false

    var json: JSONValue? { JSONValue(Array(body.utf8)) }
}

/// A client of one request per connection that shows how a connection ends.
struct Client: Sendable {
    let port: Int

    func get(_ target: String, headers: [String: String] = [:]) async -> Reply {
        await send("GET", target, headers: headers, body: "")
    }

    func post(_ target: String, _ body: JSONValue, headers: [String: String] = [:]) async -> Reply {
        var headers = headers
        if headers["content-type"] == nil { headers["content-type"] = "application/json" }
        return await send("POST", target, headers: headers, body: body.text)
    }

    func send(
        _ method: String, _ target: String, headers: [String: String], body: String
    ) async -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\n"
        var headers = headers
        headers["Host"] = headers["Host"] ?? "127.0.0.1:\(port)"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let bytes = Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        return await withCheckedContinuation { continuation in
            // A queue of its own has a thread of its own: waiting here must not starve the server.
            DispatchQueue(label: "client").async { continuation.resume(returning: exchange(bytes)) }
        }
    }

    private func exchange(_ bytes: [UInt8]) -> Reply {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        // A server that never answers must fail a test, not hang it.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return Reply() }
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var reply = Reply()
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count < 0 { reply.wasReset = errno == ECONNRESET }
            guard count > 0 else { break }
            received += chunk[..<count]
        }
        let text = String(decoding: received, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return reply }
        reply.head = String(text[..<end.lowerBound])
        reply.body = String(text[end.upperBound...])
        if reply.head.lowercased().contains("transfer-encoding: chunked") {
            reply.body = reply.body.split(separator: "\r\n").enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }.joined()
        }
        reply.status = Int(reply.head.split(separator: " ").dropFirst().first ?? "") ?? 0
        return reply
    }
}

/// A sandbox with one event of two guests.
enum Fixture {
    static let key = "luma-secret-key"
    static let password = "netgsm-secret-word"
    static let luma = ["x-luma-api-key": key]
    /// `8501234567:netgsm-secret-word`
    static let netgsm = [
        "authorization": "Basic ODUwMTIzNDU2NzpuZXRnc20tc2VjcmV0LXdvcmQ="
    ]

    static var options: SandboxOptions {
        var options = SandboxOptions(
            lumaKey: Secret(key), netgsmUser: "8501234567", netgsmPassword: Secret(password),
            netgsmHeader: "DERNEKADI")
        options.deliveryDelay = .zero
        options.guests = [
            SandboxGuest(
                id: "gst-1", event: "evt-1", name: "Elif Karaca", email: "elif@example.org",
                phone: PhoneNumber("5321112233")),
            SandboxGuest(
                id: "gst-2", event: "evt-1", name: "Bora Tanyel", email: "bora@example.org",
                status: .waitlist),
        ]
        return options
    }

    /// Runs `body` against a listening sandbox and stops it.
    static func run<Result>(
        _ options: SandboxOptions = options, _ body: (Client) async throws -> Result
    ) async throws -> Result {
        let sandbox = try await SandboxServer.start(options)
        do {
            let result = try await body(Client(port: sandbox.port))
            await sandbox.stop()
            return result
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    static func approval(_ guest: String = "gst-1") -> JSONValue {
        [
            "event_id": "evt-1", "guest_id": .string(guest), "status": "approved",
            "send_email": false,
        ]
    }

    static func ticket(
        to phone: String = "5321112233", _ changes: [String: JSONValue?] = [:]
    ) -> JSONValue {
        var body: [String: JSONValue] = [
            "msgheader": "DERNEKADI", "encoding": "TR", "iysfilter": "0", "appname": "mutabik",
            "referansID": "mtb-gst-1-sms",
            "messages": [["no": .string(phone), "msg": "Kaydınız onaylandı."]],
        ]
        for (name, value) in changes { body[name] = value }
        return .object(body)
    }

    static let updatePath = "/v1/events/guests/update-status"
    static let sendPath = "/sms/rest/v2/send"
}
