// SPDX-License-Identifier: Apache-2.0

import Mail

/// One text of a mail, folded.
struct MailPart: Sendable {
    enum Source: Hashable, Sendable {
        case plain, html
        /// Of a mail that came attached.
        case inner
        case attachment(name: String, type: String)
        /// The mail has no body at all: its subject may say everything.
        case nothing
    }

    let source: Source
    let text: FoldedText
    /// As it was written, for the shape of a mail.
    let written: String

    var isAttachment: Bool {
        if case .attachment = source { return true }
        return false
    }

    var explained: VariantExplanation.Part {
        switch source {
        case .plain: .plain
        case .html: .html
        case .inner: .inner
        case .nothing: .nothing
        case .attachment(let name, _): .attachment(name: name)
        }
    }
}

/// All texts of a mail, folded once for all rules.
struct MailTexts: Sendable {
    /// Larger than any bank notice; a text beyond it is not searched but shown to a person.
    static let bytesMax = 512 * 1024

    let subject: FoldedText
    let writtenSubject: String
    let parts: [MailPart]

    /// Nil when the texts are too long to be searched.
    init?(_ message: Message) {
        var size = message.subject.utf8.count
        var parts: [MailPart] = []
        func add(_ source: MailPart.Source, _ text: String) {
            size += text.utf8.count
            guard size <= Self.bytesMax else { return }
            parts.append(MailPart(source: source, text: FoldedText(text), written: text))
        }
        for body in message.bodies {
            switch body.source {
            case .plain: add(.plain, body.text)
            case .html: add(.html, body.text)
            case .attachment(let name, let type):
                add(.attachment(name: name, type: type), body.text)
            }
        }
        if !parts.contains(where: { !$0.isAttachment }) { add(.nothing, "") }
        for inner in message.inner {
            for body in inner.bodies where body.source == .plain || body.source == .html {
                add(.inner, body.text)
            }
        }
        guard size <= Self.bytesMax else { return nil }
        subject = FoldedText(message.subject)
        writtenSubject = message.subject
        self.parts = parts
    }
}
