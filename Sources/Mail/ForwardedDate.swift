// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials

/// Reads the date in the heading of a forwarded mail: `27 Eki 2026 Sal, 09:31`,
/// `Perşembe, 28 Ekim 2026 12:46`, `2 Kasım 2026 Pazartesi 09:26:50 GMT+1`, `28/10/2026 12:46`,
/// `Tue, Oct 27, 2026 at 9:31 AM`, `Tue, 27 Oct 2026 09:31:00 +0300`.
///
/// A person's program wrote it, so it is for showing, never a proof. Without a zone it is Istanbul;
/// numbers alone are day, month, year; what could be read in two ways is no date.
enum ForwardedDate {
    /// Words in a date; the longest of the forms has eight.
    private static let wordsMax = 12
    private static let bytesMax = 100

    static func read(_ text: Substring) -> Date? {
        guard text.utf8.count <= bytesMax else { return nil }
        let words = String(text).turkishFolded().split {
            $0 == " " || $0 == "," || $0 == "(" || $0 == ")"
        }
        guard words.count <= wordsMax else { return nil }
        var found = Found()
        for word in words { found.take(word) }
        return found.date
    }

    private struct Found {
        var day: Int?
        var month: Int?
        var year: Int?
        var clock: [Int] = []
        var isAfternoon: Bool?
        var zone: String?
        var isOdd = false

        mutating func take(_ word: Substring) {
            if word.first?.isNumber == true {
                takeNumber(word)
            } else if word.hasPrefix("gmt") || word.hasPrefix("utc") {
                takeZone(word.dropFirst(3))
            } else if word.hasPrefix("+") || word.hasPrefix("-") {
                takeZone(word)
            } else if word == "am" || word == "oo" {
                isAfternoon = false
            } else if word == "pm" || word == "os" {
                isAfternoon = true
            } else if let number = ForwardedHeadings.months[String(word.prefix(3))],
                word.utf8.count == 3 || ForwardedHeadings.monthNames.contains(String(word))
            {
                isOdd = isOdd || month != nil
                month = number
            }
        }

        private mutating func takeNumber(_ word: Substring) {
            if word.contains(":") {
                let parts = Self.numbers(word, ":")
                isOdd = isOdd || !clock.isEmpty || !(2...3).contains(parts.count)
                clock = parts
                return
            }
            for sign in ["/", ".", "-"] as [Character] where word.dropLast().contains(sign) {
                let parts = Self.numbers(word, sign)
                isOdd = isOdd || parts.count != 3 || day != nil
                guard parts.count == 3 else { return }
                // 2026-10-28 is the one form that begins with the year.
                let isYearFirst = parts[0] > 31
                (day, month, year) =
                    isYearFirst ? (parts[2], parts[1], parts[0]) : (parts[0], parts[1], parts[2])
                return
            }
            guard let number = Int(word.filter(\.isNumber)), number < 10_000 else {
                isOdd = true
                return
            }
            if number > 31 {
                isOdd = isOdd || year != nil
                year = number
            } else {
                isOdd = isOdd || day != nil
                day = number
            }
        }

        private mutating func takeZone(_ text: Substring) {
            var digits = text.dropFirst().filter(\.isNumber)
            if digits.utf8.count <= 2 {
                digits = String(repeating: "0", count: 2 - digits.utf8.count) + digits + "00"
            }
            guard digits.utf8.count == 4, let sign = text.first else {
                zone = "+0000"
                return
            }
            zone = String(sign) + digits
        }

        var date: Date? {
            guard !isOdd, let day, let month, let year, (1...12).contains(month) else {
                return nil
            }
            var hour = clock.first ?? 0
            if let isAfternoon {
                guard (1...12).contains(hour) else { return nil }
                hour = hour % 12 + (isAfternoon ? 12 : 0)
            }
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let minute = clock.count > 1 ? clock[1] : 0
            let second = clock.count > 2 ? clock[2] : 0
            return Timestamp.date(
                "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))"
                    + (zone ?? ""))
        }

        private static func numbers(_ word: Substring, _ sign: Character) -> [Int] {
            word.split(separator: sign).compactMap { Int($0) }.filter { (0..<10_000) ~= $0 }
        }
    }
}
