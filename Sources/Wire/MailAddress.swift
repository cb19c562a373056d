// SPDX-License-Identifier: Apache-2.0

/// A mail address that can stand in an SMTP command and in a header as it is: `elif@example.org`.
///
/// Quoted local parts and letters beyond ASCII in them are refused: few mailboxes have them, and
/// what is left holds no sign that means something to a mail server. A domain with such letters
/// becomes its ASCII form (`örnek.example` → `xn--rnek-4qa.example`).
///
/// - Source: RFC 5321 §4.1.2 (Dot-string), §4.5.3.1; RFC 5890.
package struct MailAddress: Hashable, Sendable {
    /// Before the @.
    package let local: String
    /// Behind it, in ASCII.
    package let domain: String

    package var text: String { local + "@" + domain }

    private static let localBytesMax = 64
    private static let domainBytesMax = 253
    private static let labelBytesMax = 63

    /// Nil for anything that is not such an address. Blanks around it are dropped.
    package init?(_ text: String) {
        let text = text.utf8.trimming { $0 == 0x20 || $0 == 0x09 }
        guard text.count <= Self.localBytesMax + 1 + Self.domainBytesMax,
            let at = text.lastIndex(of: UInt8(ascii: "@"))
        else { return nil }
        let local = text[..<at]
        guard Self.isDotted(local, { Self.atoms.contains($0) }), local.count <= Self.localBytesMax,
            let domain = Self.ascii(String(decoding: text[text.index(after: at)...], as: UTF8.self))
        else { return nil }
        self.local = String(decoding: local, as: UTF8.self)
        self.domain = domain
    }

    private static func ascii(_ domain: String) -> String? {
        let ascii = domain.split(separator: ".", omittingEmptySubsequences: false)
            .map { Punycode.label(String($0)) }.joined(separator: ".")
        let labels = ascii.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hyphen = UInt8(ascii: "-")
        let fits = labels.allSatisfy { label in
            (1...labelBytesMax).contains(label.count) && label.first != hyphen
                && label.last != hyphen && label.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
        }
        return fits && labels.count > 1 && ascii.utf8.count <= domainBytesMax ? ascii : nil
    }

    private static func isDotted(
        _ bytes: some Collection<UInt8>, _ isAtom: (UInt8) -> Bool
    ) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtom) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    /// RFC 5322 §3.2.3.
    private static let atoms = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~".utf8)
}

extension Collection where Element == UInt8, Self: BidirectionalCollection {
    fileprivate func trimming(_ isBlank: (UInt8) -> Bool) -> SubSequence {
        var part = self[startIndex..<endIndex]
        while let first = part.first, isBlank(first) { part.removeFirst() }
        while let last = part.last, isBlank(last) { part.removeLast() }
        return part
    }
}
