// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The file that gets one line per request, each written whole before the reply leaves.
final class RecordFile: Sendable {
    private let descriptor: Int32

    init(path: String) throws(SandboxError) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SandboxError(
                operation: "record", subject: path, cause: String(cString: strerror(errno)),
                hint: "Name a file in a folder that exists and may be written to.")
        }
    }

    deinit { close(descriptor) }

    /// A full disk must not stop a demo; the line is lost and nothing else.
    func append(_ line: String) {
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
