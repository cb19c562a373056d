// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

@Suite("Fragments of one's own")
struct LocalFragmentTests {
    private static let path = "common/look.yaml"
    private static let shared = RuleSource(
        path: path, text: "fragment: look\ndeny: [iptal]\nlook_alikes: { fee: [ücret alındı] }\n")
    private static let file = RuleSource(
        path: "bank/rule.yaml",
        text: RuleProblemTests.good.replacing(
            "never_sends:", with: "include: [\(path)]\nnever_sends:"))
    private static let other = RuleSource(
        path: "else/rule.yaml",
        text: RuleProblemTests.good.replacing("id: bank", with: "id: else")
            .replacing("@bank.example", with: "@strange.example"))
    private static let paid = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"

    private static func local(_ more: String, _ path: String = path) -> RuleSource {
        RuleSource(path: path, text: "fragment: look\n" + more, layer: .local)
    }

    private static func read(
        _ book: RuleBook, _ text: String = paid, from address: String = "bilgi@bank.example"
    ) -> Reading {
        book.read(TestMail.message(from: address, text: text), receivedAt: TestMail.arrival)
    }

    @Test("add to the shipped one of the same path, and take nothing away")
    func adds() {
        let own = Self.local("deny: [vazgeçildi]\nlook_alikes: { fee: [masraf alındı] }\n")
        for sources in [[Self.file, Self.shared, own], [own, Self.shared, Self.file]] {
            let (book, problems) = RuleBook.compile(sources)
            #expect(problems.map(\.description) == [])
            for word in ["iptal", "vazgeçildi"] {
                #expect(Self.read(book, Self.paid + "\n" + word).outcome == .unclear)
            }
            for fee in ["ücret alındı", "masraf alındı"] {
                let message = TestMail.message(subject: "Bilgi", text: fee)
                let reading = book.read(message, receivedAt: TestMail.arrival)
                #expect(reading.notAPaymentKind == "fee")
            }
            #expect(RuleTrial.all(sources).flatMap(\.problems).isEmpty)
        }
    }

    @Test(
        "that no file includes are told, with what to write instead",
        arguments: [
            ("common/own.yaml", "write include: common/own.yaml into your rule files, or"),
            ("common/look.yml", "call it common/look.yaml"),
            ("common/Look.YAML", "call it common/look.yaml"),
            ("bank/common/look.yaml", "write include: bank/common/look.yaml"),
        ])
    func unused(_ path: String, _ advice: String) {
        let own = Self.local("deny: [vazgeçildi]\n", path)
        let (_, problems) = RuleBook.compile([Self.file, Self.shared, own])
        #expect(problems.map(\.path) == [path])
        #expect(problems.first?.message.english.contains(advice) == true, "\(problems)")
        let including = RuleSource(
            path: "own/rule.yaml", text: Self.other.text + "\ninclude: [\(path)]\n", layer: .local)
        #expect(RuleBook.compile([Self.file, Self.shared, including, own]).problems.isEmpty)
        // Whose account it is, is said for all files.
        let owner = Self.local("account_owner: [MAVİ DENİZ]\n", path)
        #expect(RuleBook.compile([Self.file, Self.shared, owner]).problems.isEmpty)
    }

