// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Numbers in Turkish words, as banks print them: in one piece, without blanks.
enum AmountInWords {
    private static let ones = [
        "", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz",
    ]
    private static let tens = [
        "", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan",
    ]
    private static let groups = ["", "bin", "milyon", "milyar"]

    /// `1250` → `binikiyuzelli`, folded; nil for nought and for what banks do not write out.
    static func text(_ digits: [UInt8]) -> String? {
        guard let number = value(digits), number > 0 else { return nil }
        return words(number).turkishFolded()
    }

    /// The words of a folded text of `text(_:)` with their Turkish letters.
    static func written(_ folded: String, upper: Bool) -> String {
        var rest = Substring(folded)
        var output = ""
        let all = (ones + tens + groups + ["yüz"]).filter { !$0.isEmpty }
            .map { (folded: $0.turkishFolded(), word: $0) }
            .sorted { $0.folded.count > $1.folded.count }
        while !rest.isEmpty, let (prefix, word) = all.first(where: { rest.hasPrefix($0.folded) }) {
            output += upper ? capitals(word) : word
            rest = rest.dropFirst(prefix.count)
        }
        return output
    }

    private static func capitals(_ word: String) -> String {
        String(word.map { $0 == "i" ? "İ" : $0 == "ı" ? "I" : Character($0.uppercased()) })
    }

    private static func value(_ digits: [UInt8]) -> Int? {
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    private static func words(_ number: Int) -> String {
        var rest = number
        var output = ""
        for group in groups {
            let part = rest % 1000
            rest /= 1000
            // A thousand is bin, not birbin.
            let words = group == "bin" && part == 1 ? "" : below1000(part)
            if part > 0 { output = words + group + output }
        }
        return output
    }

    private static func below1000(_ number: Int) -> String {
        let hundreds = number / 100
        let prefix = hundreds == 0 ? "" : (hundreds == 1 ? "" : ones[hundreds]) + "yüz"
        return prefix + tens[number / 10 % 10] + ones[number % 10]
    }
}
