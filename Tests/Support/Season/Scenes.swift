// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Sandbox

extension SeasonWriter {
    /// What one way of paying looks like.
    mutating func scene(_ way: Way) {
        switch way {
        case .codeAlone, .smallLetters, .pieces, .glued, .inWords, .otherPayer, .codeNotPrinted,
            .mistyped, .mistypedByOther, .denyWord:
            withCode(way)
        case .tooLittle, .restLater, .tooMuch, .twoInOne, .companyForMany, .equalHalves, .family,
            .ownAmountLeftOut, .lateInGrace, .lateAfterGrace, .beforeRegistering, .twice,
            .halvesWithoutCode:
            oddSums(way)
        case .stranger, .nearStranger, .familyStranger, .refund, .traceless, .relative, .neverPays:
            ofOthers(way)
        case .otherCurrency, .otherAccount, .friendsCode, .friendsCodeOtherSum, .siblingNamed,
            .noticeAndReceipt, .remembered, .chargeback:
            crossed(way)
        case .mailLost, .mailLostNoCode: lost(way)
        default: byName(way)
        }
    }

    private mutating func withCode(_ way: Way) {
        let guest = self.guest()
        let code = guest.reference.text
        let isOwn = way != .otherPayer && way != .mistypedByOther
        let payer = isOwn ? guest.called : draw.name()
        let words =
            switch way {
            case .smallLetters:
                draw.below(2) == 0
                    ? code.lowercased() : code.prefix(1) + code.dropFirst().lowercased()
            case .pieces: draw.pieces(code)
            case .glued: draw.glued(code)
            case .inWords: draw.inWords(code)
            case .mistyped, .mistypedByOther: draw.slip(in: code)
            case .denyWord: draw.refusal(code)
            default: code
            }
        pay(
            way, for: [guest], payer, words,
            bank: way == .codeNotPrinted ? silentBank() : nil)
    }

    private mutating func byName(_ way: Way) {
        switch way {
        case .ownAmount:
            let guest = ownAmountGuest()
            pay(way, for: [guest], guest.called, bank: silentBank())
        case .ownAmountMasked:
            let guest = ownAmountGuest()
            pay(way, for: [guest], masked(guest.called), bank: silentBank())
        case .title:
            let name = draw.name()
            let guest = self.guest(draw.one(of: ["Dr. ", "Av. ", "Uzm. "]) + name)
            pay(way, for: [guest], name, bank: silentBank())
        case .nearNames:
            let one = self.guest()
            let other = self.guest(draw.nearName(one.called), like: one)
            pay(way, for: [one], one.called)
            pay(way, for: [other], other.called)
        case .company:
            let guest = self.guest("\(draw.surname()) \(draw.surname()) Organizasyon Ltd. Şti.")
            pay(way, for: [guest], guest.called, "Toplu Havale-eft - Otomatik")
        case .namesakes:
            let one = self.guest()
            let other = self.guest(one.called, like: one)
            pay(way, for: [one], one.called, bank: silentBank())
            pay(way, for: [other], other.called, bank: silentBank())
        case .namedGuest:
            let guest = self.guest()
            let words = [
                "\(guest.called) kayıt ücreti", "\(guest.called) adına",
                "katılımcı \(guest.called)",
            ]
            pay(way, for: [guest], draw.name(), draw.one(of: words))
        case .ownWords:
            let guest = self.guest()
            pay(way, for: [guest], guest.called, draw.ownWords(of: guest.called))
        case .forNewcomer:
            let guest = self.guest()
            pay(way, for: [guest], guest.called, draw.wordsForNewcomer(of: guest.called))
        case .initialOfGuest:
            let full = self.guest()
            let words = full.called.split(separator: " ")
            let name = "\(words.first ?? "") \((words.last ?? "").prefix(1))."
            let short = self.guest(name, like: full)
            pay(way, for: [short], short.called)
            pay(.nameOnly, for: [full], full.called)
        case .initials:
            let guest = self.guest()
            let words = guest.called.split(separator: " ")
            let (first, last) = (words.first ?? "", words.last ?? "")
            let payer =
                draw.below(2) == 0 ? "\(first.prefix(1)). \(last)" : "\(first) \(last.prefix(1))."
            pay(way, for: [guest], payer)
        case .masked:
            let guest = self.guest()
            pay(way, for: [guest], masked(guest.called))
        case .middleMissing:
            let guest = self.guest(draw.name(middle: true))
            let words = guest.called.split(separator: " ")
            pay(way, for: [guest], "\(words.first ?? "") \(words.last ?? "")")
        case .cutOff:
            let guest = self.guest(
                "\(draw.given()) \(draw.given()) \(draw.name()) \(draw.surname())")
            let length = guest.called.count > 30 ? 30 : 20
            pay(way, for: [guest], String(guest.called.prefix(length)))
        case .turned:
            let guest = self.guest()
            pay(
                way, for: [guest],
                guest.called.split(separator: " ").reversed().joined(separator: " "))
        case .nameMistyped:
            let guest = self.guest()
            pay(way, for: [guest], draw.nearName(guest.called))
        default:
            let guest = self.guest()
            pay(.nameOnly, for: [guest], guest.called)
        }
    }

