// SPDX-License-Identifier: Apache-2.0

/// The names under which states, verdicts and outcomes are kept, as Turkish words. Programs and
/// English readers see the names themselves.
package enum StateText {
    /// The word, or the name itself where it is the bank's or nobody knows it.
    package static func turkish(_ name: String) -> String { words[name] ?? name }

    private static let words = [
        // Who decided
        "agent": "ajan", "operator": "görevli",
        // Registrations
        "awaitingPayment": "ödeme bekliyor", "underpaid": "eksik ödendi", "paid": "ödendi",
        "confirmed": "onaylandı", "waitlisted": "yedek listede", "offered": "yer önerildi",
        "expired": "süresi doldu", "cancelled": "iptal edildi", "refundDue": "iade edilecek",
        "refunded": "iade edildi", "suspended": "askıda",
        // Payments
        "received": "geldi", "allocated": "kayda yazıldı", "credit": "alacak",
        "review": "karar bekliyor", "ignored": "sayılmadı", "reversed": "geri alındı",
        // Accounts
        "bank": "banka", "refund_due": "iade edilecek",
        // Effects
        "ready": "sırada", "running": "sürüyor", "done": "yapıldı", "waiting": "bekliyor",
        "unknown": "sonucu belirsiz", "refused": "reddedildi", "dead": "bırakıldı",
        // Verdicts and questions
        "approve": "onay", "overpaid": "fazla ödendi", "split": "bölündü",
        "duplicate": "ikinci bildirim", "none": "yok", "undone": "geri alınan karar",
        "separated": "ayrılan bildirim", "drift": "yeni biçim",
        // Mails
        "payment": "ödeme", "reversal": "ödemeyi geri alma", "not_a_payment": "ödeme değil",
        "payment_without_details": "ayrıntısız ödeme", "unclear": "belirsiz",
        "unread": "okunmadı",
        // Proof
        "verified": "doğrulandı", "vouched": "kefil var", "unverified": "doğrulanmadı",
        "forged": "sahte",
        // Answers and other decisions
        "accept": "kabul", "assign": "atama", "refund": "iade", "ignore": "sayma",
        "match": "eşleşme", "matched": "eşleşti", "reverse": "ödemeyi geri alma", "cancel": "iptal",
        "expire": "süre doldu", "undo": "kararı geri alma",
    ]
}
