// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// A piece of a text that means one thing.
struct TextSpan: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case link, address, code(ReferenceCode), iban
        /// Day, hour or both.
        case time
        /// A number as people write it, with its cents behind the last separator.
        case number(whole: [UInt8], cents: [UInt8])
        /// Letters and digits in one, or a number that is masked.
        case mixed
        case word
    }

    let kind: Kind
    /// Scalars of the text.
    let range: Range<Int>
}

/// Cuts a text into words, numbers, dates, links, IBANs and codes.
///
/// One pass; every look ahead has a limit, so that the cost grows with the text and no faster.
struct TextScanner {
    /// Longer links and addresses are cut into several.
    private static let linkLengthMax = 2000
    private static let addressLengthMax = 254
    /// ISO 13616 allows 34 signs; masks and blanks come on top.
    private static let ibanLengthMax = 50
    /// Blanks and hyphens that a payer puts into a code.
    private static let codeLengthMax = 24

    let text: [Unicode.Scalar]

    init(_ text: [Unicode.Scalar]) { self.text = text }

    /// What stands in the text, in order; signs between are left out.
    func spans() -> [TextSpan] {
        var spans: [TextSpan] = []
        var index = 0
        while index < text.count {
            guard let span = span(at: index) else {
                index += 1
                continue
            }
            spans.append(span)
            index = max(span.range.upperBound, index + 1)
        }
        return spans
    }

    private func span(at start: Int) -> TextSpan? {
        let sign = text[start]
        let isFirst = start == 0 || !Self.isWordSign(text[start - 1])
        if isFirst {
            if let end = linkEnd(start) { return TextSpan(kind: .link, range: start..<end) }
            if let end = addressEnd(start) { return TextSpan(kind: .address, range: start..<end) }
        }
        if let (code, end) = code(start) { return TextSpan(kind: .code(code), range: start..<end) }
        if isFirst, let end = ibanEnd(start) { return TextSpan(kind: .iban, range: start..<end) }
        if isFirst, !Self.isDigit(sign), let end = timeEnd(start) {
            return TextSpan(kind: .time, range: start..<end)
        }
        if Self.isDigit(sign) {
            if isFirst, let end = timeEnd(start) {
                return TextSpan(kind: .time, range: start..<end)
            }
            if let span = number(start) { return span }
        }
        return word(start)
    }

    // MARK: - Links and addresses

    private func stands(_ literal: StaticString, at start: Int) -> Bool {
        literal.withUTF8Buffer { bytes in
            start + bytes.count <= text.count
                && bytes.indices.allSatisfy { index in
                    let sign = text[start + index].value
                    let small = (65...90).contains(sign) ? sign + 32 : sign
                    return small == UInt32(bytes[index])
                }
        }
    }

    private func linkEnd(_ start: Int) -> Int? {
        guard
            stands("http://", at: start) || stands("https://", at: start)
                || stands("www.", at: start)
        else { return nil }
        var end = start
        while end < text.count, end - start < Self.linkLengthMax, Self.isLinkSign(text[end]) {
            end += 1
        }
        while end > start, [".", ",", ")", ";", ":"].contains(text[end - 1]) { end -= 1 }
        return end
    }

    private static func isLinkSign(_ sign: Unicode.Scalar) -> Bool {
        sign.value > 32 && sign.value < 127
            && !["\"", "'", "<", ">", "\\", "^", "`"].contains(sign)
    }

    private func addressEnd(_ start: Int) -> Int? {
        var at = start
        let limit = min(text.count, start + Self.addressLengthMax)
        while at < limit, Self.isAddressSign(text[at]) { at += 1 }
        guard at > start, at < limit, text[at] == "@" else { return nil }
        var end = at + 1
        while end < limit, Self.isAddressSign(text[end]) { end += 1 }
        while end > at, [".", "-", "_"].contains(text[end - 1]) { end -= 1 }
        return end > at + 1 ? end : nil
    }

    private static func isAddressSign(_ sign: Unicode.Scalar) -> Bool {
        isAlphanumeric(sign) || [".", "-", "_", "+", "=", "%"].contains(sign)
    }

    // MARK: - Codes and IBANs

    private func code(_ start: Int) -> (ReferenceCode, Int)? {
        guard text[start].properties.isAlphabetic else { return nil }
        var signs = String.UnicodeScalarView()
        var index = start
        let limit = min(text.count, start + Self.codeLengthMax)
        while index < limit, signs.count < ReferenceCode.length {
            let sign = text[index]
            if Self.isAlphanumeric(sign) {
                signs.append(Self.capital(sign))
            } else if !Self.isCodeSeparator(sign) {
                return nil
            }
            index += 1
        }
        return ReferenceCode(String(signs)).map { ($0, index) }
    }

    static func isCodeSeparator(_ sign: Unicode.Scalar) -> Bool {
        [" ", "\u{A0}", "-", "_", ".", "/", "*", ":"].contains(sign)
    }

    private static func capital(_ sign: Unicode.Scalar) -> Unicode.Scalar {
        (97...122).contains(sign.value) ? Unicode.Scalar(UInt8(sign.value) - 32) : sign
    }

    static func isMask(_ sign: Unicode.Scalar) -> Bool {
        ["*", "X", "x", "•", "#"].contains(sign)
    }

