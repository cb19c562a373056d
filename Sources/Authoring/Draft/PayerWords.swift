// SPDX-License-Identifier: Apache-2.0

/// With which words sentences say who paid, and what.
enum PayerWords {
    /// Turkish: the name stands before the marker.
    static let markers =
        called.flatMap { word in who.map { "\(word) \($0)" } } + [
            "göndericisinden", "kişisinden", "müşterisinden", "tarafından", "hesabından", "size",
            "sent you", "has sent you", "paid you", "sends you", "transferred",
        ]
    /// Turkish: the two words of a marker.
    private static let called = [
        "isimli/unvanlı", "isimli / unvanlı", "adlı", "isimli", "unvanlı", "adındaki",
    ]
    private static let who = [
        "kişiden", "müşteriden", "müşterimizden", "gönderenden", "göndericiden", "firmadan",
        "kullanıcıdan", "kurumdan", "üyeden",
    ]
    /// Turkish: endings that stand behind the apostrophe of a name; folded.
    static let fromEndings: Set<String> = ["dan", "den", "tan", "ten"]
    /// English: the name stands behind the marker.
    static let leads = ["from", "by", "sent by"]
    /// What stands before the payer's own words.
    static let descriptions = ["Açıklama:", "Mesaj:", "Not:", "Message:", "Note:", "Memo:"]
    /// What stands before an amount that did not move; the beginnings of folded words.
    static let otherAmounts = [
        "bakiye", "limit", "masraf", "ucret", "komisyon", "balance", "fee", "bsmv", "borc",
    ]
}
