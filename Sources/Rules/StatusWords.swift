// SPDX-License-Identifier: Apache-2.0

/// What columns say of movements where no rule says what their words mean; folded.
enum StatusWords {
    private static let headings: Set<String> = [
        "durum", "durumu", "islem durumu", "statu", "statusu", "islem statusu", "sonuc", "sonucu",
        "islem sonucu", "status", "state", "result",
    ]
    /// Beginnings of words for what took place.
    private static let good = [
        "gerceklesti", "gerceklesmis", "gerceklestirildi", "tamamlandi", "tamamlanmis",
        "onaylandi", "onaylanmis", "onayli", "basarili", "odendi", "alindi", "geldi", "islendi",
        "completed", "complete", "success", "approved", "paid", "settled", "ok",
    ].map { Array($0.utf8) }

    static func isHeading(_ cell: ArraySlice<UInt8>) -> Bool {
        headings.contains(String(decoding: cell, as: UTF8.self))
    }

    /// An empty cell says nothing.
    static func isGood(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.isEmpty || good.contains { cell.starts(with: $0) }
    }
}
