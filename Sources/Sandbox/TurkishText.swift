// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Capitals and small letters as Turkish has them: `i ↔ İ`, `ı ↔ I`.
enum TurkishCase {
    static func upper(_ text: String) -> String {
        text.map { $0 == "i" ? "İ" : $0 == "ı" ? "I" : $0.uppercased() }.joined()
    }

    static func lower(_ text: String) -> String {
        text.map { $0 == "İ" ? "i" : $0 == "I" ? "ı" : $0.lowercased() }.joined()
    }

    /// Each word with a capital first letter and small ones after it: `A.ş.`, `Ktf6hv349`.
    static func titled(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false)
            .map { upper(String($0.prefix(1))) + lower(String($0.dropFirst())) }
            .joined(separator: " ")
    }
}

/// An amount in words, as receipts print it: `BİNİKİYÜZELLİ TL`.
enum TurkishWords {
    private static let ones = [
        "", "BİR", "İKİ", "ÜÇ", "DÖRT", "BEŞ", "ALTI", "YEDİ", "SEKİZ", "DOKUZ",
    ]
    private static let tens = [
        "", "ON", "YİRMİ", "OTUZ", "KIRK", "ELLİ", "ALTMIŞ", "YETMİŞ", "SEKSEN", "DOKSAN",
    ]
    private static let groups = ["", "BİN", "MİLYON", "MİLYAR", "TRİLYON", "KATRİLYON"]

    static func amount(_ money: Money) -> String {
        let unit = money.currency == .turkishLira ? "TL" : money.currency.code
        let whole = number(money.minorUnits.magnitude / 100)
        let cents = money.minorUnits.magnitude % 100
        return "\(whole) \(unit)" + (cents == 0 ? "" : " \(number(cents)) KR")
    }

    static func number(_ value: UInt64) -> String {
        if value == 0 { return "SIFIR" }
        var words = ""
        var rest = value
        for group in groups where rest > 0 {
            let part = Int(rest % 1000)
            rest /= 1000
            if part == 0 { continue }
            // One thousand is `BİN`, not `BİRBİN`.
            words = (part == 1 && group == "BİN" ? "" : hundreds(part)) + group + words
        }
        return words
    }

    private static func hundreds(_ part: Int) -> String {
        let hundred = part / 100
        let head = hundred == 0 ? "" : (hundred == 1 ? "" : ones[hundred]) + "YÜZ"
        return head + tens[part / 10 % 10] + ones[part % 10]
    }
}
