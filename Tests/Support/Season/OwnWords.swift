// SPDX-License-Identifier: Apache-2.0

extension Draw {
    /// What somebody writes who pays for nobody else.
    mutating func ownWords(of name: String) -> String {
        let given = name.split(separator: " ").first ?? ""
        return one(of: [
            "\(name) katılım ücreti", "\(name) adına", "\(given) için", "kendi adıma",
            "atölye için", "konser bileti", "Kış Kampı katılım ücreti", "Kapadokya Gezisi için",
            "katılmak için", "Kasım ayı aidatı", "etkinlik kaydım", "benim ücretim",
            "Merhaba, kurs ödemesi, teşekkürler", "1 kişi katılım bedeli",
        ])
    }

    /// What somebody writes who pays for one who has not registered.
    mutating func wordsForNewcomer(of payer: String) -> String {
        var (given, newcomer) = (self.given(), name())
        // Whoever writes the own first name speaks of nobody else.
        while payer.contains(given) { (given, newcomer) = (self.given(), name()) }
        return one(of: [
            "\(newcomer) adına", "\(newcomer) için", "\(given) nin atölye ücreti",
            "\(newcomer) kayıt ücreti", "oğlum \(given) için", "kızım için", "2. kişi ücreti",
            "diğer kayıt", "katılımcı \(newcomer)", "eşimin katılımı", "\(given)'in ücreti",
            given, newcomer.split(separator: " ").joined(), "\(given) kampı", "onun için", "+1",
            "2kişi", "çocuk bileti", "ekip adına", "0532 444 55 66", "KT9XX4J",
            newcomer, "atölye \(newcomer)", "\(newcomer) + 1", "kira", "iade yanlış gönderim",
        ])
    }
}