    @Test("leave a shipped file that fails with them in force, as a draft, and are blamed for it")
    func spoils() throws {
        let own = Self.local("deny: [para geldi]\n")
        let sources = [Self.file, Self.other, Self.shared, own]
        let (book, problems) = RuleBook.compile(sources)
        #expect(problems.allSatisfy { $0.path == Self.path && $0.layer == .local })
        #expect(problems.count == 2)
        let message = "with this file bank/rule.yaml fails: sample one:"
        #expect(problems.first?.message.english.hasPrefix(message) == true, "\(problems)")
        #expect(
            problems.last?.message.english
                == "until this file is mended a person sees each notice of bank")
        #expect(Self.read(book).outcome == .payment)
        #expect(Self.read(book).isDraft)
        #expect(Self.read(book, Self.paid + "\niptal").outcome == .unclear)
        #expect(!Self.read(book, from: "bilgi@strange.example").isDraft)
        // The author sees the same.
        let trials = RuleTrial.all(sources).filter { !$0.problems.isEmpty }
        #expect(trials.map(\.path) == [Self.path])
        #expect(trials.first?.layer == .local)
        #expect(trials.first?.problems.first?.message.english.hasPrefix(message) == true)
        // An update of the shipped file does not lift it; mending does.
        let newer = RuleSource(path: Self.file.path, text: Self.file.text + "# 2\n")
        let updated = RuleBook.compile([newer, Self.other, Self.shared, own], keeping: book).book
        #expect(Self.read(updated).isDraft)
        let mended = RuleBook.compile(
            [newer, Self.shared, Self.local("deny: [vazgeçildi]\n")], keeping: updated)
        #expect(mended.problems.isEmpty)
        #expect(!Self.read(mended.book).isDraft)
        #expect(Self.read(mended.book, Self.paid + "\nvazgeçildi").outcome == .unclear)
    }

    @Test("that spoil a file later leave what it said before in force")
    func spoilsLater() {
        let good = Self.local("deny: [vazgeçildi]\n")
        let before = RuleBook.compile([Self.file, Self.shared, good]).book
        var now = before
        for _ in 1...2 {
            let next = RuleBook.compile(
                [Self.file, Self.shared, Self.local("deny: [para geldi]\n")], keeping: now)
            #expect(next.problems.map(\.path) == [Self.path])
            #expect(next.book.digest == before.digest)
            #expect(!Self.read(next.book).isDraft)
            #expect(Self.read(next.book, Self.paid + "\nvazgeçildi").outcome == .unclear)
            now = next.book
        }
    }

    @Test(
        "may name a person of the samples as the account's owner, in either folder",
        arguments: [RuleSource.Layer.shipped, .local], [path, "common/account-owner.yaml"])
    func owner(_ layer: RuleSource.Layer, _ path: String) {
        guard layer == .local || path != Self.path else { return }
        let own = RuleSource(
            path: path, text: "fragment: owner\naccount_owner: [ELİF KARACA]\n", layer: layer)
        let sources = [Self.file, Self.other, Self.shared, own]
        let (book, problems) = RuleBook.compile(sources)
        #expect(problems.map(\.description) == [])
        for address in ["bilgi@bank.example", "bilgi@strange.example"] {
            #expect(Self.read(book, from: address).notAPaymentKind == "own_transfer")
        }
        let others = Self.paid.replacing("ELİF KARACA", with: "NEHİR ATALAN")
        #expect(Self.read(book, others).outcome == .payment)
        let trials = RuleTrial.all(sources)
        #expect(trials.flatMap(\.problems).isEmpty)
        #expect(trials.flatMap(\.samples).flatMap(\.problems).isEmpty)
        for book in trials.compactMap(\.book) where book.ruleIDs == [RuleID("bank/incoming")] {
            #expect(Self.read(book).notAPaymentKind == "own_transfer")
        }
    }

    // MARK: - Beside the files that ship

    private static let lookAlikes = "common/turkish-look-alikes.yaml"

    private static func shipped(
        with text: String, at path: String = lookAlikes
    ) -> (book: RuleBook, problems: [RuleProblem]) {
        RuleBook.compile(
            ShippedRules.sources + [RuleSource(path: path, text: text, layer: .local)])
    }

    @Test(
        "leave every shipped rule as it is",
        arguments: [
            "fragment: mine\ndeny: [hediye çeki]\n", "fragment: mine\nlabels: [Hediye Çeki]\n",
            "fragment: mine\naccount_owner: [ELİF KARACA]\n",
        ])
    func beside(_ text: String) throws {
        for text in [text, try Self.copy().replacing("  - ters kayıt\n", with: "")] {
            let (book, problems) = Self.shipped(with: text)
            #expect(problems.map(\.description) == [])
            #expect(book.ruleIDs == ShippedRules.book.ruleIDs)
        }
    }

    private static func copy() throws -> String {
        try #require(ShippedRules.sources.first { $0.path == lookAlikes }).text
    }

    @Test("that spoil one bank leave the others confirmed and lose no mail of it")
    func oneBank() throws {
        let word = "deny:\n  - güncel bakiyesi\n"
        for text in ["fragment: mine\n" + word, try Self.copy().replacing("deny:\n", with: word)] {
            let (book, problems) = Self.shipped(with: text)
            #expect(book.ruleIDs == ShippedRules.book.ruleIDs)
            #expect(
                problems.allSatisfy { $0.path == Self.lookAlikes && $0.layer == .local },
                "\(problems)")
            #expect(
                problems.first?.message.turkish.hasPrefix(
                    "bu dosyayla akbank/rule.yaml bozuluyor: ") == true)
            #expect(
                problems.last?.message.english
                    == "until this file is mended a person sees each notice of akbank")
        }
    }
}

