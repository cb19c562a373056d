// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// With which words banks say that money came in or went out.
enum DirectionWords {
    /// The most telling ones first.
    static let cameIn = [
        "hesabınıza", "hesabına", "para girişi", "para geldi", "gelen para", "gelen havale",
        "gelen eft", "gelen fast", "gelen transfer", "size gönderdi", "cüzdanınıza", "gelen",
        "you received", "you have received", "you've received", "sent you", "paid you",
        "has been deposited", "has been credited", "into your account", "to your account",
        "credited", "deposited", "incoming", "received",
    ]
    static let wentOut = [
        "hesabınızdan", "hesabından", "gönderdiniz", "gönderiminiz gerçekleş",
        "para transferiniz gerçekleş", "çıkışı", "giden", "from your account", "you sent",
        "you paid", "has been debited", "outgoing",
    ]
    /// What a rule denies besides what it saw.
    static let deniedTurkish = ["hesabınızdan", "tarafına"]
    static let deniedEnglish = ["from your account", "you sent", "you paid", "debited"]
    /// What only a notice of money that went out says.
    static let outgoingTurkish = ["hesabınızdan", "gönderdiniz"]
    static let outgoingEnglish = [
        "from your account", "you sent", "you paid", "debited", "outgoing payment",
        "outgoing transfer",
    ]

    /// What became of the money: without it a frame fits a notice of what did not happen as well.
    static let happened = [
        "gelmiştir", "geldi", "yatırılmıştır", "yatırıldı", "aktarılmıştır", "aktarıldı",
        "ulaşmıştır", "ulaştı", "eklenmiştir", "eklendi", "geçmiştir", "kaydedilmiştir",
        "gerçekleşmiştir", "yapılmıştır", "has been received", "has been credited",
        "has been deposited", "was credited", "was received",
    ]
    /// Words that stand in `folded`, at most `limit`, none within another one.
    static func found(_ words: [String], in folded: String, limit: Int) -> [String] {
        var found: [String] = []
        for word in words where contains(folded, word.turkishFolded()) {
            guard found.count < limit, !found.contains(where: { $0.contains(word) }) else {
                continue
            }
            found.append(word)
        }
        return found
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard let first = part.first, text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { start in
            text[start] == first && text[start..<(start + part.count)].elementsEqual(part)
        }
    }

    private static let opposites: [(here: String, there: String)] = [
        ("hesabınıza", "hesabınızdan"), ("hesabına", "hesabından"), ("tarafından", "tarafına"),
        ("kişiden", "kişiye"), ("gelen", "giden"), ("geldi", "gönderildi"),
        ("gelmiştir", "gönderilmiştir"), ("girişi", "çıkışı"), ("yatırılmıştır", "çekilmiştir"),
        ("yatırıldı", "çekildi"), ("gönderen", "alıcı"), ("gönderici", "alıcı"),
        ("aktarıldı", "gönderildi"), ("size", "sizden"), ("received", "sent"), ("from", "to"),
        ("credited", "debited"), ("deposited", "withdrawn"), ("incoming", "outgoing"),
        ("sender", "recipient"), ("payer", "recipient"), ("to", "from"),
    ]

    /// The notice of money that went out, as the same bank would write it.
    static func outgoing(_ text: String) -> String {
        let signs = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        for span in TextScanner(signs).spans() where span.kind == .word {
            let word = signs[span.range]
            let folded = String(String.UnicodeScalarView(word)).turkishFolded()
            guard let pair = opposites.first(where: { $0.here.turkishFolded() == folded }) else {
                continue
            }
            output.append(contentsOf: signs[index..<span.range.lowerBound])
            output.append(contentsOf: cased(pair.there, like: word).unicodeScalars)
            index = span.range.upperBound
        }
        output.append(contentsOf: signs[index...])
        return String(output)
    }

    private static func cased(_ word: String, like model: ArraySlice<Unicode.Scalar>) -> String {
        let isUpper = model.count > 1 && !model.contains { $0.properties.isLowercase }
        func capital(_ sign: Character) -> String {
            sign == "i" ? "İ" : sign == "ı" ? "I" : sign.uppercased()
        }
        if isUpper { return word.map(capital).joined() }
        if model.first?.properties.isUppercase == true, let first = word.first {
            return capital(first) + word.dropFirst()
        }
        return word
    }
}
