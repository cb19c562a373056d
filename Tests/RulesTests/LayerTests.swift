// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

@Suite("Rule files over rule files")
struct LayerTests {
    private let base = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)

    private func extending(_ more: String) -> RuleSource {
        RuleSource(path: "mine/bank.yaml", text: "extends: bank\n" + more, layer: .local)
    }

    private func outcome(
        _ book: RuleBook, _ text: String, _ subject: String = "Gelen"
    ) -> Reading {
        book.read(
            TestMail.message(from: "bilgi@bank.example", subject: subject, text: text),
            receivedAt: TestMail.arrival)
    }

    private let paid = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"

    @Test("a local file takes the place of the shipped one with its id")
    func replaces() {
        let mine = RuleSource(
            path: "other/name.yaml",
            text: RuleProblemTests.good.replacing("status: confirmed", with: "status: draft"),
            layer: .local)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.isEmpty)
        #expect(book.fileCount == 1)
        #expect(outcome(book, paid).isDraft)
    }

    @Test(
        "an own file for senders that a shipped one reads says so, for authors too",
        arguments: [
            ("id: bank", "id: mine", true),
            // Whoever replaces it is asked in its place, and others have senders of their own.
            ("id: bank", "id: bank", false), ("bank.example", "mine.example", false),
        ])
    func sharedSender(_ from: String, _ to: String, _ isShared: Bool) {
        let text = RuleProblemTests.good.replacing("id: bank", with: "id: mine")
        let mine = RuleSource(
            path: "mine/rule.yaml",
            text: (isShared || to == "id: bank" ? RuleProblemTests.good : text)
                .replacing(from, with: to), layer: .local)
        let (book, problems) = RuleBook.compile([base, mine])
        let told = RuleTrial.all([base, mine]).first { $0.path == mine.path }?.problems
        #expect(problems == told)
        guard isShared else {
            #expect(problems.isEmpty)
            return
        }
        #expect(
            problems.map(\.description) == [
                "mine/rule.yaml:1:5: bank reads bilgi@bank.example already and is asked first; "
                    + "write extends: bank to add to it, or id: bank to take its place – here: mine"
            ])
        #expect(book.fileCount == 2)
        // Said as long as it is so, whether the files changed or not.
        #expect(RuleBook.compile([base, mine], keeping: book).problems == problems)
    }

    @Test("while a local file is broken the shipped one stands in, and a person decides")
    func standsIn() {
        let mine = RuleSource(
            path: "other/name.yaml",
            text: RuleProblemTests.good.replacing("outcome: payment", with: "outcome: paid"),
            layer: .local)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.map(\.path) == ["other/name.yaml", "other/name.yaml"])
        #expect(
            problems.last?.description
                == "other/name.yaml:1:1: until this file is mended a person sees each notice of bank"
        )
        let reading = outcome(book, paid)
        #expect(reading.outcome == .payment)
        #expect(reading.isDraft)
        let mended = RuleSource(
            path: "other/name.yaml", text: RuleProblemTests.good, layer: .local)
        let next = RuleBook.compile([mended, base], keeping: book).book
        #expect(!outcome(next, paid).isDraft)
        #expect(next.digest != book.digest)
    }

    @Test("a file may add to another one: senders, denied words, variants, samples")
    func extends() throws {
        let mine = extending(
            """
            senders: { addresses: [yeni@bank2.example] }
            deny: [iade edilmiştir]
            variants:
              - id: gift
                outcome: not_a_payment
                kind: gift
                frame: [hediye kartı]
            samples:
              no_match:
                - name: returned
                  from: yeni@bank2.example
                  subject: Gelen
                  text: "hesabınıza para geldi\\nA kişisinden 5 TL geldi\\niade edilmiştir"
                  expect: { outcome: unclear }
            """)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.map(\.description) == [])
        #expect(book.ruleIDs.map(\.text) == ["bank/gift", "bank/incoming"])
        #expect(outcome(book, paid).outcome == .payment)
        #expect(outcome(book, "hediye kartı").notAPaymentKind == "gift")
        let reading = book.read(
            TestMail.message(from: "yeni@bank2.example", text: paid), receivedAt: TestMail.arrival)
        #expect(reading.domains == ["bank.example", "bank2.example"])
        // The shipped file changes and the addition stays.
        let newer = RuleSource(path: base.path, text: base.text + "# newer\n")
        let next = RuleBook.compile([mine, newer], keeping: book).book
        #expect(next.ruleIDs.map(\.text) == ["bank/gift", "bank/incoming"])
        #expect(
            RuleBook.compile([newer], keeping: next).book.ruleIDs.map(\.text) == ["bank/incoming"])
    }

    @Test("an addition that breaks a sample of the file is refused and told at its own place")
    func breaks() {
        let mine = extending("deny: [para geldi]")
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.first?.path == "mine/bank.yaml")
        #expect(
            problems.first?.message.english.hasPrefix(
                "with this file a sample of bank/rule.yaml fails: sample one:") == true)
        #expect(outcome(book, paid).isDraft)
        let nobody = RuleSource(path: "x.yaml", text: "extends: bnk", layer: .local)
        let slip = RuleBook.compile([base, nobody])
        #expect(
            slip.problems.map(\.description) == [
                "x.yaml:1:1: there is no rule file bnk to extend; did you mean bank?",
                "x.yaml:1:1: until this file is mended a person sees each notice of bank",
            ])
        #expect(outcome(slip.book, paid).isDraft)
        #expect(
            RuleBook.compile([nobody]).problems.map(\.turkishDescription) == [
                "x.yaml:1:1: genişletilecek bnk kural dosyası yok; genişlettiği dosyayı yanına koyun "
                    + "ya da klasörünü --rules ile verin"
            ])
    }

    @Test("a fragment gives its parts to every file that includes it")
    func includes() {
        let shared = RuleSource(
            path: "common/look.yaml",
            text:
                "fragment: look\nlook_alikes: { fee: [ücret alındı] }\nempty: [Yok]\ndeny: [iptal]\n"
        )
        let file = RuleSource(
            path: "bank/rule.yaml",
            text: RuleProblemTests.good.replacing(
                "never_sends:", with: "include: [common/look.yaml]\nnever_sends:"))
        let (book, problems) = RuleBook.compile([file, shared])
        #expect(problems.map(\.description) == [])
        #expect(outcome(book, "ücret alındı", "Bilgi").notAPaymentKind == "fee")
        #expect(outcome(book, paid + "\niptal").outcome == .unclear)
        // A change of the fragment is a change of the file.
        let other = RuleSource(
            path: shared.path, text: shared.text.replacing("ücret alındı", with: "masraf alındı"))
        let next = RuleBook.compile([file, other], keeping: book).book
        #expect(next.changes(since: book) == ["bank/rule.yaml"])
        #expect(outcome(next, "masraf alındı", "Bilgi").notAPaymentKind == "fee")
        // A local fragment takes the place of the shipped one.
        let own = RuleSource(path: other.path, text: other.text, layer: .local)
        let mine = RuleBook.compile([file, shared, own]).book
        #expect(outcome(mine, "masraf alındı", "Bilgi").notAPaymentKind == "fee")
        let broken = RuleSource(path: shared.path, text: "fragment: look\nvariants: []\n")
        let problem = RuleBook.compile([file, broken], keeping: book)
        #expect(problem.problems.map(\.path) == ["common/look.yaml"])
        #expect(problem.book.ruleIDs == book.ruleIDs)
        #expect(outcome(problem.book, "ücret alındı", "Bilgi").notAPaymentKind == "fee")
        #expect(problem.book.changes(since: book) == [])
    }

    // MARK: - A shipped file, a local one and additions

    private func mine(_ from: String, _ to: String) -> RuleSource {
        RuleSource(
            path: "bank/mine.yaml", text: RuleProblemTests.good.replacing(from, with: to),
            layer: .local)
    }

    @Test("an addition is laid over the local file where there is one, in whichever folder it is")
    func together() throws {
        let mine = mine("bank: Örnek Bank", "bank: Benim Bankam\nlabels: [Şube]")
        let denial = "extends: bank\ndeny: [iptal]\n"
        for layer in [RuleSource.Layer.shipped, .local] {
            let more = RuleSource(path: "bank/more.yaml", text: denial, layer: layer)
            let sources = [base, mine, more]
            let (book, problems) = RuleBook.compile(sources)
            #expect(problems.isEmpty, "\(problems)")
            #expect(Array(book.digests.keys) == ["bank/mine.yaml"])
            #expect(outcome(book, paid).outcome == .payment)
            #expect(outcome(book, paid + "\niptal").outcome == .unclear)
            // What an author sees is the same.
            let trials = RuleTrial.all(sources)
            #expect(trials.flatMap(\.problems).isEmpty)
            let shown = try #require(trials.last { $0.path == mine.path }?.book)
            #expect(outcome(shown, paid + "\niptal").outcome == .unclear)
            // It comes and goes while the agent works, and the local file stays.
            let without = RuleBook.compile([base, mine], keeping: book).book
            #expect(outcome(without, paid + "\niptal").outcome == .payment)
            let again = RuleBook.compile(sources, keeping: without).book
            #expect(outcome(again, paid + "\niptal").outcome == .unclear)
            // Without the local file it is laid over the shipped one.
            let shipped = RuleBook.compile([base, more], keeping: book).book
            #expect(outcome(shipped, paid + "\niptal").outcome == .unclear)
        }
    }

    @Test("an addition must hold with the samples of the file that is in force")
    func samplesOfTheLocalFile() {
        // The local file reads other words, and has samples of its own.
        let mine = mine("kişisinden", "hesabından")
        let more = extending("deny: [hesabından]")
        let (book, problems) = RuleBook.compile([base, mine, more])
        let trials = RuleTrial.all([base, mine, more])
        let message = "with this file a sample of bank/mine.yaml fails: sample one:"
        #expect(problems.first?.message.english.hasPrefix(message) == true, "\(problems)")
        #expect(
            trials.last?.problems.first?.message.english.hasPrefix(message) == true,
            "\(trials.last?.problems ?? [])")
        #expect(
            outcome(book, paid.replacing("kişisinden", with: "hesabından")).isDraft)
    }

    @Test("of two local files with one id the first counts, for additions and authors too")
    func twins() throws {
        let first = mine("frame: [hesabınıza para geldi]", "frame: [hesabınıza, para geldi]")
        let second = RuleSource(
            path: "bank/other.yaml", text: RuleProblemTests.good, layer: .local)
        let more = extending("deny: [iptal]")
        let (book, problems) = RuleBook.compile([second, base, more, first])
        #expect(problems.map(\.path) == ["bank/other.yaml"])
        #expect(Array(book.digests.keys) == ["bank/mine.yaml"])
        #expect(outcome(book, paid + "\niptal").outcome == .unclear)
        let trials = RuleTrial.all([second, base, more, first])
        let shown = try #require(trials.last?.book)
        #expect(shown.digests.keys.sorted() == ["mine/bank.yaml"])
        #expect(
            outcome(shown, paid.replacing("hesabınıza ", with: "hesabınıza\n")).outcome == .payment)
    }
}

