// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A name server on a loopback port that knows the records of a key file, or keeps silent.
final class NameServer: Sendable {
    struct CannotListen: Error {}

    let port: UInt16
    private let socket: Int32
    private let records: [String: String]
    private let state = Mutex((isSilent: true, questions: 0))

    /// - Parameter keyFile: `name<TAB>record` lines.
    init(keyFile: String) throws {
        records = Dictionary(
            keyFile.split(separator: "\n").map { $0.split(separator: "\t", maxSplits: 1) }
                .map { (String($0[0]).lowercased(), String($0[1])) }
        ) { first, _ in first }
        socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(socket, plain, length) == 0 ? getsockname(socket, plain, &length) : -1
            }
        }
        guard code == 0 else { throw CannotListen() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve() }
    }

    var isSilent: Bool {
        get { state.withLock { $0.isSilent } }
        set { state.withLock { $0.isSilent = newValue } }
    }

    /// How often it was asked.
    var questions: Int { state.withLock { $0.questions } }

    private func serve() {
        var query = [UInt8](repeating: 0, count: 4_096)
        var peer = sockaddr_storage()
        while true {
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &peer) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                    let count = recvfrom(socket, &query, query.count, 0, plain, &size)
                    guard count > 12 else { return }
                    let isSilent = state.withLock { state in
                        state.questions += 1
                        return state.isSilent
                    }
                    guard !isSilent else { return }
                    let reply = answer(Array(query[..<count]))
                    _ = sendto(socket, reply, reply.count, 0, plain, size)
                }
            }
        }
    }

    /// The question with one TXT record, or with the code for "no such name" (RFC 1035 §4.1).
    private func answer(_ query: [UInt8]) -> [UInt8] {
        var labels: [String] = []
        var end = 12
        while end < query.count, query[end] != 0 {
            let label = query[(end + 1)...].prefix(Int(query[end]))
            labels.append(String(decoding: label, as: UTF8.self))
            end += 1 + Int(query[end])
        }
        let record = records[labels.joined(separator: ".").lowercased()]
        var bytes = Array(query[..<min(query.count, end + 5)])
        bytes[2] = 0x81
        bytes[3] = record == nil ? 0x83 : 0x80
        bytes.replaceSubrange(4..<12, with: [0, 1, 0, record == nil ? 0 : 1, 0, 0, 0, 0])
        guard let record else { return bytes }
        var data: [UInt8] = []
        var rest = Array(record.utf8)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(255)
            data += [UInt8(piece.count)] + piece
            rest = rest.dropFirst(255)
        }
        return bytes + [0xC0, 12, 0, 16, 0, 1, 0, 0, 0x0E, 0x10]
            + [UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data
    }
}
