// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// The language in which guests of an event are written to.
package enum GuestLanguage: String, Hashable, Sendable, CaseIterable {
    case turkish = "tr"
    case english = "en"

    func pick(_ turkish: String, _ english: String) -> String {
        self == .turkish ? turkish : english
    }

    private static let months: [(turkish: String, english: String)] = [
        ("Ocak", "January"), ("Şubat", "February"), ("Mart", "March"), ("Nisan", "April"),
        ("Mayıs", "May"), ("Haziran", "June"), ("Temmuz", "July"), ("Ağustos", "August"),
        ("Eylül", "September"), ("Ekim", "October"), ("Kasım", "November"), ("Aralık", "December"),
    ]

    /// `25 Kasım 2026 14.05`, `25 November 2026, 14:05 (Istanbul)`: the wall clock in Istanbul,
    /// which has been three hours ahead of UTC since 2016.
    func moment(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 3 * 3_600) ?? calendar.timeZone
        let part = calendar.dateComponents([.day, .month, .year, .hour, .minute], from: date)
        func two(_ number: Int?) -> String {
            let digits = String(number ?? 0)
            return digits.utf8.count < 2 ? "0" + digits : digits
        }
        let month = Self.months[((part.month ?? 1) - 1) % 12]
        let day = "\(part.day ?? 1) \(pick(month.turkish, month.english)) \(part.year ?? 1970)"
        return pick(
            "\(day) \(two(part.hour)).\(two(part.minute))",
            "\(day), \(two(part.hour)):\(two(part.minute)) (Istanbul)")
    }

    /// The usual SMS about paying, with the places of `Payee`.
    ///
    /// - Parameter isPart: the guest has paid a part, and this is about the rest.
    func shortText(isReminder: Bool, isPart: Bool, hasDeadline: Bool) -> String {
        let opening =
            isPart
            ? pick("Ödemenizin bir kısmı ulaştı, kalan: ", "A part has arrived, still to pay: ")
            : isReminder
                ? pick("Ödemeniz henüz ulaşmadı: ", "We are still waiting for your payment: ")
                : pick("Kaydınız alındı. ", "We have your registration. ")
        let account =
            isReminder || isPart
            ? pick(
                "{amount}, IBAN {iban}, alıcı {holder}. ", "{amount}, IBAN {iban}, {holder}. ")
            : pick(
                "{amount} için IBAN {iban}, alıcı {holder}. ",
                "Please pay {amount} to IBAN {iban}, {holder}. ")
        let until =
            hasDeadline ? pick("Son ödeme {deadline}. ", "Pay by {deadline}. ") : ""
        return opening + account + until
            + pick("Açıklamaya yalnız bu kodu yazın: ", "Write only this code as description: ")
            + "{code} {link}"
    }
}
