// SPDX-License-Identifier: Apache-2.0

import Domain

/// The words of a payer, and which of them may be names.
struct PayerWords {
    private let words: [String]
    /// Nobody's name: a known word, or something with digits.
    private let isKnown: [Bool]
    /// `Elif +1`
    private let hasOneMore: Bool
    /// A picture of a child, a couple, a family.
    private let showsOthers: Bool

    /// The longest names have four words.
    private static let nameMax = 4
    /// `Bora Tanyel kış atölyesi katılım ücreti`: words between a name and what is paid for.
    private static let gapMax = 5
    /// A date has higher numbers, and nobody brings more people.
    private static let peopleMax = 20
    /// More than `WrittenNames` reads.
    private static let textMax = 500
    /// The letters of the longest ending of a name.
    private static let endingMax = 3

    init(_ description: String) {
        hasOneMore = Self.hasOneMore(description)
        showsOthers = description.unicodeScalars.prefix(Self.textMax).contains { scalar in
            Self.people.contains { $0.contains(scalar.value) }
        }
        words = WrittenNames.words(of: Self.parted(description)).flatMap(Self.withoutNumber)
        let all = words
        isKnown = all.indices.map { place in
            PaymentVocabulary.contains(all[place]) || all[place].contains(where: \.isNumber)
                || Self.isMonth(all, place) || Self.isInitial(all, place)
        }
    }

    /// `T. İŞ BANKASI A.Ş.`, `T.C.`, `T.A.Ş.`; `e-bilet`
    private static func isInitial(_ words: [String], _ place: Int) -> Bool {
        switch words[place] {
        case "t": place + 1 < words.count && ["a", "c", "is", "garanti"].contains(words[place + 1])
        case "e": place + 1 < words.count && ["bilet", "ticket"].contains(words[place + 1])
        case "s": place > 0 && words[place - 1] == "a"
        case "c": place > 0 && words[place - 1] == "t"
        default: false
        }
    }

    /// `Eylül ayı`, `12 Nisan`: months that are given names too, where a date says which they are.
    private static func isMonth(_ words: [String], _ place: Int) -> Bool {
        guard ["nisan", "eylul"].contains(words[place]) else { return false }
        let before = place > 0 ? words[place - 1] : ""
        let after = place + 1 < words.count ? words[place + 1] : ""
        return before.last?.isNumber == true || after.first?.isNumber == true
            || after.hasPrefix("ayi") || after.hasPrefix("donem")
    }

    /// `BoraTanyel` is two words, and so is `2kişi`: a small letter before a capital one ends a
    /// word, one digit before letters is a number. Digits of all kinds are written as ASCII.
    private static func parted(_ description: String) -> String {
        var text = ""
        var isSmall = false
        var digits = 0
        for letter in description.prefix(textMax) {
            if letter.isLetter, isSmall && letter.isUppercase || digits == 1 { text.append(" ") }
            isSmall = letter.isLowercase
            if let digit = letter.wholeNumberValue ?? keycap(letter), (0...9).contains(digit) {
                // Behind letters it is a code's or a number's.
                digits = digits > 0 || text.last?.isLetter != true ? digits + 1 : 2
                text += String(digit)
            } else {
                digits = letter.isLetter && digits > 1 ? digits : 0
                text.append(letter)
            }
        }
        return text
    }

    /// `Bora2`, `bora1990`, `bora20262`: a name with a number behind it; longer ones are a bank's.
    private static func withoutNumber(_ word: String) -> [String] {
        let letters = word.utf8.prefix { $0 &- 97 < 26 }.count
        let digits = word.utf8.count - letters
        guard word.utf8.suffix(digits).allSatisfy({ $0 &- 48 < 10 }), letters >= 3, digits > 0,
            digits <= 2 || letters > 3 && digits <= 6
        else { return [word] }
        return [String(word.prefix(letters)), String(word.suffix(digits))]
    }

    /// `2️⃣`
    private static func keycap(_ letter: Character) -> Int? {
        guard letter.unicodeScalars.count > 1, let first = letter.unicodeScalars.first,
            first.isASCII
        else { return nil }
        return Character(first).wholeNumberValue
    }

    /// A plus and a single digit; numbers of phones have more.
    private static func hasOneMore(_ description: String) -> Bool {
        let signs = Array(description.utf8.prefix(textMax))
        return signs.indices.contains { place in
            guard signs[place] == UInt8(ascii: "+") else { return false }
            let rest = signs[(place + 1)...].drop { $0 == UInt8(ascii: " ") }
            guard let digit = rest.first, (49...57).contains(digit) else { return false }
            return rest.dropFirst().first.map { !(48...57).contains($0) } ?? true
        }
    }

