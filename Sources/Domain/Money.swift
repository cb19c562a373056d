// SPDX-License-Identifier: Apache-2.0

/// An ISO 4217 currency code, such as `TRY`.
package struct Currency: Hashable, Sendable, Codable, CustomStringConvertible {
    package let code: String

    /// Three letters A–Z in either case; `TL` and `₺` are read as `TRY`. Anything else is nil.
    package init?(_ text: String) {
        // Letters first: capitals of `ß` or `ﬀ` are several letters of the alphabet.
        let isLatin = text.utf8.allSatisfy { (65...90).contains($0 & ~0x20) }
        let upper = isLatin ? text.uppercased() : text
        if upper == "TL" || upper == "₺" {
            code = "TRY"
        } else if isLatin, upper.utf8.count == 3 {
            code = upper
        } else {
            return nil
        }
    }

    private init(known code: String) { self.code = code }

    package static let turkishLira = Currency(known: "TRY")

    /// Whether there is a smaller unit; of yen and won there is none, and their amounts are written
    /// without decimals, or with zeros. Source: ISO 4217, list one, read 2026-11-23.
    package var hasMinorUnit: Bool { !Self.whole.contains(code) }

    private static let whole: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
        "VUV", "XAF", "XOF", "XPF",
    ]

    package var description: String { code }
}

/// An amount of money: whole minor units (kuruş, cent) and the currency they are of.
///
/// Amounts of two currencies are never compared or added: `adding` and the like answer nil.
package struct Money: Hashable, Sendable, Codable, CustomStringConvertible {
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The sum, or nil when the currencies differ or the number does not fit.
    package func adding(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        return overflow ? nil : Money(minorUnits: sum, currency: currency)
    }

    /// The difference, or nil when the currencies differ or the number does not fit.
    package func subtracting(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (rest, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
        return overflow ? nil : Money(minorUnits: rest, currency: currency)
    }

    /// A plain decimal with a dot, such as `1250.00`, as registration files and exports use it.
    ///
    /// At most two decimals, no grouping, no sign: what could be read in two ways is nil, and so is
    /// what is no money: `1250.50` yen.
    package init?(decimal text: String, currency: Currency) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty,
            whole.utf8.allSatisfy({ (48...57).contains($0) }), let units = Int64(whole)
        else { return nil }
        var minor: Int64 = 0
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...2).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(digits)
            else { return nil }
            minor = digits.utf8.count == 1 ? value * 10 : value
        }
        guard minor == 0 || currency.hasMinorUnit else { return nil }
        let (hundreds, overflow) = units.multipliedReportingOverflow(by: 100)
        let (total, overflowToo) = hundreds.addingReportingOverflow(minor)
        guard !overflow, !overflowToo else { return nil }
        self.init(minorUnits: total, currency: currency)
    }

    /// A plain decimal with a dot and two places: `1250.00`.
    package var decimal: String {
        let magnitude = minorUnits.magnitude
        let cents = magnitude % 100
        return (minorUnits < 0 ? "-" : "") + "\(magnitude / 100)." + (cents < 10 ? "0" : "")
            + "\(cents)"
    }

    /// As people in Turkey write it: `1.250,00 TL`.
    package var description: String {
        let magnitude = minorUnits.magnitude
        var whole = String(magnitude / 100)
        var index = whole.count - 3
        while index > 0 {
            whole.insert(".", at: whole.index(whole.startIndex, offsetBy: index))
            index -= 3
        }
        let cents = magnitude % 100
        let sign = minorUnits < 0 ? "-" : ""
        let unit = currency == .turkishLira ? "TL" : currency.code
        return "\(sign)\(whole),\(cents < 10 ? "0" : "")\(cents) \(unit)"
    }
}