    /// Two letters, two digits and eleven signs or more, in one or in blocks of four.
    private func ibanEnd(_ start: Int) -> Int? {
        guard start + 15 <= text.count, Self.isASCIILetter(text[start]),
            Self.isASCIILetter(text[start + 1]), Self.isDigit(text[start + 2]),
            Self.isDigit(text[start + 3])
        else { return nil }
        var signs = 4
        var digits = 2
        var index = start + 4
        var end = index
        let limit = min(text.count, start + Self.ibanLengthMax)
        while index < limit, signs < 34 {
            let sign = text[index]
            if Self.isDigit(sign) || Self.isMask(sign) || Self.isASCIICapital(sign) {
                signs += 1
                if Self.isDigit(sign) { digits += 1 }
                index += 1
                end = index
            } else if [" ", "\u{A0}"].contains(sign), signs % 4 == 0 {
                index += 1
            } else {
                break
            }
        }
        if end < text.count, Self.isWordSign(text[end]) { return nil }
        return signs >= 15 && digits >= 6 ? end : nil
    }

    // MARK: - Numbers and words

    /// How many digits stand there, up to twenty.
    func digits(_ start: Int) -> Int {
        var end = start
        while end < text.count, end - start < 20, Self.isDigit(text[end]) { end += 1 }
        return end - start
    }

    /// `1.250,00`, `1 500,50`, `12500`, but not the digits of a word or a masked number.
    private func number(_ start: Int) -> TextSpan? {
        guard start == 0 || !Self.isWordSign(text[start - 1]) else { return nil }
        var groups: [[UInt8]] = [[]]
        var separators: [Unicode.Scalar] = []
        var index = start
        var end = start
        while index < text.count, index - start < 60 {
            let sign = text[index]
            if Self.isDigit(sign) {
                groups[groups.count - 1].append(UInt8(sign.value))
                index += 1
                end = index
            } else if [".", ",", "'", " ", "\u{A0}"].contains(sign) {
                let next = digits(index + 1)
                // A blank inside a number only before three more digits of a whole with cents.
                let joins =
                    [" ", "\u{A0}"].contains(sign)
                    ? groups[0].count <= 3 && next == 3 && hasCents(index + 1) : next > 0
                guard joins else { break }
                separators.append(sign)
                groups.append([])
                index += 1
            } else {
                break
            }
        }
        if end < text.count, Self.isWordSign(text[end]) || Self.isMask(text[end]) { return nil }
        if end + 1 < text.count, text[end] == "-", Self.isMask(text[end + 1]) { return nil }
        guard let last = groups.last else { return nil }
        let isDecimal =
            separators.last.map { $0 == "," || $0 == "." } == true && (1...2).contains(last.count)
            && (separators.count == 1 || separators.dropLast().allSatisfy { $0 != separators.last })
        let whole = (isDecimal ? groups.dropLast() : groups[...]).flatMap { $0 }
        return TextSpan(
            kind: .number(whole: whole, cents: isDecimal ? last : []), range: start..<end)
    }

    /// `500,50` follows, perhaps after more groups of three.
    private func hasCents(_ start: Int) -> Bool {
        var index = start
        for _ in 0..<5 {
            let count = digits(index)
            guard count == 3, index + 3 < text.count else { return false }
            index += 3
            if text[index] == "," || text[index] == "." { return digits(index + 1) == 2 }
            guard [" ", "\u{A0}"].contains(text[index]) else { return false }
            index += 1
        }
        return false
    }

    private func word(_ start: Int) -> TextSpan? {
        var end = start
        var hasLetters = false
        var hasDigits = false
        while end < text.count {
            let sign = text[end]
            if Self.isDigit(sign) {
                hasDigits = true
            } else if sign == "*" || sign == "•" {
                // A mask belongs to the digits around it: 412-****567.
                guard hasDigits || end == start || text[end - 1] == sign else { break }
                hasDigits = true
            } else if Self.isLetter(sign) {
                hasLetters = true
            } else {
                break
            }
            end += 1
        }
        guard end > start else { return nil }
        let isMixed = hasDigits || text[start..<end].contains { $0 == "*" || $0 == "•" }
        guard hasLetters || isMixed else { return nil }
        return TextSpan(kind: isMixed ? .mixed : .word, range: start..<end)
    }

    static func isDigit(_ sign: Unicode.Scalar) -> Bool { (48...57).contains(sign.value) }

    /// Letters with the marks that belong to them, and digits of other scripts.
    static func isLetter(_ sign: Unicode.Scalar) -> Bool {
        isASCIILetter(sign)
            || !sign.isASCII
                && (sign.properties.isAlphabetic || sign.properties.numericType != nil
                    || (0x300...0x36F).contains(sign.value))
    }

    static func isWordSign(_ sign: Unicode.Scalar) -> Bool { isDigit(sign) || isLetter(sign) }

    private static func isASCIILetter(_ sign: Unicode.Scalar) -> Bool {
        (65...90).contains(sign.value) || (97...122).contains(sign.value)
    }

    private static func isASCIICapital(_ sign: Unicode.Scalar) -> Bool {
        (65...90).contains(sign.value)
    }

    private static func isAlphanumeric(_ sign: Unicode.Scalar) -> Bool {
        isASCIILetter(sign) || isDigit(sign)
    }
}
