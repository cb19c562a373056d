// SPDX-License-Identifier: Apache-2.0

/// A parser that takes bytes from strangers, and what must hold for any bytes.
///
/// The same checks run twice: over the kept inputs in every test run, and over inputs that
/// libFuzzer makes up (`scripts/fuzz`).
enum FuzzTarget: String, CaseIterable {
    case imap, mime, dkim, html, mbox

    /// Inputs beyond this teach nothing that smaller ones do not.
    static let inputBytesMax = 64 << 10

    func check(_ input: [UInt8]) throws {
        switch self {
        case .imap: try IMAPReplies.check(input)
        case .mime: try AnyMail.check(input)
        case .dkim: try SignedHeaders.check(input)
        case .html: try AnyHTML.check(input)
        case .mbox: try AnyMbox.check(input)
        }
    }
}

/// Something that must hold for any input does not.
struct BrokenProperty: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw BrokenProperty(what()) }
}
