// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// Waits for many sockets at once (epoll(7)). Everything but `wake` belongs to one thread.
package final class Poller: Sendable {
    /// What is waited for, or what a socket is ready for.
    package struct Readiness: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let reading = Readiness(rawValue: 1)
        package static let writing = Readiness(rawValue: 2)
    }

    /// A socket that is ready. A broken one is ready for everything: the next use tells why.
    package struct Event: Sendable {
        /// The number given with `watch`.
        package var owner: UInt32
        package var socket: Int32
        package var readiness: Readiness
    }

    /// As many events are taken at a time; the rest comes with the next wait.
    private static let eventsMax = 64
    /// The owner of the wake-up signal.
    private static let nobody = UInt32.max

    private let descriptor: Int32
    private let signal: WakeSignal

    /// Nil when the process is out of file descriptors.
    package init?() {
        guard let signal = WakeSignal() else { return nil }
        descriptor = mutabik_loop_poller()
        self.signal = signal
        guard descriptor >= 0 else { return nil }
        watch(signal.fileDescriptor, for: .reading, owner: Self.nobody)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Ends the wait of the other thread, or its next one.
    package func wake() { signal.raise() }

    /// Waits for a socket from now on, or for something else than before. A closed one is
    /// forgotten by itself.
    package func watch(_ socket: Int32, for wanted: Readiness, owner: UInt32) {
        let token = UInt64(owner) << 32 | UInt64(UInt32(bitPattern: socket))
        _ = mutabik_loop_watch(
            descriptor, socket, wanted.contains(.reading) ? 1 : 0,
            wanted.contains(.writing) ? 1 : 0, token)
    }

    /// Waits for a socket no longer; one that is not watched is no error.
    package func forget(_ socket: Int32) { mutabik_loop_forget(descriptor, socket) }

    /// Sleeps until a socket is ready, `wake` is called or the time has passed; nil waits on.
    package func wait(atMost limit: Duration?) -> [Event] {
        var events = [mutabik_loop_event](
            repeating: mutabik_loop_event(), count: Self.eventsMax)
        // Rounded up: rounding down would wake a little early, again and again. The bound is far
        // from overflow, and a wait that ends early is begun again.
        let milliseconds = limit.map { limit in
            Int32(max(0, min((limit / .milliseconds(1)).rounded(.up), 3_600_000)))
        }
        let count = mutabik_loop_wait(
            descriptor, &events, Int32(Self.eventsMax), milliseconds ?? -1)
        return events.prefix(Int(count)).compactMap { event in
            let owner = UInt32(event.token >> 32)
            guard owner != Self.nobody else {
                _ = signal.take()
                return nil
            }
            var readiness: Readiness = event.reads != 0 ? .reading : []
            if event.writes != 0 { readiness.insert(.writing) }
            return Event(
                owner: owner, socket: Int32(truncatingIfNeeded: event.token),
                readiness: readiness)
        }
    }
}
