// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// A season of invented registrations and the transfers that pay for them.
///
/// The same seed gives the same season; only signatures differ, for their key is new each time.
package struct SampleSeason: Sendable {
    /// One registration with the transfer that pays for it.
    package struct Entry: Sendable {
        /// Its id is a Luma guest's: `gst-…`.
        package let registration: Registration
        package let transfer: SampleTransfer

        /// The same person on the list of the stand-in for Luma.
        package var guest: SandboxGuest {
            SandboxGuest(
                id: registration.id.text, event: registration.event.text,
                name: registration.name?.text ?? "", email: registration.email ?? "",
                phone: registration.phone)
        }
    }

    /// In the order of registration.
    package let entries: [Entry]

    /// In the order in which the mails arrive.
    package var arrivals: [Entry] {
        entries.sorted { $0.transfer.occurredAt < $1.transfer.occurredAt }
    }

    /// One mail of the season.
    package struct Mail: Sendable {
        package let transfer: SampleTransfer
        package let variant: SampleBank.Variant
    }

    /// The mails in the order in which they arrive.
    ///
    /// - Parameter attacks: at the end, one mail of every kind that must approve nobody, in the
    ///   name and with the code of a guest who has not paid; their own transfer is then left out.
    package func mails(attacks: Bool = false) -> [Mail] {
        let strange = attacks ? SampleBank.Variant.attacks : []
        let victims = arrivals.filter { $0.transfer.bank == .garanti }.suffix(strange.count)
        let named = Set(victims.map(\.registration.id))
        return arrivals.filter { !named.contains($0.registration.id) }.map {
            Mail(transfer: $0.transfer, variant: .genuine)
        } + zip(victims, strange).map { Mail(transfer: $0.transfer, variant: $1) }
    }

    /// Every phone, id and code is unique up to here.
    package static let countMax = 1_000_000

    /// 20 November 2026, 09:00 in Istanbul.
    package static let usualStart = Date(timeIntervalSince1970: 1_795_154_400)

    /// - Parameters:
    ///   - start: when the first guest registers; transfers follow within two hours of each.
    ///   - event: a name that begins with `evt-demo` lets the stand-in make its guests up.
    ///   - banks: taken in turn. Up to 10,000 registrations no two have the same name, so that
    ///     banks which print no description can be matched as well.
    package init(
        seed: UInt64, count: Int, start: Date = Self.usualStart, event: String = "evt-demo-1",
        banks: [SampleBank.Bank] = SampleBank.Bank.transferring
    ) {
        var random = SeededRandom(seed: seed)
        var codes: Set<String> = []
        let names = Self.names(min(count, Self.countMax), &random)
        let phoneStart = Int(random.next() % 10_000_000)
        let start = Int(start.timeIntervalSince1970)
        entries = names.enumerated().compactMap { index, name in
            guard let code = Self.code(&random, &codes), !banks.isEmpty else { return nil }
            let bank = banks[index % banks.count]
            // 7919 is prime to ten million, so each number comes once per prefix.
            let serial = (phoneStart + index * 7919) % 10_000_000
            let prefix = ["532", "542", "505", "555"][index / 10_000_000 % 4]
            let phone = prefix + String(serial + 10_000_000).dropFirst()
            let due = Money(
                minorUnits: [125_000, 125_000, 85_000, 125_000, 375_000][index % 5],
                currency: .turkishLira)
            let registeredAt = start + index * 20 + Int(random.next() % 20)
            let paidAt = registeredAt + 60 + Int(random.next() % 7200)
            let registration = Registration(
                id: RegistrationID("gst-\(random.word(length: 8))\(index)"), event: EventID(event),
                name: PersonName(name),
                email: "\(name.turkishFolded().replacing(" ", with: "."))\(index)@example.org",
                phone: PhoneNumber(phone), due: due, reference: code,
                registeredAt: Date(timeIntervalSince1970: Double(registeredAt)))
            let transfer = SampleTransfer(
                bank: bank, payer: name, amount: due,
                description: bank.printsDescription ? Self.words(around: code, &random) : nil,
                occurredAt: Date(timeIntervalSince1970: Double(paidAt)))
            return Entry(registration: registration, transfer: transfer)
        }
    }

    /// `id,event,name,email,phone,amount,currency,reference,registered_at`, with a header line.
    package var csv: String {
        var text = "id,event,name,email,phone,amount,currency,reference,registered_at\n"
        for entry in entries {
            let row = entry.registration
            let registered = CivilTime(
                secondsSince1970: Int(row.registeredAt.timeIntervalSince1970), offset: 0)
            text +=
                [
                    row.id.text, row.event.text, row.name?.text ?? "", row.email ?? "",
                    row.phone?.digits ?? "", row.due.decimal, row.due.currency.code,
                    row.reference.text, "\(registered.iso)Z",
                ].joined(separator: ",") + "\n"
        }
        return text
    }

    // MARK: - Invention

    /// A hundred given names times a hundred surnames, shuffled; after that a middle name is added.
    private static func names(_ count: Int, _ random: inout SeededRandom) -> [String] {
        let given = SampleNames.given
        let surnames = SampleNames.surnames
        var pairs = Array(0..<given.count * surnames.count)
        pairs.shuffle(using: &random)
        return (0..<max(0, count)).map { index in
            let pair = pairs[index % pairs.count]
            let first = given[pair / surnames.count]
            let last = surnames[pair % surnames.count]
            let round = index / pairs.count
            // The middle name is never the first name: the step is below the length of the list.
            let middle =
                round == 0 ? "" : given[(pair / surnames.count + round) % given.count] + " "
            return "\(first) \(middle)\(last)"
        }
    }

    private static func code(
        _ random: inout SeededRandom, _ known: inout Set<String>
    ) -> ReferenceCode? {
        let signs = ReferenceCode.alphabet
        // 23⁶ payloads are 148 million: hitting known ones this often does not happen.
        for _ in 0..<1000 {
            let payload = (0..<ReferenceCode.payloadLength).map { _ in
                signs[Int(random.next() % UInt64(signs.count))]
            }
            let digits = payload.count { $0 < 65 }
            guard (1..<payload.count).contains(digits),
                let code = ReferenceCode(
                    prefix: "KT", payload: String(decoding: payload, as: UTF8.self)),
                known.insert(code.text).inserted
            else { continue }
            return code
        }
        return nil
    }

    /// Most payers write the code alone; some add words or small letters.
    private static func words(
        around code: ReferenceCode, _ random: inout SeededRandom
    ) -> String {
        switch random.next() % 10 {
        case 0: "\(code.text) kayıt ücreti"
        case 1: code.text.lowercased()
        case 2: "etkinlik \(code.text)"
        default: code.text
        }
    }
}

/// SplitMix64: small, well mixed, and the same everywhere.
struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Letters and digits, as in the ids of platforms.
    mutating func word(length: Int) -> String {
        let signs = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
        let bytes = (0..<length).map { _ in signs[Int(next() % UInt64(signs.count))] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
