// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing
import Wire

@Suite("Key resolver")
struct KeyResolverTests {
    private static let name = "s1._domainkey.bank.example"

    private func ask(
        _ name: String = name, limit: Duration = .seconds(10),
        _ reply: @escaping @Sendable ([UInt8]) -> [UInt8]?
    ) throws -> TXTAnswer {
        let server = try NameServer(reply)
        defer { server.stop() }
        return KeyResolver(server: "127.0.0.1:\(server.port)", limit: limit).records(of: name)
    }

    @Test("The pieces of a record are joined, and the shortest life counts")
    func pieces() throws {
        let answer = try ask {
            NameServer.answer(
                $0,
                [
                    .txt(["v=DKIM1; p=", String(repeating: "A", count: 255), "B"], ttl: 600),
                    .txt(["other"], ttl: 300),
                ])
        }
        let key = "v=DKIM1; p=" + String(repeating: "A", count: 255) + "B"
        #expect(answer == .records([key, "other"], ttl: .seconds(300)))
    }

    @Test("An alias in front of the record is followed and its life counts")
    func alias() throws {
        let answer = try ask {
            NameServer.answer($0, [.alias(ttl: 60), .txt(["x"], ttl: 600)])
        }
        #expect(answer == .records(["x"], ttl: .seconds(60)))
    }

    @Test("A life of years is cut to a day")
    func longLife() throws {
        let answer = try ask { NameServer.answer($0, [.txt(["x"], ttl: 0xFFFF_FFFF)]) }
        #expect(answer == .records(["x"], ttl: .seconds(86_400)))
    }

    @Test("No such name and no such record are absent")
    func absent() throws {
        #expect(try ask { NameServer.answer($0, [], code: 3) } == .absent)
        #expect(try ask { NameServer.answer($0, []) } == .absent)
        #expect(try ask { NameServer.answer($0, [.alias(ttl: 5)]) } == .absent)
    }

    @Test(
        "A name that cannot exist is absent",
        arguments: [
            "", "a..b", String(repeating: "a", count: 64) + ".example", "a\0b",
            String(repeating: "a.", count: 200),
        ])
    func impossible(name: String) throws {
        #expect(try ask(name) { NameServer.answer($0, [.txt(["x"], ttl: 1)]) } == .absent)
    }

    @Test("A failing server, a refusal and silence are unavailable", arguments: [2, 5, nil])
    func unavailable(code: UInt8?) throws {
        let answer = try ask(limit: .milliseconds(700)) { query in
            code.map { NameServer.answer(query, [], code: $0) }
        }
        guard case .unavailable = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test("Several names are asked for at once, and each has its answer within one limit")
    func several() throws {
        let asked = Mutex<Set<String>>([])
        let server = try NameServer { query in
            let labels = query[12...].split(separator: 0, maxSplits: 1).first ?? []
            let name = String(decoding: labels.filter { $0 > 32 }, as: UTF8.self)
            asked.withLock { _ = $0.insert(name) }
            switch name.first {
            case "k": return NameServer.answer(query, [.txt([name], ttl: 60)])
            case "n": return NameServer.answer(query, [], code: 3)
            default: return nil
            }
        }
        defer { server.stop() }
        let resolver = KeyResolver(server: "127.0.0.1:\(server.port)", limit: .seconds(3))
        let names = (1...30).flatMap { ["k\($0).example", "n\($0).example", "s\($0).example"] }
        let answers = resolver.records(of: names + ["k1.example", "a..b"])
        #expect(answers.count == 91 && answers["a..b"] == .absent)
        for name in names {
            switch answers[name] {
            case .records(let records, _): #expect(records == [name.filter { $0 != "." }])
            case .absent: #expect(name.hasPrefix("n"))
            case .unavailable, nil: #expect(name.hasPrefix("s"))
            }
        }
        #expect(asked.withLock { $0.count } == 90)
        #expect(resolver.records(of: [String]()).isEmpty)
    }

    @Test("Cut and broken answers never trap and never give a record that is not there")
    func broken() throws {
        for cut in stride(from: 1, to: 40, by: 6) {
            let answer = try ask(limit: .milliseconds(150)) {
                NameServer.answer($0, [.txt(["abcdefghij"], ttl: 5)]).dropLast(cut)
            }
            if case .records = answer { Issue.record("cut by \(cut): \(answer)") }
        }
    }
}

/// A name server on a loopback port that answers every datagram by a function of the query.
private final class NameServer: Sendable {
    enum Record {
        case txt([String], ttl: UInt32)
        case alias(ttl: UInt32)
    }
    struct CannotListen: Error {}

    let port: UInt16
    private let socket: Int32

    init(_ reply: @escaping @Sendable ([UInt8]) -> [UInt8]?) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(socket, plain, length) == 0 ? getsockname(socket, plain, &length) : -1
            }
        }
        guard code == 0 else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            var query = [UInt8](repeating: 0, count: 4_096)
            var peer = sockaddr_storage()
            while true {
                var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
                withUnsafeMutablePointer(to: &peer) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                        let count = recvfrom(socket, &query, query.count, 0, plain, &size)
                        guard count > 12, let bytes = reply(Array(query[..<count])) else { return }
                        _ = sendto(socket, bytes, bytes.count, 0, plain, size)
                    }
                }
                if query[0] == 0xFF, query[1] == 0xFF, query[2] == 0xFF { break }
            }
            close(socket)
        }
    }

    /// Ends the thread by a datagram that no resolver sends.
    func stop() {
        let sender = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(sender) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                _ = sendto(
                    sender, [0xFF, 0xFF, 0xFF], 3, 0, plain,
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The query's own head and question with records added.
    static func answer(_ query: [UInt8], _ records: [Record], code: UInt8 = 0) -> [UInt8] {
        var end = 12
        while end < query.count, query[end] != 0 { end += 1 + Int(query[end]) }
        var bytes = Array(query[..<min(query.count, end + 5)])
        bytes[2] = 0x81
        bytes[3] = 0x80 | code
        bytes.replaceSubrange(4..<12, with: [0, 1, 0, UInt8(records.count), 0, 0, 0, 0])
        for record in records {
            switch record {
            case .txt(let pieces, let ttl):
                let data = pieces.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
                bytes += [0xC0, 12, 0, 16, 0, 1] + wide(ttl)
                bytes += [UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data
            case .alias(let ttl):
                bytes += [0xC0, 12, 0, 5, 0, 1] + wide(ttl) + [0, 2, 0xC0, 12]
            }
        }
        return bytes
    }

    private static func wide(_ number: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(number >> UInt32($0) & 0xFF) }
    }
}