    /// Boys, girls, men, women, families, couples, brides, babies, the old, two who kiss.
    private static let people: [ClosedRange<UInt32>] = [
        0x1F466...0x1F478, 0x1F48F...0x1F491, 0x1F930...0x1F931, 0x1F934...0x1F936,
        0x1F9D1...0x1F9D5, 0x1FAC2...0x1FAC5,
    ]

    /// Mobile numbers of Turkey as `PhoneNumber` has them, in one piece or several.
    var phones: Set<String> {
        var found: Set<String> = []
        var place = 0
        while place < words.count {
            var digits = ""
            var end = place
            while end < words.count, digits.utf8.count < 10, words[end].allSatisfy(\.isNumber) {
                digits += words[end]
                end += 1
            }
            let isNumbered = words[..<place].suffix(2).contains(where: Self.numbered.contains)
            if let phone = PhoneNumber(digits), phone.isTurkishMobile, !isNumbered {
                found.insert(phone.digits)
                place = end
            } else {
                place += 1
            }
        }
        return found
    }

    /// What stands before numbers of banks.
    private static let numbered: Set<String> = [
        "no", "nolu", "sorgu", "ref", "referans", "islem", "fis", "dekont", "numara", "numarali",
    ]

    /// Every word, folded.
    var all: [String] { words }

    var indices: Range<Int> { words.indices }