    private mutating func oddSums(_ way: Way) {
        switch way {
        case .ownAmountLeftOut:
            let guest = ownAmountGuest()
            pay(way, for: [guest], guest.called, guest.reference.text, minus: guest.ownMinorUnits)
            return
        case .companyForMany, .twoInOne:
            let first = self.guest()
            let count = way == .twoInOne ? 2 : 4
            let guests = [first] + (1..<count).map { _ in self.guest() }
            let words = guests.map(\.reference.text).joined(
                separator: draw.one(of: [" ", ", ", " ve ", " + "]))
            let payer = way == .twoInOne ? first.called : "\(draw.surname()) Yapım ve Tic. A.Ş."
            pay(way, for: guests, payer, words)
            return
        case .family:
            let surname = draw.surname()
            let first = self.guest(draw.name(surname: surname))
            let others = (0..<2).map { _ in self.guest(draw.name(surname: surname), like: first) }
            let parent = draw.name(surname: surname)
            for guest in [first] + others { pay(way, for: [guest], parent, guest.reference.text) }
            return
        default: break
        }
        let guest = self.guest()
        let (name, code, half) = (guest.called, guest.reference.text, guest.due.minorUnits / 2)
        switch way {
        case .tooLittle: pay(way, for: [guest], name, code, minus: 20_000)
        case .restLater:
            pay(way, for: [guest], name, code, minus: 20_000, at: .days(1))
            pay(way, for: [guest], name, code, minus: guest.due.minorUnits - 20_000, at: .days(2))
        case .tooMuch: pay(way, for: [guest], name, code, minus: -10_000)
        case .equalHalves:
            pay(way, for: [guest], name, code, minus: half, at: .days(1))
            pay(way, for: [guest], name, code, minus: half, at: .days(1.05))
        case .halvesWithoutCode:
            pay(way, for: [guest], name, minus: half, at: .days(1))
            pay(way, for: [guest], name, minus: half, at: .days(1.05))
        case .twice:
            pay(way, for: [guest], name, code, at: .days(1), evidence: .enough)
            pay(way, for: [guest], name, draw.below(2) == 0 ? code : nil, at: .days(2))
        case .lateInGrace: pay(way, for: [guest], name, code, at: .days(11))
        case .lateAfterGrace: pay(way, for: [guest], name, code, at: .days(14))
        default: pay(way, for: [guest], name, code, at: .days(-0.2))
        }
    }

    private mutating func ofOthers(_ way: Way) {
        let guest = self.guest()
        let surname = guest.called.split(separator: " ").last.map(String.init)
        switch way {
        case .stranger: pay(way, for: [guest], draw.name())
        case .nearStranger: pay(way, for: [guest], draw.nearName(guest.called))
        case .familyStranger, .relative: pay(way, for: [guest], draw.name(surname: surname))
        case .traceless: pay(way, for: [guest], draw.name(), bank: silentBank())
        case .refund:
            pay(.codeAlone, for: [guest], guest.called, guest.reference.text, at: .days(1))
            pay(
                way, for: [guest], guest.called, guest.reference.text, at: .days(3),
                bank: draw.one(of: [.garanti, .akbank, .yapiKredi, .ziraat]))
        default: break
        }
    }

    private mutating func crossed(_ way: Way) {
        let guest = self.guest(remembers: way == .remembered)
        let code = guest.reference.text
        switch way {
        case .otherCurrency:
            let euro = Currency("EUR").map { Money(minorUnits: 2_500, currency: $0) }
            pay(way, for: [guest], guest.called, code, amount: euro, bank: .garanti)
        case .otherAccount:
            pay(way, for: [guest], guest.called, code, bank: .garanti) {
                $0.isToOtherAccount = true
            }
        case .friendsCode:
            let friend = self.guest(like: guest)
            pay(.codeAlone, for: [guest], guest.called, code, at: .days(0.5))
            pay(way, for: [friend], friend.called, code, at: .days(2))
        case .friendsCodeOtherSum:
            let friend = self.guest(unlike: guest)
            pay(way, for: [friend], friend.called, code, at: .days(1))
            pay(.codeAlone, for: [guest], guest.called, code, at: .days(3))
        case .siblingNamed:
            let surname = guest.called.split(separator: " ").last.map(String.init)
            let sibling = self.guest(draw.name(surname: surname), like: guest)
            let given = sibling.called.split(separator: " ").first.map(String.init) ?? ""
            let words = draw.one(of: [
                "\(sibling.called) katılım", sibling.called, given, "\(given) kayıt",
            ])
            pay(way, for: [sibling], guest.called, words, at: .days(0.5))
            pay(.codeAlone, for: [guest], guest.called, code, at: .days(2))
        case .chargeback:
            let number = 90_000_000 + registrations.count
            for (variant, days) in [(SampleBank.Variant.genuine, 0.5), (.chargeback, 4)] {
                pay(
                    way, for: [guest], guest.called, code, at: .days(days), bank: .moka,
                    variant: variant
                ) { $0.number = number }
            }
        case .remembered:
            let again = self.guest(guest.called, remembers: true)
            let payer = draw.name()
            pay(.otherPayer, for: [guest], payer, code, at: .days(0.01))
            pay(way, for: [again], payer, at: .days(1))
        default:
            let payer = draw.name()
            for isReceipt in [false, true] {
                pay(way, for: [guest], payer, code, at: .days(1), bank: .ziraat) {
                    $0.isReceipt = isReceipt
                }
            }
        }
    }

    /// The mail is lost, and somebody else pays the same on the same day: one by the same bank, one
    /// by the other, and one to a wallet.
    private mutating func lost(_ way: Way) {
        let guest = self.guest()
        let code = way == .mailLost ? guest.reference.text : nil
        let banks = SeasonStatements.banks.shuffled(using: &draw)
        pay(way, for: [guest], guest.called, code, at: .days(1), bank: banks[0])
        for bank in banks + [.papara] {
            let other = self.guest(like: guest)
            pay(.nameOnly, for: [other], other.called, at: .days(1), bank: bank)
        }
    }

    private mutating func masked(_ name: String) -> String {
        let shown = draw.one(of: [1, 2, 2])
        return name.split(separator: " ").map {
            $0.prefix(shown) + String(repeating: "*", count: max(1, $0.count - shown))
        }.joined(separator: " ")
    }
}
