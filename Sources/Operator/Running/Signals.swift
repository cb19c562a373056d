// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc

/// SIGTERM and SIGINT as something to wait for instead of a sudden end.
enum Signals {
    /// Returns at the first of them, or when the task is cancelled.
    static func wait() async {
        let (arrived, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        for await _ in arrived { break }
        for source in sources { source.cancel() }
    }
}
