// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Sandbox

/// Writes the scenes of a season: each some registrations and what is paid for them.
struct SeasonWriter {
    var draw: Draw
    private(set) var registrations: [Registration] = []
    private(set) var payments: [Payment] = []

    static let concert = EventID("konser")
    private static let events: [(id: EventID, prefix: String, prices: [Int64])] = [
        (concert, "KT", [125_000, 85_000, 250_000]), (EventID("atolye"), "RM", [90_000, 125_000]),
        (EventID("kamp"), "PZ", [375_000]),
    ]
    /// Events whose guests have a kuruş of their own: 99 at a price.
    private static let ownPrices: [Int64] = (1...40).map { 50_000 + $0 * 1_000 }
    private static let start = SampleSeason.usualStart
    private static let printing: [SampleBank.Bank] = [
        .garanti, .akbank, .halkbank, .kuveytTurk, .papara,
    ]
    private static let silent: [SampleBank.Bank] = [.yapiKredi, .ziraat]

    private let pace: Pace
    private let times = PaceTimes(start: Self.start)
    private var own = 0
    private var moment: TimeInterval = 0
    private var count = 0

    init(seed: UInt64, pace: Pace) {
        draw = Draw(seed: seed)
        self.pace = pace
    }

    /// Scenes until there are so many registrations: every way at least once.
    mutating func write(_ count: Int) {
        self.count = count
        var deck = Way.allCases.flatMap { way in
            Array(repeating: way, count: max(1, way.weight * count / 1_100))
        }
        deck.shuffle(using: &draw)
        for way in deck { scene(way) }
        while registrations.count < count { scene(.codeAlone) }
    }

    // MARK: - Registrations

    /// Somebody registers, later than those before.
    mutating func guest(
        _ name: String? = nil, like other: Registration? = nil, unlike: Registration? = nil,
        own: Int64 = 0, price: Int64? = nil, remembers: Bool = false
    ) -> Registration {
        var event: (id: EventID, prefix: String, prices: [Int64])
        switch pace {
        case .opening:
            moment += TimeInterval(600 + draw.below(300))
            event = draw.one(of: Self.events)
        case .weeks:
            let rank = Double(registrations.count) + Double(draw.below(1_000)) / 1_000
            moment = max(moment + 1, times.moment(share: rank / Double(max(1, count))))
            event = Self.events[times.event(at: moment, share: draw.share())]
        }
        if let other, let same = Self.events.first(where: { $0.id == other.event }) { event = same }
        var amount = price ?? other?.due.minorUnits ?? draw.one(of: event.prices)
        if let unlike, unlike.due.minorUnits == amount { amount += 10_000 }
        let number = registrations.count + 1
        let called = name ?? draw.name()
        let registration = Registration(
            id: RegistrationID("r\(number)"), event: event.id,
            name: PersonName(called),
            email: remembers
                ? called.turkishFolded().replacing(" ", with: ".") + "@example.org"
                : "guest\(number - number % 7 / 6)@example.org",
            phone: PhoneNumber("0532 \(1_000_000 + (number - number % 11 / 10) * 7)"),
            due: Money(minorUnits: amount + own, currency: .turkishLira),
            reference: draw.code(prefix: event.prefix),
            registeredAt: Self.start + moment, ownMinorUnits: own,
            remembersPayer: remembers)
        registrations.append(registration)
        return registration
    }

    mutating func ownAmountGuest(_ name: String? = nil) -> Registration {
        own += 1
        return guest(
            name, own: Int64(1 + own % 99), price: Self.ownPrices[own / 99 % Self.ownPrices.count])
    }

    // MARK: - Payments

    /// When something is paid, from the registration on.
    enum Delay { case days(Double), usual }

    mutating func pay(
        _ way: Way, for guests: [Registration], _ payer: String, _ words: String? = nil,
        minus: Int64 = 0, amount: Money? = nil, at delay: Delay = .usual,
        bank: SampleBank.Bank? = nil, variant: SampleBank.Variant = .genuine,
        evidence: Evidence? = nil,
        _ more: (inout SampleTransfer) -> Void = { _ in }
    ) {
        let due = guests.reduce(0) { $0 + $1.due.minorUnits } - minus
        let registeredAt = guests.map(\.registeredAt).max() ?? Self.start
        let after: TimeInterval =
            switch delay {
            case .days(let days): days * 86_400
            case .usual: usualDelay()
            }
        var transfer = SampleTransfer(
            bank: bank ?? draw.one(of: Self.printing), payer: payer,
            amount: amount ?? Money(minorUnits: due, currency: .turkishLira),
            description: words, occurredAt: registeredAt + after)
        more(&transfer)
        if transfer.description == nil, transfer.bank == .kuveytTurk || transfer.bank == .papara {
            transfer.description = draw.one(of: ["Diğer Ödemeler", "Para Transferi", "ödeme"])
        }
        let isNobodys =
            way == .stranger || way == .nearStranger || way == .familyStranger || way == .refund
        payments.append(
            Payment(
                way: way, transfer: transfer,
                variant: way == .refund ? .outgoing : variant,
                meant: isNobodys ? [] : guests.map(\.id), evidence: evidence ?? way.evidence))
    }

    /// How long somebody takes to pay for whom nothing else is said.
    private mutating func usualDelay() -> TimeInterval {
        switch pace {
        case .opening: 3_600 + Double(draw.below(4 * 86_400))
        case .weeks: PaceTimes.delay(draw.share(), draw.share())
        }
    }

    mutating func silentBank() -> SampleBank.Bank { draw.one(of: Self.silent) }
}

extension Registration {
    var called: String { name?.text ?? "" }
}
