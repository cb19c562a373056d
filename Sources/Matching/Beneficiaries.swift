// SPDX-License-Identifier: Apache-2.0

import Domain

/// For whom the words of a payer say that the money is:
///
///     Bora Tanyel adına · bora nin atölye ücreti · oğlum için · katılımcı: Bora · 2. kişi
///
/// What the words of events and everyday payments leave over where a name would stand is taken
/// for one, also when no guest is called so: whoever it is may register tomorrow.
struct Beneficiaries {
    /// The first name before „adına“ or „için“, folded.
    let named: PersonName?
    /// Folded words of all whose fee or place it is said to be.
    private let names: [[String]]
    /// Words that stand for somebody else by themselves: `oglum`, `esimin`.
    private let kin: [String]
    /// `2. kişi`, `diğer kayıt`.
    private let hasAnotherSeat: Bool
    /// Words that are nobody's but a name's, or an event's, as they stand side by side.
    private let strange: [[String]]
    /// Words of the calendar that people are called, too: `Kasım`.
    private let months: [String]
    /// `iade`, `kira`: whatever it is, it is not the fee alone.
    let isOtherPurpose: Bool

    init(_ description: String) {
        let words = PayerWords(description)
        var names: [[String]] = []
        var named: [String] = []
        for place in words.indices {
            if named.isEmpty, words.isGoal(place) { named = words.name(before: place) }
            names += words.names(at: place)
        }
        self.named = PersonName(named.joined(separator: " "))
        self.names = names.filter { !$0.isEmpty }
        kin = words.indices.filter(words.isKin).map { words[$0] }
        hasAnotherSeat = words.indices.contains(where: words.isAnotherSeat)
        strange = words.runs
        months = words.indices.map { words[$0] }.filter(PaymentVocabulary.isNameToo)
        isOtherPurpose = words.indices.contains { PaymentVocabulary.isOtherPurpose(words[$0]) }
    }

    /// Whether words stand there that neither payments nor events have and that are not this
    /// guest's either: each may be somebody's name, alone or with its neighbour.
    ///
    /// - Parameters:
    ///   - title: folded words of the event.
    ///   - least: so many of them side by side.
    func areStrange(to guest: Registration, title: Set<String>, least: Int) -> Bool {
        let own = Set(guest.name?.fullWords ?? [])
        return strange.contains { run in
            run.count { !Self.isMade(of: own, title, $0) } >= least
                && !Self.isWithMiddleName(run, guest.name)
        }
    }

    /// Single words that may be the given name of another guest.
    func givenNames(besides guest: Registration) -> [String] {
        let own = Set(guest.name?.fullWords ?? [])
        return strange.flatMap(\.self).filter { word in
            !own.contains(word) && !WrittenNames.stems(of: word).contains(where: own.contains)
        } + months.filter { !own.contains($0) }
    }

    /// Whether the words say that it is for somebody else than this guest.
    ///
    /// - Parameter title: folded words of the event, which are no names.
    func speakOfAnother(than guest: Registration, title: Set<String>) -> Bool {
        if hasAnotherSeat { return true }
        let own = guest.name?.fullWords ?? []
        if kin.contains(where: { !own.contains($0) }) { return true }
        if areStrange(to: guest, title: title, least: 2) { return true }
        return names.contains { name in
            let words = name.filter { !title.contains($0) }
            return !words.isEmpty && !Self.fit(words, guest.name)
        }
    }

    /// `elifin`, `elifkaraca`, `elifkaracaatolye`: one of these words, or some of them and of the
    /// vocabulary without a blank.
    private static func isMade(
        of own: Set<String>, _ title: Set<String>, _ word: String
    ) -> Bool {
        func isKnown(_ word: String) -> Bool {
            own.contains(word) || title.contains(word) || PaymentVocabulary.contains(word)
                || WrittenNames.stems(of: word).contains {
                    own.contains($0) || title.contains($0)
                }
        }
        if isKnown(word) { return true }
        return WrittenNames.splits(of: word, gluedMin).contains { head, tail in
            guard isKnown(head) else { return false }
            return isKnown(tail)
                || WrittenNames.splits(of: tail, gluedMin).contains {
                    isKnown($0.head) && isKnown($0.tail)
                }
        }
    }

    /// Shorter words stand in every name.
    private static let gluedMin = 3

    /// `Elif Nur Karaca` for a guest who left the second name out.
    private static func isWithMiddleName(_ run: [String], _ guest: PersonName?) -> Bool {
        guard let guest, run.count == guest.words.count + 1, let last = run.last else {
            return false
        }
        return ([last] + WrittenNames.stems(of: last)).contains { stem in
            let name = PersonName((run.dropLast() + [stem]).joined(separator: " "))
            return run.first == guest.words.first && stem == guest.lastWord
                && NameAgreement(payer: name, guest: guest) >= .agrees
        }
    }

    /// One word is the guest's when it is one of the given names: surnames are a family's.
    private static func fit(_ words: [String], _ guest: PersonName?) -> Bool {
        guard let guest, let last = words.last else { return false }
        if WrittenNames(words.joined(separator: " ")).isOnly(guest) { return true }
        return ([last] + WrittenNames.stems(of: last)).contains { stem in
            guard words.count > 1 else { return guest.words.dropLast().contains(stem) }
            let name = PersonName((words.dropLast() + [stem]).joined(separator: " "))
            return NameAgreement(payer: name, guest: guest) >= .agrees
        }
    }
}

/// The words of a payer, and which of them may be names.
private struct PayerWords {
    private let words: [String]
    /// Nobody's name: a known word, or something with digits.
    private let isKnown: [Bool]

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
        words = WrittenNames.words(of: Self.parted(description))
        let all = words
        isKnown = all.indices.map { place in
            PaymentVocabulary.contains(all[place]) || all[place].contains(where: \.isNumber)
                || Self.isMonth(all, place)
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

    /// `BoraTanyel` is two words: a small letter before a capital one ends a word.
    private static func parted(_ description: String) -> String {
        var text = ""
        var isSmall = false
        for letter in description.prefix(textMax) {
            if isSmall, letter.isUppercase { text.append(" ") }
            isSmall = letter.isLowercase
            text.append(letter)
        }
        return text
    }

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
        } else if Self.genitives.contains(word) {
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
    private static let genitives: Set<String> = ["nin", "nun", "in", "un"]
    private static let endings: Set<String> = genitives.union([
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
        if Self.kinInEnglish.contains(word) { return place > 0 && words[place - 1] == "my" }
        return WrittenNames.stems(of: word).contains(where: Self.kinOfPayer.contains)
    }

    /// `2. kişi`, `iki adet bilet`, `diğer kayıt`.
    func isAnotherSeat(_ place: Int) -> Bool {
        guard PaymentVocabulary.isCountable(words[place]) else { return false }
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

    private static let others: Set<String> = [
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