@Suite("Rule files that nobody can read")
struct UnreadableRuleTests {
    private static let base = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)
    private static let other = RuleSource(
        path: "else/rule.yaml",
        text: RuleProblemTests.good.replacing("id: bank", with: "id: else")
            .replacing("@bank.example", with: "@strange.example"))
    private static let unreadable = Wording("the file cannot be read", "dosya okunamıyor")

    private static func local(_ path: String, _ text: String) -> RuleSource {
        RuleSource(path: path, text: text, layer: .local)
    }

    private static let paid = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"

    private static func read(_ book: RuleBook, _ text: String = paid) -> Reading {
        book.read(
            TestMail.message(from: "bilgi@bank.example", text: text),
            receivedAt: TestMail.arrival)
    }

    private static let said =
        ":1:1: until this file is mended a person sees each notice of bank"
    private static let saidOfAll =
        ":1:1: until this file is mended a person sees each notice of every bank"

    /// What cannot be read, and whether it was to change the rule of the bank.
    private static let files: [(RuleSource, Bool)] = [
        (local("bank/rule.yaml", "bank: [Örnek"), true),
        (local("bank/rule.yaml", "I\0D\0: b\0a\0n\0k\0"), true),
        (local("bank/rule.yaml", ""), true),
        (local("bank/rule.yaml", "- id: bank"), true),
        (local("bank/rule.yaml", "id: [bank]\nvariants: 1"), true),
        (local("bank/rule.yaml", "id: Bank A.Ş.\nvariants: 1"), true),
        (local("bank/more.yaml", "extends bank\ndeny: [x"), true),
        (local("mine.yaml", "id: bank\nbank: [Örnek"), true),
        (local("mine.yaml", "id: 'bank' # ours\nbank: [Örnek"), true),
        (local("mine.yaml", "extends: bank\ndeny: [iptal"), true),
        (RuleSource(path: "bank/rule.yaml", layer: .local, unreadable: unreadable), true),
        (RuleSource(path: "bank/more.yaml", layer: .local, unreadable: unreadable), true),
        (local("new/rule.yaml", "id: new\nbank: [Yeni"), false),
        (local("new/rule.yaml", "bank: [Yeni"), false),
        (local("rule.yaml", "bank: [Yeni"), false),
        (RuleSource(path: "bank/more.yaml", layer: .shipped, unreadable: unreadable), false),
    ]

    @Test("at first the shipped rule that they were to change is a draft", arguments: files)
    func cold(_ file: RuleSource, _ isMeant: Bool) {
        let (book, problems) = RuleBook.compile([Self.base, Self.other, file])
        #expect(!problems.isEmpty)
        #expect(problems.allSatisfy { $0.path == file.path })
        let reading = Self.read(book)
        #expect(reading.outcome == .payment)
        #expect(reading.isDraft == isMeant)
        #expect(problems.contains { $0.description == file.path + Self.said } == isMeant)
        let strange = book.read(
            TestMail.message(from: "bilgi@strange.example", text: Self.paid),
            receivedAt: TestMail.arrival)
        #expect(strange.outcome == .payment && !strange.isDraft)
        // It stays one until the file is mended, whatever else changes.
        let next = RuleBook.compile([Self.base, file], keeping: book).book
        #expect(Self.read(next).isDraft == isMeant)
        #expect(next.digests["bank/rule.yaml"] == book.digests["bank/rule.yaml"])
        let mended = RuleBook.compile([Self.base, Self.other], keeping: next).book
        #expect(!Self.read(mended).isDraft)
    }

    @Test("later their last good version stays, an addition as well")
    func warm() {
        let own = RuleSource(
            path: "bank/rule.yaml",
            text: RuleProblemTests.good.replacing(
                "never_sends:", with: "deny: [iptal]\nnever_sends:"),
            layer: .local)
        let more = Self.local("mine/more.yaml", "extends: bank\ndeny: [iptal]\n")
        for good in [own, more] {
            let book = RuleBook.compile([Self.base, good]).book
            for text in ["", "bank: [Örnek", "extends: bank\ndeny: [", "deny: [a]"] {
                let broken = [
                    Self.local(good.path, text),
                    RuleSource(path: good.path, layer: .local, unreadable: Self.unreadable),
                ]
                for file in broken {
                    var now = book
                    for _ in 1...2 {
                        let next = RuleBook.compile([Self.base, file], keeping: now)
                        #expect(Set(next.problems.map(\.path)) == [good.path])
                        #expect(next.book.digest == book.digest)
                        #expect(Self.read(next.book, Self.paid + "\niptal").outcome == .unclear)
                        #expect(!Self.read(next.book).isDraft)
                        now = next.book
                    }
                    // The shipped file is updated meanwhile.
                    let newer = RuleSource(path: Self.base.path, text: Self.base.text + "# 2\n")
                    let updated = RuleBook.compile([newer, file], keeping: now).book
                    #expect(Self.read(updated, Self.paid + "\niptal").outcome == .unclear)
                    // Who takes the file away wants the shipped one.
                    let gone = RuleBook.compile([newer], keeping: updated).book
                    #expect(Self.read(gone, Self.paid + "\niptal").outcome == .payment)
                    #expect(!Self.read(gone).isDraft)
                }
            }
        }
    }

    @Test("a new addition to a file that is broken meanwhile puts its notices before a person")
    func lateAddition() {
        let own = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good, layer: .local)
        let book = RuleBook.compile([Self.base, own]).book
        let broken = Self.local(own.path, "bank: [")
        let more = Self.local("mine/more.yaml", "extends: bank\ndeny: [iptal]\n")
        let both = RuleBook.compile([Self.base, broken, more], keeping: book)
        #expect(both.problems.map(\.path) == [own.path, more.path])
        #expect(Self.read(both.book).isDraft)
        let mended = RuleBook.compile([Self.base, own, more], keeping: both.book)
        #expect(mended.problems.isEmpty)
        #expect(!Self.read(mended.book).isDraft)
        #expect(Self.read(mended.book, Self.paid + "\niptal").outcome == .unclear)
    }

    @Test(
        "a local fragment that replaces a shipped one makes drafts of the files that include it",
        arguments: [
            local("common/look.yaml", "deny: ["),
            local("common/look.yaml", "fragment: look\nvariants: []"),
            RuleSource(path: "common/look.yaml", layer: .local, unreadable: unreadable),
        ])
    func fragment(_ broken: RuleSource) {
        let shared = RuleSource(path: "common/look.yaml", text: "fragment: look\ndeny: [iptal]\n")
        let file = RuleSource(
            path: "bank/rule.yaml",
            text: RuleProblemTests.good.replacing(
                "never_sends:", with: "include: [common/look.yaml]\nnever_sends:"))
        let (book, problems) = RuleBook.compile([file, Self.other, shared, broken])
        #expect(problems.contains { $0.description == broken.path + Self.saidOfAll })
        #expect(Self.read(book).isDraft)
        #expect(Self.read(book, Self.paid + "\niptal").outcome == .unclear)
        let good = RuleBook.compile([file, Self.other, shared]).book
        #expect(!Self.read(good).isDraft)
        let own = Self.local("common/look.yaml", "fragment: look\ndeny: [vazgeçildi]\n")
        let before = RuleBook.compile([file, Self.other, shared, own]).book
        let kept = RuleBook.compile([file, Self.other, shared, broken], keeping: before).book
        #expect(kept.digest == before.digest)
        #expect(Self.read(kept, Self.paid + "\nvazgeçildi").outcome == .unclear)
    }
}
