// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// What a mail calls itself: its Message-ID, and its Date in seconds. Anybody can write both.
struct LetterName {
    /// Without brackets and blanks: Gmail replaces one that has no brackets, keeps it, and others
    /// put brackets around it.
    let messageID: String?
    let seconds: Int64?

    init(_ raw: [UInt8], _ block: HeaderBlock) {
        let header = HeaderText(raw)
        let kept = header.messageID(block.first("x-google-original-message-id", in: raw))
        let said = kept ?? header.messageID(block.first("message-id", in: raw))
        let bare = said?.unicodeScalars.filter { !"<> \t\r\n".unicodeScalars.contains($0) }
        messageID = bare.flatMap { $0.isEmpty ? nil : String(String.UnicodeScalarView($0)) }
        seconds = header.date(block.first("date", in: raw)).map { Int64($0.timeIntervalSince1970) }
    }

    var isEmpty: Bool { messageID == nil && seconds == nil }
    /// No blank stands in a Message-ID.
    var text: String { "\(messageID ?? "") \(seconds.map(String.init) ?? "")" }
}