@Suite("Rule files that never were good")
struct NewlyBrokenRuleTests {
    private static let paid = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"

    private static func read(_ book: RuleBook, from address: String) -> Reading {
        book.read(TestMail.message(from: address, text: paid), receivedAt: TestMail.arrival)
    }

    private static func changed(_ from: String, _ to: String) -> String {
        RuleProblemTests.good.replacing(from, with: to)
    }

    private static let texts = [
        changed("status:", "stauts:"), changed("frame:", "fram:"),
        changed("amount: 1250.00", "amount: 1251.00"), changed("id: bank", "id: Bank A.Ş."),
        changed("bank: Örnek Bank", "bank: 'Örnek Bank"),
        changed("addresses: [", "adresses: ["), changed("senders:", "sender:"),
        changed("senders:", "SENDERS:"),
        changed("senders:", "'senders':").replacing("frame:", with: "fram:"),
        changed(
            "senders:\n  addresses: [bilgi@bank.example]",
            "senders: {addresses: 'bilgi@bank.example', }"
        )
        .replacing("frame:", with: "\tframe:"),
        "\u{FEFF}" + changed("frame:", "fram:").replacing("\n", with: "\r\n"),
    ]

    @Test("send the mails of their senders to a person", arguments: texts)
    func senders(_ text: String) {
        for layer in [RuleSource.Layer.shipped, .local] {
            let broken = RuleSource(path: "bank/rule.yaml", text: text, layer: layer)
            let (book, problems) = RuleBook.compile([broken])
            let reading = Self.read(book, from: "bilgi@bank.example")
            #expect(reading.outcome == .unclear)
            #expect(reading.isDraft)
            #expect(reading.domains == ["bank.example"])
            #expect(Self.read(book, from: "bilgi@bank2.example").outcome == .unread)
            #expect(book.fileCount == 0)
            #expect(
                problems.contains {
                    $0.message.english
                        == "until this file is mended a person sees each mail from bilgi@bank.example"
                }, "\(problems)")
            // Still so when it is broken in another way, and no more when it is mended.
            let worse = RuleSource(path: broken.path, text: text + "\n: [", layer: layer)
            let next = RuleBook.compile([worse], keeping: book).book
            #expect(Self.read(next, from: "bilgi@bank.example").outcome == .unclear)
            #expect(next.digest != book.digest)
            let good = RuleSource(
                path: broken.path, text: RuleProblemTests.good, layer: layer)
            let mended = RuleBook.compile([good], keeping: next)
            #expect(mended.problems.isEmpty)
            let read = Self.read(mended.book, from: "bilgi@bank.example")
            #expect(read.outcome == .payment && !read.isDraft)
            #expect(mended.book.changes(since: next) == ["bank/rule.yaml"])
        }
    }

    @Test("claim no sender of a file in force, and none that everybody has")
    func others() {
        let good = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)
        let broken = RuleSource(
            path: "new/rule.yaml",
            text: """
                id: new
                senders:
                  # not old@bank9.example
                  addresses: [bilgi@bank.example, biri@gmail.com, '*@bank3.example', yeni@bank2.example]
                  domains:
                  - com.tr
                  - new.example
                fram: [x@bank8.example]
                """)
        let (book, problems) = RuleBook.compile([good, broken])
        let read = Self.read(book, from: "bilgi@bank.example")
        #expect(read.outcome == .payment && !read.isDraft)
        #expect(
            problems.last?.message.english
                == "until this file is mended a person sees each mail from yeni@bank2.example, "
                + "new.example")
        for address in ["biri@gmail.com", "a@bank3.example", "a@x.com.tr", "x@bank8.example"] {
            #expect(Self.read(book, from: address).outcome == .unread)
        }
    }

    @Test("a broken addition makes a draft of what it was to change, in whichever folder it is")
    func additions() {
        let good = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)
        for layer in [RuleSource.Layer.shipped, .local] {
            let broken = RuleSource(
                path: "mine/more.yaml", text: "extends: bank\r\ndeni: [iptal]\r\n", layer: layer)
            let (book, problems) = RuleBook.compile([good, broken])
            #expect(Self.read(book, from: "bilgi@bank.example").isDraft)
            #expect(
                problems.last?.description
                    == "mine/more.yaml:1:1: until this file is mended a person sees each notice "
                    + "of bank")
        }
    }
}
