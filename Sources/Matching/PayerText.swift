// SPDX-License-Identifier: Apache-2.0

import Domain

/// Who pays and for whom, as a bank prints it.
///
///     ELİF KARACA adına BORA TANYEL tarafından   →   payer Bora Tanyel, for Elif Karaca
struct PayerText {
    let payer: PersonName?
    /// Whom the payer names as the one it is for.
    let beneficiary: PersonName?
    /// All of whom the description says that it is for them.
    private let beneficiaries: Beneficiaries
    /// Whether the bank's own line names the one it is for.
    private let isDivided: Bool
    /// Whether the payer is a company: `MAVİ DENİZ ORGANİZASYON LTD. ŞTİ.`
    let isCompany: Bool

    /// The longest names that banks print have 70 signs; beyond this it is no name.
    private static let lengthMax = 200

    init(_ text: String?, description: String?) {
        let words = Self.words(text)
        let parts = Self.divided(words)
        payer = PersonName(parts.payer.joined(separator: " "))
        isCompany = payer.map(CompanyName.isCompany) ?? false
        beneficiaries = Beneficiaries(description ?? "")
        let named = PersonName(parts.beneficiary.joined(separator: " "))
        isDivided = named != nil
        beneficiary = named ?? beneficiaries.named
    }

    /// Whether the payer says that it is for somebody else than this guest. Money then is not the
    /// guest's for certain, whatever the payer is called.
    ///
    /// - Parameter title: folded words of the guest's event.
    func isForAnother(than guest: Registration, title: Set<String>) -> Bool {
        isDivided && NameAgreement(payer: beneficiary, guest: guest.name) < .agrees
            || beneficiaries.speakOfAnother(than: guest, title: title)
    }

    /// Whether a single word may name somebody else.
    func mayNameAnother(than guest: Registration, title: Set<String>) -> Bool {
        beneficiaries.areStrange(to: guest, title: title, least: 1)
    }

    /// Single words of the description that may be the given name of another guest.
    func givenNames(besides guest: Registration) -> [String] {
        beneficiaries.givenNames(besides: guest)
    }

    /// Whether the description says that it is something else than the fee of an event, or money
    /// that went back.
    func isForAnotherPurpose(_ event: EventID, _ policy: MatchingPolicy) -> Bool {
        beneficiaries.speakOfOtherPurpose(
            title: policy[event].title, id: event.text.turkishFolded().foldedWords()
        ) { policy.isTitle($0, ofOtherThan: event) }
    }

    private static func words(_ text: String?) -> [String] {
        (text ?? "").prefix(lengthMax).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func divided(_ words: [String]) -> (beneficiary: [String], payer: [String]) {
        guard let place = words.firstIndex(where: { $0.turkishFolded() == "adina" }), place > 0
        else { return ([], words) }
        // A name right before the word; what stands further off is a sentence.
        let named = words[..<place].suffix(4)
        let rest = words[(place + 1)...].filter { $0.turkishFolded() != "tarafindan" }
        return (Array(named), Array(rest))
    }
}

/// What makes a name a company's.
enum CompanyName {
    private static let marks: Set<String> = [
        "ltd", "limited", "sti", "sirketi", "as", "anonim", "san", "tic", "ticaret", "sanayi",
        "dernegi", "vakfi", "kooperatifi", "inc", "gmbh", "llc",
    ]

    static func isCompany(_ name: PersonName) -> Bool {
        name.words.contains(where: marks.contains) || endsWithInitials(name.words)
    }

    /// The words that are the company's own: without its legal form.
    static func core(_ words: [String]) -> [String] {
        withoutInitials(words.filter { !marks.contains($0) && $0 != "ve" })
    }

    /// The words without an `A.Ş.` at their end.
    static func withoutInitials(_ words: [String]) -> [String] {
        endsWithInitials(words) ? words.dropLast(2) : words
    }

    /// `A.Ş.` is two words once the full stops are gone.
    private static func endsWithInitials(_ words: [String]) -> Bool {
        words.count > 2 && words.suffix(2) == ["a", "s"]
    }
}
