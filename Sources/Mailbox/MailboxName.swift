// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Names of folders. The organizer writes them as he reads them; the protocol has a spelling of its
/// own for what is not ASCII, modified UTF-7.
///
///     Ödemeler  →  &ANY-demeler
///
/// A name in ASCII is taken for that spelling already, as LIST shows it.
///
/// - Source: RFC 3501 §5.1.3; RFC 9051 §5.1 for INBOX.
package enum MailboxName {
    /// A command stays a short line.
    private static let bytesMax = 1000

    /// True when a server can be asked for the name: not empty, no control characters, at most
    /// 1,000 bytes in the protocol's spelling.
    package static func isSendable(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= bytesMax && spelled(name).utf8.count <= bytesMax
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }

    /// Equal for two names of one folder: INBOX is the same in any case.
    package static func canonical(_ name: String) -> String {
        name.uppercased() == "INBOX" ? "INBOX" : spelled(name)
    }

    /// The name as a command holds it.
    static func quoted(_ name: String) -> String { IMAPText.quoted(spelled(name)) }

    private static func spelled(_ name: String) -> String {
        guard !IMAPText.isPlain(name) else { return name }
        var spelling = ""
        var foreign: [UInt8] = []
        func close() {
            guard !foreign.isEmpty else { return }
            let base64 = Data(foreign).base64EncodedString()
            spelling += "&" + base64.filter { $0 != "=" }.replacing("/", with: ",") + "-"
            foreign = []
        }
        for unit in name.utf16 {
            guard let byte = UInt8(exactly: unit), byte >= 0x20, byte < 0x7f else {
                foreign += [UInt8(unit >> 8), UInt8(unit & 0xff)]
                continue
            }
            close()
            spelling += byte == UInt8(ascii: "&") ? "&-" : String(UnicodeScalar(byte))
        }
        close()
        return spelling
    }
}

/// Text in commands.
enum IMAPText {
    /// Printable ASCII.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    /// In quotes (RFC 9051 §9, quoted). The text is plain.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