    /// The unknown words as they stand side by side, without the endings behind them.
    var runs: [[String]] {
        var runs: [[String]] = [[]]
        for place in words.indices where !isEnding(place) {
            if isKnown[place] || isGoal(place) {
                runs.append([])
            } else {
                runs[runs.count - 1].append(words[place])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    subscript(place: Int) -> String { words[place] }

    // MARK: - Names

    func isGoal(_ place: Int) -> Bool { Self.goals.contains(words[place]) }

    /// The names that the word at a place points at.
    func names(at place: Int) -> [[String]] {
        let word = words[place]
        var names: [[String]] = []
        if Self.labels.contains(word) { names.append(name(after: place)) }
        if isGoal(place) || PaymentVocabulary.isClaim(word) {
            names.append(name(before: place))
        } else if PaymentVocabulary.isSlot(word) {
            // One strange word before „kayıt“ is as often the event's.
            let name = name(before: place)
            if name.count > 1 { names.append(name) }
        } else if WrittenNames.genitives.contains(word) {
            names.append(run(upTo: place))
        } else if isBetweenNames(place) {
            names += [run(upTo: place), name(after: place + 1)]
        }
        return names
    }

    /// The name before a word, with words of the event and of payments between them or not.
    func name(before place: Int) -> [String] {
        var end = place
        while end > 0, place - end < Self.gapMax, isKnown[end - 1] || isEnding(end - 1),
            !isGoal(end - 1)
        { end -= 1 }
        return run(upTo: end)
    }

    /// The name after a label, with other labels between them or not.
    private func name(after place: Int) -> [String] {
        let rest = words[place...].drop { Self.labels.contains($0) }
        return Array(rest.indices.prefix { !isKnown[$0] }.prefix(Self.nameMax).map { words[$0] })
    }

    /// The unknown words that end before a place, each once.
    private func run(upTo end: Int) -> [String] {
        var name: [String] = []
        for place in (0..<end).reversed() where !isEnding(place) {
            guard !isKnown[place], !isGoal(place), name.count < Self.nameMax else { break }
            if !name.contains(words[place]) { name.insert(words[place], at: 0) }
        }
        return name
    }

    /// What an apostrophe divided from the name before it: `Bora'nın`.
    private func isEnding(_ place: Int) -> Bool {
        place > 0 && Self.endings.contains(words[place]) && words[place - 1].count > 1
            && !isKnown[place - 1]
    }

    /// `Bora ve Elif Karaca`
    private func isBetweenNames(_ place: Int) -> Bool {
        ["ve", "ile", "and"].contains(words[place]) && place + 1 < words.count
            && !isKnown[place + 1]
    }

    private static let goals: Set<String> = ["adina", "namina", "icin", "yerine"]
    private static let endings: Set<String> = WrittenNames.genitives.union([
        "i", "u", "a", "e", "ya", "ye", "yi", "yu", "da", "de", "ta", "te", "dan", "den", "tan",
        "ten", "la", "le", "yla", "yle",
    ])
    private static let labels: Set<String> = [
        "katilimci", "kursiyer", "ogrenci", "misafir", "davetli", "isim", "ad", "adi", "soyad",
        "soyadi", "adsoyad", "for",
    ]

    // MARK: - Others without a name

    /// `oğlum`, `eşimin`, `kardeşi`, `my son`.
    func isKin(_ place: Int) -> Bool {
        let word = words[place]
        if Self.kinOfPayer.contains(word) || Self.kinOfGuest.contains(word) { return true }
        if PaymentVocabulary.isSomebody(word) { return true }
        // `dernek adına`
        if Self.groups.contains(word), place + 1 < words.count,
            Self.onBehalf.contains(words[place + 1])
        {
            return true
        }
        if Self.kinInEnglish.contains(word) { return place > 0 && words[place - 1] == "my" }
        return WrittenNames.stems(of: word).contains(where: Self.kinOfPayer.contains)
    }

    /// `2. kişi`, `iki adet bilet`, `diğer kayıt`, `bilet x2`, `+1`.
    var hasAnotherSeat: Bool {
        hasOneMore || showsOthers || indices.contains(where: isAnotherSeat)
            || indices.count(where: isKindOfSeat) > 1
    }

    /// `1 tam 1 öğrenci`: one of each is two.
    private func isKindOfSeat(_ place: Int) -> Bool {
        Self.kindsOfSeat.contains(words[place]) && place > 0
            && ["1", "bir", "one", "ve", "and"].contains(words[place - 1])
    }

    private static let kindsOfSeat: Set<String> = [
        "tam", "ogrenci", "yetiskin", "cocuk", "indirimli", "adult", "student", "child", "full",
    ]

    private func isAnotherSeat(_ place: Int) -> Bool {
        if Self.times.contains(words[place]) { return true }
        // `ikinci ödeme`; `Diğer Ödemeler` is the bank's.
        if words[place].hasPrefix("odeme"), place > 0,
            Self.seconds.contains(words[place - 1])
        {
            return true
        }
        guard PaymentVocabulary.isCountable(words[place]) else { return false }
        // `kişi: 2`; `kayıt 22.11` is a date.
        if place == words.count - 2, let last = Int(words[place + 1]),
            (2...Self.peopleMax).contains(last)
        {
            return true
        }
        let before = words[..<place].reversed()
            .drop { $0 == "adet" || $0 == "tane" }.prefix(2).map(\.self)
        guard let count = before.first else { return false }
        if Self.others.contains(count) { return true }
        guard let number = Int(count.prefix(while: \.isNumber)),
            (2...Self.peopleMax).contains(number)
        else { return false }
        // `22.11 kayıt` is a date.
        return words[place].hasPrefix("kisi") || before.count < 2 || Int(before[1]) == nil
    }

    private static let times = Set((2...9).flatMap { ["x\($0)", "\($0)x"] })
    private static let seconds: Set<String> = ["ikinci", "ucuncu", "2", "3"]
    private static let onBehalf: Set<String> = ["adina", "namina", "yerine"]
    private static let groups: Set<String> = [
        "dernek", "dernegi", "kulup", "kulubu", "grup", "grubu", "ekip", "ekibi", "takim", "takimi",
        "sinif", "sinifi", "okul", "okulu", "vakif", "vakfi", "sti", "ltd", "as", "s", "koro",
    ]
    private static let others: Set<String> = [
        "ek", "ilave", "ekstra",
        "ikinci", "ucuncu", "dorduncu", "besinci", "iki", "uc", "dort", "bes", "diger", "oteki",
        "oburu", "baska", "second", "third", "other", "another", "two", "three",
    ]
    private static let kinOfPayer = Set(
        """
        kizim oglum esim annem babam kardesim abim agabeyim ablam arkadasim yegenim kuzenim torunum
        dedem ninem anneannem babaannem halam teyzem amcam dayim yengem enistem kocam sevgilim
        nisanlim cocugum bebegim ogrencim misafirim konugum calisanim personelim musterim ikizim
        gelinim damadim kayinvalidem kayinpederim kizlarim ogullarim cocuklarim arkadaslarim
        kardeslerim ogrencilerim misafirlerim kizimiz oglumuz cocugumuz cocuklarimiz arkadasimiz
        kankam komsum ortagim patronum mudurum
        """.split(whereSeparator: \.isWhitespace).map(String.init))
    private static let kinOfGuest: Set<String> = [
        "kizi", "oglu", "esi", "annesi", "babasi", "kardesi", "ablasi", "abisi", "arkadasi",
        "cocugu", "torunu", "yegeni", "kuzeni",
    ]
    private static let kinInEnglish: Set<String> = [
        "son", "daughter", "wife", "husband", "friend", "mother", "father", "brother", "sister",
        "child", "kid", "colleague", "girlfriend", "boyfriend", "partner", "guest", "cousin",
        "nephew", "niece", "mom", "dad",
    ]
}
