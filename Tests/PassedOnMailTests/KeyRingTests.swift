// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Mail
import Synchronization
import Testing

@testable import Agent

@Suite struct KeyRingTests {
    /// DNS as the test wants it, and how often it was asked.
    private final class Zone: Sendable {
        let records = Mutex<[String: KeyAnswer]>([:])
        let asked = Mutex<[String]>([])

        func publish(_ answer: KeyAnswer, _ name: String) {
            records.withLock { $0[name] = answer }
        }

        func ring() -> KeyRing {
            KeyRing(file: [:]) { names in
                self.asked.withLock { $0 += names }
                return names.reduce(into: [:]) { answers, name in
                    let answer = self.records.withLock { $0[name] } ?? .absent
                    answers[name] = (answer, .seconds(600))
                }
            }
        }
    }

    private static let name = PassedOnMail.keyName
    private static let policy = "_dmarc." + PassedOnMail.bank
    private let zone = Zone()
    private let ledger: LedgerDatabase
    private let start = PassedOnMail.arrival

    init() throws { ledger = try LedgerDatabase.temporary(masterKey: .random()) }

    /// What is known counts, and the rest is asked for.
    private func answers(
        _ names: [String], arrived: Double, now: Double
    ) throws -> [String: KeyAnswer] {
        let ring = zone.ring()
        func known() throws -> [String: KeyAnswer] {
            try ring.known(names, arrivedAt: start + arrived, ledger: ledger, now: start + now)
        }
        let before = try known()
        let asked = try ring.ask(
            names.filter { before[$0] == nil }, ledger: ledger, now: start + now)
        return try known().merging(asked) { known, _ in known }
    }

    private func answer(
        _ names: [String], arrived: Double = 0, now: Double = 0
    ) throws -> [String?] {
        let answers = try answers(names, arrived: arrived, now: now)
        return names.map { name in
            switch answers[name] {
            case .records(let records): records.joined(separator: " + ")
            case .absent, nil: nil
            case .unavailable: "unavailable"
            }
        }
    }

    @Test func `an old mail is checked with the key of its day, a new one with today's`() throws {
        zone.publish(.records(["p=old"]), Self.name)
        #expect(try answer([Self.name], arrived: -5) == ["p=old"])
        zone.publish(.records(["p=new"]), Self.name)
        #expect(try answer([Self.name], arrived: 90_000, now: 90_000) == ["p=new"])
        // The mail came a moment before its key was asked for, or while it was in force.
        for arrived in [-5.0, 300] {
            for now in [90_000.0, 9_000_000] {
                let answer = try answer([Self.name], arrived: arrived, now: now)
                #expect(answer == ["p=new + p=old"])
            }
        }
        // The old one was not seen any more; the one that is published stands.
        #expect(try answer([Self.name], arrived: 5000, now: 90_000) == ["p=new"])
        // What came after a key was gone is not proven by it, nor while nobody can say.
        zone.publish(.absent, Self.name)
        #expect(try answer([Self.name], arrived: 9_000_000, now: 9_000_000) == [nil])
        zone.publish(.unavailable, Self.name)
        #expect(try answer([Self.name], arrived: 9_000_000, now: 9_000_000) == ["unavailable"])
    }

    @Test func `a key among other records is kept, and so are several keys`() throws {
        let records = ["google-site-verification=abc", "v=DKIM1; p=b", "p=a", "v=spf1 -all"]
        zone.publish(.records(records), Self.name)
        for now in [0.0, 3, 300] {
            #expect(try answer([Self.name], now: now) == ["p=a + v=DKIM1; p=b"])
            zone.publish(.records(records.reversed()), Self.name)
        }
        #expect(zone.asked.withLock { $0.count } == 1)
        #expect(try answer([Self.name], arrived: 4000, now: 4000) == ["p=a + v=DKIM1; p=b"])
        let kept = try ledger.read { try $0.dnsAnswers(name: Self.name) }
        #expect(kept.count == 1)
        zone.publish(.records(["v=spf1 -all"]), Self.name)
        #expect(try answer([Self.name], arrived: 9000, now: 9000) == [nil])
    }

    @Test func `a mail signed with a key that was replaced years ago still verifies`() throws {
        let key = try #require(PassedOnMail.key)
        zone.publish(.records(["v=DKIM1; p=\(Base64.encode(key.publicKey))"]), Self.name)
        #expect(try answer([Self.name]).count == 1)
        zone.publish(
            .records(["v=DKIM1; p=\(Base64.encode(try SigningKey.rsa(bits: 1024).publicKey))"]),
            Self.name)
        #expect(try answer([Self.name], arrived: 1e8, now: 1e8).count == 1)
        let raw = Array(try PassedOnMail.notice().utf8)
        let reader = try PassedOnMail.reader()
        func trust(arrived: Double) throws -> Trust {
            let answers = try answers(reader.keyNames(raw).all, arrived: arrived, now: 1e8)
            return reader.read(
                raw, receivedAt: start + arrived, isTruncated: false,
                keys: { answers[$0] ?? .absent }
            ).trust.trust
        }
        // The mail itself made its key be asked for, a few seconds after it had come.
        #expect(try trust(arrived: -3) == .verified)
        #expect(try trust(arrived: 60) == .verified)
        #expect(try trust(arrived: 1e8) == .forged)
    }

