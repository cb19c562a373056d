// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Keeps a second agent away from the same ledger: two would both take up what one had in hand.
///
/// The lock is the kernel's (flock(2)): it ends with the process, however that ends.
final class AgentLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `Failure` when another agent holds it, or the folder cannot be written.
    init(directory: String) throws {
        let path = directory + "/agent.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "cannot be written: \(String(cString: strerror(errno))); give the folder "
                    + "to the agent's user")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // The descriptor is closed by deinit, which runs also when init throws this late.
            throw Failure(
                message: "another agent works on \(directory); stop it first", code: .temporary)
        }
    }

    deinit { close(descriptor) }
}
