// SPDX-License-Identifier: Apache-2.0

/// Names of folders.
package enum MailboxName {
    /// True when the name can stand in quotes: printable ASCII (others in modified UTF-7), at most
    /// 1,000 bytes, so that a command stays a short line.
    package static func isSendable(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 1000 && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    static func quoted(_ name: String) -> String {
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
