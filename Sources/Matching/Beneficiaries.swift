// SPDX-License-Identifier: Apache-2.0

import Domain

/// For whom the words of a payer say that the money is:
///
///     Bora Tanyel adına · bora nin atölye ücreti · oğlum için · katılımcı: Bora · 2. kişi
///
/// What the words of events and everyday payments leave over where a name would stand is taken
/// for one, also when no guest is called so: whoever it is may register tomorrow.
///
/// Nothing but `named` is looked for before it is asked: most payments bear a code.
struct Beneficiaries {
    /// The first name before „adına“ or „için“, folded.
    let named: PersonName?
    private let words: PayerWords

    init(_ description: String) {
        words = PayerWords(description)
        named = words.indices.lazy.filter(words.isGoal)
            .map { [words] in words.name(before: $0) }.first { !$0.isEmpty }
            .flatMap { PersonName($0.joined(separator: " ")) }
    }

    /// Folded words of all whose fee or place it is said to be.
    private var names: [[String]] {
        words.indices.flatMap(words.names).filter { !$0.isEmpty }
    }

    /// Words that stand for somebody else by themselves: `oglum`, `esimin`.
    private var kin: [String] { words.indices.filter(words.isKin).map { words[$0] } }

    /// Whether words stand there that neither payments nor events have and that are not this
    /// guest's either: each may be somebody's name, alone or with its neighbour.
    ///
    /// - Parameters:
    ///   - title: folded words of the event.
    ///   - least: so many of them side by side.
    func areStrange(to guest: Registration, title: Set<String>, least: Int) -> Bool {
        let own = Set(guest.name?.fullWords ?? [])
        return words.runs.contains { run in
            run.count { !Self.isMade(of: own, title, $0) } >= least
        }
    }

    /// Single words that may be the given name of another guest, first those that nothing else is
    /// called: who has a word of payments for a name is registered under it.
    func givenNames(besides guest: Registration) -> [String] {
        let own = Set(guest.name?.fullWords ?? [])
        let unknown = words.runs.flatMap(\.self)
        var seen: Set<String> = []
        return (unknown + words.all).filter { word in
            word.utf8.count > 1 && !word.contains(where: \.isNumber) && !own.contains(word)
                && seen.insert(word).inserted
        }
    }

    /// Whether it is something else than the guest's fee: `iade`, what another event is called, or
    /// what is done elsewhere than where the title says.
    ///
    /// - Parameters:
    ///   - title: folded words that guests call the event; none where nobody told them.
    ///   - id: the folded words of its id.
    ///   - isElsewhere: whether a word is another event's.
    func speakOfOtherPurpose(
        title: Set<String>, id: [String], _ isElsewhere: (String) -> Bool
    ) -> Bool {
        if words.all.contains(where: PaymentVocabulary.isOtherPurpose) { return true }
        if words.all.contains(where: { word in
            isElsewhere(word) || WrittenNames.stems(of: word).contains(where: isElsewhere)
        }) {
            return true
        }
        return words.all.contains { word in
            let isApart =
                PaymentVocabulary.isBeside(word)
                || !title.isEmpty && PaymentVocabulary.isActivity(word)
            return isApart
                && !title.union(id).contains { $0.hasPrefix(word.prefix(Self.stemMin)) }
        }
    }

    /// Titles and words are inflected: `yoga`, `yogaya`.
    private static let stemMin = 4

    /// Whether the words say that it is for somebody else than this guest.
    ///
    /// - Parameter title: folded words of the event, which are no names.
    func speakOfAnother(than guest: Registration, title: Set<String>) -> Bool {
        if words.hasAnotherSeat { return true }
        let own = guest.name?.fullWords ?? []
        if kin.contains(where: { !own.contains($0) }) { return true }
        let phones = words.phones
        if !phones.isEmpty, guest.phone.map({ phones != [$0.digits] }) ?? true { return true }
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
        }
        if isKnown(word) { return true }
        if WrittenNames.stems(of: word).contains(where: { stem in
            title.contains(stem) || own.contains(stem) && isOwn(word, stem)
        }) {
            return true
        }
        guard word.utf8.count >= gluedMin else { return false }
        return WrittenNames.splits(of: word, pieceMin).contains { head, tail in
            guard isKnown(head) else { return false }
            return isKnown(tail)
                || WrittenNames.splits(of: tail, pieceMin).contains {
                    isKnown($0.head) && isKnown($0.tail)
                }
        }
    }

    /// `elifin`, `karacanın`: whose it is. Every other ending that nothing divides from the name
    /// may make another name of it: `Emine` is not Emin's, nor are `Gülten` and `Gülden` Gül.
    private static func isOwn(_ word: String, _ stem: String) -> Bool {
        WrittenNames.genitives.contains(String(word.dropFirst(stem.count)))
            && !PaymentVocabulary.isGivenName(word)
    }
    /// Shorter words stand in every name, and shorter names are two of them: `Yenigün`.
    private static let pieceMin = 3
    private static let gluedMin = 8

    /// One word is the guest's when it is one of the given names: surnames are a family's.
    private static func fit(_ words: [String], _ guest: PersonName?) -> Bool {
        guard let guest, let last = words.last else { return false }
        if WrittenNames(words.joined(separator: " ")).isOnly(guest) { return true }
        let stems = WrittenNames.stems(of: last).filter { isOwn(last, $0) }
        return ([last] + stems).contains { stem in
            guard words.count > 1 else { return guest.words.dropLast().contains(stem) }
            let name = PersonName((words.dropLast() + [stem]).joined(separator: " "))
            return NameAgreement(payer: name, guest: guest) >= .agrees
        }
    }
}
