// SPDX-License-Identifier: Apache-2.0

@testable import Mail

/// A page made of any bytes.
enum AnyHTML {
    static func check(_ input: [UInt8]) throws {
        let limits = MailLimits.standard
        let page = HTMLText.read(input, limits: limits)
        try require(page.text.count <= limits.textBytesMax * 4 + 8, "more text than the limit")
        var normalizer = TextNormalizer()
        let text = normalizer.normalize(
            page.text, bytesMax: limits.textBytesMax, hasCells: true)
        try require(text.utf8.count <= limits.textBytesMax + 8, "more text than the limit")
        try AnyMail.check(text: text)
        var second = TextNormalizer()
        let again = second.normalize(
            text.utf8.map { $0 == ASCII.tab ? ASCII.cellBorder : $0 },
            bytesMax: limits.textBytesMax * 2, hasCells: true)
        try require(again == text, "normalised text changes when it is normalised again")
    }
}
