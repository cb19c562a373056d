// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// The code of a bank in a Turkish IBAN, signs 5 to 9, and which bank the shipped rules mean.
enum BankCode {
    /// By the bank of a rule. Providers without accounts of a bank have none; a bank that is not
    /// listed, such as that of a rule of one's own, may be any.
    private static let codes: [String: Set<String>] = [
        "akbank": ["00046"], "denizbank": ["00134"],
        // A part of QNB before it became a bank.
        "enpara": ["00111", "00157"],
        "garanti-bbva": ["00062"], "halkbank": ["00012"], "is-bankasi": ["00064"],
        "kuveyt-turk": ["00205"], "qnb": ["00111"], "teb": ["00032"], "vakifbank": ["00015"],
        "yapi-kredi": ["00067"], "ziraat": ["00010"],
        "iyzico": [], "moka-united": [], "papara": [], "papel": [], "param": [], "paypal": [],
        "paytr": [], "revolut": [], "shopier": [], "stripe": [], "venmo": [], "wise": [],
    ]

    /// The code in a Turkish IBAN of which at least so much is printed: `TR33 0006 1*** 26`.
    static func shown(by account: String) -> String? {
        let signs = account.uppercased().filter { !$0.isWhitespace }.prefix(9)
        guard signs.count == 9, signs.hasPrefix("TR"),
            signs.dropFirst(2).allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return String(signs.suffix(5))
    }

    /// Whether the account is of the bank; nil when nobody can tell.
    static func isAccount(_ account: IBAN, of bank: String) -> Bool? {
        guard account.text.hasPrefix("TR"), let codes = codes[bank] else { return nil }
        return codes.contains(String(account.text.dropFirst(4).prefix(5)))
    }
}
