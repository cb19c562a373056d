// SPDX-License-Identifier: Apache-2.0

/// What columns say of movements where no rule says what their words mean; folded.
enum StatusWords {
    /// Last words of headings: `Durum`, `Ödeme Durumu`, `Payment Status`.
    private static let headings: Set<String> = [
        "durum", "durumu", "statu", "statusu", "sonuc", "sonucu", "status", "state", "result",
    ]
    /// Beginnings of words for what took place.
    private static let good = [
        "gerceklesti", "gerceklesmis", "gerceklestirildi", "tamamlandi", "tamamlanmis",
        "onaylandi", "onaylanmis", "onayli", "basarili", "odendi", "alindi", "geldi", "islendi",
        "completed", "complete", "success", "approved", "paid", "settled", "ok",
    ].map { Array($0.utf8) }

    /// Beginnings of words for what did not come, went away or went back.
    private static let undone = [
        "iade", "iptal", "redd", "geri", "giden", "gonderilen", "cikan", "bekle", "askida",
        "basarisiz", "hata", "degil", "olmadi", "bloke", "borc", "back", "cancel", "refund",
        "reject", "revers", "return", "pending", "fail", "not", "outgoing", "sent", "debit",
        "declined", "denied",
    ].map { Array($0.utf8) }
    /// Longer lines are sentences.
    private static let titleWordsMax = 6

    static func isHeading(_ cell: ArraySlice<UInt8>) -> Bool {
        words(of: cell).last.map { headings.contains(String(decoding: $0, as: UTF8.self)) } ?? false
    }

    /// An empty cell says nothing.
    static func isGood(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.isEmpty
            || good.contains { cell.starts(with: $0) }
                && !words(of: cell).contains(where: isUndone)
    }

    /// Whether a line between rows says that what follows is no money that came: `Giden Ödemeler`.
    static func isTitleOfOthers(_ line: ArraySlice<UInt8>) -> Bool {
        let words = words(of: line)
        return words.count <= titleWordsMax && words.contains(where: isUndone)
    }

    private static func isUndone(_ word: ArraySlice<UInt8>) -> Bool {
        undone.contains { word.starts(with: $0) }
    }

    private static func words(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        text.split { !(48...57).contains($0) && !(97...122).contains($0) }
    }
}
