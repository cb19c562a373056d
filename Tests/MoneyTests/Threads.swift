// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Ledger

@testable import Agent

enum SealingKeyBox {
    static func make() throws -> SealingKey {
        try SealingKey(bytes: [UInt8](repeating: 7, count: 32))
    }
}

/// Whether `body` was not refused; any other error is a refusal too, so that a race shows.
func refusalFree(_ body: () throws -> some Any) -> Bool {
    do {
        _ = try body()
        return true
    } catch { return false }
}

/// Runs what blocks on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "blocking").async { continuation.resume(returning: body()) }
    }
}
