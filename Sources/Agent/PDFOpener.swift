// SPDX-License-Identifier: Apache-2.0

internal import Mail

/// Opens the PDFs of one mail and of all that came with it: each once, and only a few.
final class PDFOpener {
    /// PDFs that are opened because of one mail, however many mails and quotations it carries. Each
    /// may take seconds, in which the mails behind it wait.
    private static let openedMax = 5

    private let read: (PDFAttachment) -> PDFText
    private var texts: [PDFAttachment: PDFText] = [:]

    init(_ read: @escaping (PDFAttachment) -> PDFText) { self.read = read }

    func text(of pdf: PDFAttachment) -> PDFText {
        if let known = texts[pdf] { return known }
        guard texts.count < Self.openedMax else { return .unreadable }
        let text = read(pdf)
        texts[pdf] = text
        return text
    }
}
