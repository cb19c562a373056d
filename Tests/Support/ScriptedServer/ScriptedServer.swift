// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Synchronization

/// A loopback HTTP server that records every request and answers with exact bytes.
///
/// Faults it can play: silence, a closed or reset connection before, within or after the reply,
/// slow bodies, anything that is not HTTP.
package final class ScriptedServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        /// Path and query as they came.
        package let target: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: String
        /// Counts connections from 1.
        package let connection: Int

        package var path: String { String(target.prefix { $0 != "?" }) }
    }

    package enum Step: Sendable, CustomStringConvertible {
        case send([UInt8])
        /// Waits until the client has gone away.
        case hang
        case pause(milliseconds: UInt32)
        /// Ends the connection in order.
        case close
        /// Ends it with RST.
        case reset

        /// Short, for the names of test cases.
        package var description: String {
            switch self {
            case .send(let bytes): "send \(bytes.count) bytes"
            case .hang: "hang"
            case .pause(let milliseconds): "pause \(milliseconds) ms"
            case .close: "close"
            case .reset: "reset"
            }
        }

        /// A whole reply with its length.
        package static func reply(
            _ status: Int, _ body: String = "{}", headers: [String] = []
        ) -> Step {
            let head =
                ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + headers + ["", ""]
            return .send(Array((head.joined(separator: "\r\n") + body).utf8))
        }
    }

    /// What to do with a request, given how many came before it.
    package typealias Script = @Sendable (Request, Int) -> [Step]

    package let port: UInt16
    package var baseURL: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { recorded.withLock { $0 } }

    private let listener: Int32
    private let ended = DispatchSemaphore(value: 0)
    private let recorded = Mutex<[Request]>([])
    private let connections = Mutex(0)
    private let script: Script

    package struct CannotListen: Error {}

    package init(_ script: @escaping Script) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                guard bind(listener, plain, length) == 0, listen(listener, 64) == 0 else {
                    return Int32(-1)
                }
                return getsockname(listener, plain, &length)
            }
        }
        guard code == 0 else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else { break }
                let number = self.connections.withLock { count in
                    count += 1
                    return count
                }
                Thread.detachNewThread { self.serve(peer, number) }
            }
            // Closed by the thread that accepts: else the number could already be another server's.
            close(listener)
            self.ended.signal()
        }
    }

    /// Requests of a scripted order: the n-th request gets the n-th list of steps, later ones
    /// close.
    package convenience init(inOrder steps: [[Step]]) throws {
        try self.init { _, index in index < steps.count ? steps[index] : [.close] }
    }

    /// Ends listening; from then on connections are refused. Call it once.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        ended.wait()
    }

    /// How many connections were opened so far.
    package var connectionCount: Int { connections.withLock { $0 } }

    private func serve(_ peer: Int32, _ number: Int) {
        defer { close(peer) }
        var pending: [UInt8] = []
        while let request = read(peer, &pending, number) {
            let index = recorded.withLock { recorded in
                recorded.append(request)
                return recorded.count - 1
            }
            for step in script(request, index) {
                switch step {
                case .send(let bytes):
                    guard Self.sendAll(peer, bytes) else { return }
                case .hang:
                    var byte: UInt8 = 0
                    while recv(peer, &byte, 1, 0) > 0 {}
                    return
                case .pause(let milliseconds): usleep(milliseconds * 1_000)
                case .close: return
                case .reset:
                    var linger = linger(l_onoff: 1, l_linger: 0)
                    setsockopt(
                        peer, SOL_SOCKET, SO_LINGER, &linger,
                        socklen_t(MemoryLayout<Glibc.linger>.size))
                    return
                }
            }
        }
    }

    private static func sendAll(_ peer: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func read(_ peer: Int32, _ pending: inout [UInt8], _ number: Int) -> Request? {
        while true {
            if let request = Self.parse(&pending, number) { return request }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(peer, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            pending += chunk[..<count]
        }
    }

    private static func parse(_ pending: inout [UInt8], _ number: Int) -> Request? {
        guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
            .components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard pending.count >= end.upperBound + length else { return nil }
        let body = pending[end.upperBound..<(end.upperBound + length)]
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let request = Request(
            method: words[0], target: words[1], headers: headers,
            body: String(decoding: body, as: UTF8.self), connection: number)
        pending.removeFirst(end.upperBound + length)
        return request
    }
}
