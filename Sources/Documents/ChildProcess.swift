// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program without arguments and environment that is given bytes and gives bytes back.
///
/// Its standard input and output are one end of a socket pair, standard error is nowhere. Other
/// descriptors are closed when it starts (`O_CLOEXEC`), and once more by itself. It does not
/// outlive this value.
struct ChildProcess: ~Copyable {
    private let process: pid_t
    private let socket: Int32

    /// Starts the program; nil when it cannot be started.
    init?(program: String) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        let started = Self.start(program, standard: ends[1])
        close(ends[1])
        guard let started else {
            close(ends[0])
            return nil
        }
        process = started
        socket = ends[0]
    }

    deinit {
        // It has answered, or never will; either way it is to end now, and to leave no zombie.
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
        close(socket)
    }

    private static func start(_ program: String, standard: Int32) -> pid_t? {
        var files = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&files) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&files) }
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        // The agent blocks and ignores signals; its child is to end by them.
        guard posix_spawn_file_actions_adddup2(&files, standard, 0) == 0,
            posix_spawn_file_actions_adddup2(&files, standard, 1) == 0,
            posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0) == 0,
            posix_spawnattr_setsigmask(&attributes, &none) == 0,
            posix_spawnattr_setsigdefault(&attributes, &all) == 0,
            posix_spawnattr_setflags(
                &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0
        else { return nil }
        var process: pid_t = 0
        let status = program.withCString { path in
            var arguments = [UnsafeMutablePointer(mutating: path), nil]
            var environment: [UnsafeMutablePointer<CChar>?] = [nil]
            return posix_spawn(&process, path, &files, &attributes, &arguments, &environment)
        }
        return status == 0 ? process : nil
    }

    /// Gives the program `input` and returns what it writes, until it ends its output, has written
    /// `answerBytesMax` or the time is over.
    ///
    /// Both go on at once: a program that writes before it has read all must not block.
    consuming func exchange(
        _ input: [UInt8], answerBytesMax: Int, within limit: Duration
    ) -> [UInt8] {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        var sent = 0
        var isSending = true
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while answer.count <= answerBytesMax {
            let left = clock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { return [] }
            let events = isSending ? POLLIN | POLLOUT : POLLIN
            var polled = pollfd(fd: socket, events: Int16(events), revents: 0)
            let ready = poll(&polled, 1, Int32(left.rounded(.up)))
            if ready < 0, errno != EINTR { return [] }
            guard ready > 0 else { continue }
            if isSending, polled.revents & Int16(POLLOUT) != 0 {
                let count = input[sent...].withUnsafeBytes {
                    send(socket, $0.baseAddress, $0.count, sendFlags)
                }
                if count > 0 { sent += count }
                // It may have what it needs and read no further: then its answer counts.
                if sent == input.count || count < 0 && errno != EAGAIN && errno != EINTR {
                    isSending = false
                    shutdown(socket, Int32(SHUT_WR))
                }
            }
            if polled.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                let count = recv(socket, &piece, piece.count, Int32(MSG_DONTWAIT))
                if count == 0 { return answer }
                if count > 0 { answer += piece[..<count] }
                if count < 0, errno != EAGAIN, errno != EINTR { return answer }
            }
        }
        return answer
    }

    /// A program that is gone must not end the agent with SIGPIPE, nor a full socket block it.
    private var sendFlags: Int32 { Int32(MSG_NOSIGNAL | MSG_DONTWAIT) }
}
