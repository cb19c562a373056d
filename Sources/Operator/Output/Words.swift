// SPDX-License-Identifier: Apache-2.0

internal import Agent

extension Language {
    /// The name of a state, verdict or outcome as people read it.
    func word(_ name: String) -> String { pick(name, StateText.turkish(name)) }

    func word(_ value: some RawRepresentable<String>) -> String { word(value.rawValue) }

    /// Headings of tables.
    func headings(_ english: [String]) -> [String] {
        english.map { pick($0, Self.turkishHeadings[$0] ?? $0) }
    }

    static let turkishHeadings = [
        "ID": "NO", "ABOUT": "KONU", "KIND": "TÜR", "OPENED": "AÇILDI", "CANDIDATES": "ADAYLAR",
        "DMARC": "DMARC", "WHY": "NEDEN", "AMOUNT": "TUTAR", "PAYER": "GÖNDEREN",
        "REFERENCE": "KOD", "STATE": "DURUM", "VERDICT": "KARAR", "OCCURRED": "ZAMAN",
        "RULE": "KURAL", "FOLDER": "KLASÖR", "UID": "UID", "SHA-256": "SHA-256",
        "OUTCOME": "SONUÇ", "TRUST": "GÜVEN", "REASON": "GEREKÇE", "EFFECT": "İŞLEM",
        "ATTEMPTS": "DENEME", "AGAIN AT": "YENİDEN", "LAST ERROR": "SON HATA",
        "EVENT": "ETKİNLİK", "NAME": "AD", "DUE": "TUTAR", "PAID": "ÖDENEN", "PAYMENT": "ÖDEME",
        "IBAN": "IBAN", "ACCOUNT": "HESAP", "BALANCE": "BAKİYE", "WHAT": "NE", "BY": "KİM",
        "AT": "ZAMAN", "UNDONE BY": "GERİ ALAN",
    ]
}

extension Int {
    /// `1 mail`, `2 mails`.
    func of(_ one: String) -> String { "\(self) \(one)\(self == 1 ? "" : "s")" }
}