    @Test func `a policy is asked for once an hour, also when there is none`() throws {
        #expect(try answer([Self.policy]) == [nil])
        #expect(try answer([Self.policy], arrived: 60, now: 60) == [nil])
        #expect(zone.asked.withLock { $0 } == [Self.policy])
        zone.publish(.records(["v=spf1 -all", "v=DMARC1; p=reject"]), Self.policy)
        let later = try answer([Self.policy], arrived: 4000, now: 4000)
        #expect(later == ["v=DMARC1; p=reject"])
        #expect(try answer([Self.policy], arrived: 4060, now: 4060) == ["v=DMARC1; p=reject"])
        #expect(zone.asked.withLock { $0.count } == 2)
    }

    @Test func `a domain whose servers are silent is left alone for half a minute`() throws {
        let ring = zone.ring()
        let names = [
            Self.name, "s2._domainkey.mail.\(PassedOnMail.bank)", "s1._domainkey.other.example",
        ]
        for name in names { zone.publish(.unavailable, name) }
        func ask(_ seconds: Double) throws -> [String] {
            zone.asked.withLock { $0 = [] }
            let answers = try ring.ask(names, ledger: ledger, now: start + seconds)
            #expect(answers.count == names.count)
            return zone.asked.withLock { $0 }
        }
        #expect(try ask(0) == names)
        #expect(try ask(29).isEmpty)
        #expect(try ask(30) == names)
        #expect(try ask(-1000) == names)
        zone.publish(.absent, names[2])
        #expect(try ask(60) == names)
        #expect(try ask(61) == [names[2]])
    }

    @Test func `what is known needs no question, and what is not is left out`() throws {
        zone.publish(.records(["p=key"]), Self.name)
        let ring = zone.ring()
        func known() throws -> Set<String> {
            try Set(
                ring.known(
                    [Self.name, "s._domainkey.other.example"], arrivedAt: start, ledger: ledger,
                    now: start
                ).keys)
        }
        #expect(try known().isEmpty)
        _ = try ring.ask([Self.name], ledger: ledger, now: start)
        #expect(try known() == [Self.name])
        #expect(zone.asked.withLock { $0.count } == 1)
    }

    @Test func `a key file may hold policies`() throws {
        let text = "s._domainkey.bank.example\tv=DKIM1; p=\n_dmarc.bank.example\tv=DMARC1; p=none\n"
        #expect(try KeyRing.parse(text).keys.sorted().first == "_dmarc.bank.example")
        #expect(throws: KeyFileError.self) { try KeyRing.parse("bank.example\tv=DMARC1") }
    }

    @Test func `without a DNS to ask nothing is said about a policy`() throws {
        let names = [Self.name, Self.policy]
        for isFiled in [false, true] {
            let ring = KeyRing(
                file: isFiled ? [Self.policy: ["v=DMARC1; p=reject"]] : [:], resolver: nil)
            let known = try ring.known(names, arrivedAt: start, ledger: ledger, now: start)
            for answers in [known, names.reduce(into: [:]) { $0[$1] = ring.answer($1) }] {
                let finding = DMARC.finding(for: PassedOnMail.bank) { answers[$0] ?? .absent }
                #expect(finding.text == (isFiled ? "reject " + PassedOnMail.bank : nil))
                guard case .absent = answers[Self.name] else {
                    Issue.record("a key that nobody looked for is \(String(describing: answers))")
                    continue
                }
            }
        }
    }

    @Test func `the policy of a bank is found and decides nothing`() throws {
        let notice = Array(try PassedOnMail.notice().utf8)
        let reader = try PassedOnMail.reader()
        #expect(reader.keyNames(notice).all == [Self.name, Self.policy])
        func findings(_ policy: KeyAnswer, signed: Bool) -> MailFindings {
            let raw = signed ? notice : notice.map { $0 == 49 ? 50 : $0 }
            return reader.read(raw, receivedAt: start, isTruncated: false) { name in
                name == Self.policy ? policy : .absent
            }
        }
        let none = findings(.records(["v=DMARC1; p=none"]), signed: true)
        let reject = findings(.records(["v=DMARC1; p=reject"]), signed: true)
        #expect(none.policy.text == "none garantibbva.com.tr")
        #expect(reject.policy.text == "reject garantibbva.com.tr")
        #expect(none.trust == reject.trust && none.outcome == reject.outcome)
        #expect(findings(.unavailable, signed: true).disposition == .settle)
        let stranger = Array(PassedOnMail.quoting("x").utf8)
        #expect(reader.keyNames(stranger).all.isEmpty)
    }
}
