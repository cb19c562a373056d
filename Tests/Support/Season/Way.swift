// SPDX-License-Identifier: Apache-2.0

/// How somebody pays, or fails to.
package enum Way: String, CaseIterable, Sendable {
    case codeAlone = "code alone"
    case smallLetters = "code in small letters or as titles"
    case pieces = "code in pieces"
    case glued = "code glued to other signs"
    case inWords = "code among words"
    case otherPayer = "code, another payer"
    case codeNotPrinted = "code that the bank does not print, own name"
    case mistyped = "code with one slip, own name"
    case mistypedByOther = "code with one slip, another payer"
    case nameOnly = "own name, no code"
    case ownWords = "own name, own words about it"
    case title = "own name, a title in the registration"
    case nearNames = "own name, a guest with a near name"
    case company = "a company in its own name, no code"
    case ownAmount = "own kuruş, no code"
    case ownAmountMasked = "own kuruş, masked name"
    case ownAmountLeftOut = "code, the own kuruş left out"
    case tooLittle = "too little, with code"
    case restLater = "too little and the rest later, with code"
    case tooMuch = "too much, with code"
    case twoInOne = "two registrations in one transfer"
    case companyForMany = "a company for four guests"
    case equalHalves = "two equal halves on one day"
    case family = "a parent for each of a family, with codes"
    case lateInGrace = "late, within the time of grace"
    case beforeRegistering = "paid before registering"
    case mailLost = "code, the mail is lost and a statement tells"
    case mailLostNoCode = "own name, the mail is lost and a statement tells"
    case noticeAndReceipt = "notice and receipt of one transfer, another payer"
    case lateAfterGrace = "late, after the time of grace"
    case twice = "paid twice"
    case halvesWithoutCode = "equal halves, own name, no code"
    case otherCurrency = "another currency"
    case otherAccount = "another account"
    case friendsCode = "the code of a guest who has paid"
    case friendsCodeOtherSum = "the code of a guest who owes another sum"
    case siblingNamed = "a guest for a sibling, who is named"
    case namesakes = "own name, a namesake owes the same"
    case namedGuest = "another payer who names the guest"
    case initials = "initials"
    case initialOfGuest = "an initial as in the registration"
    case masked = "masked name"
    case middleMissing = "middle name missing"
    case cutOff = "name cut off"
    case turned = "surname first"
    case nameMistyped = "own name with one slip"
    case remembered = "a payer who is remembered"
    case relative = "one of the family, no word"
    case traceless = "another payer, no word"
    case forNewcomer = "own name and sum, for somebody unknown"
    case stranger = "a stranger, same sum"
    case nearStranger = "a stranger with a near name, same sum"
    case familyStranger = "a stranger of the family, same sum"
    case refund = "a refund to a guest"
    case chargeback = "by card with code, and taken back"
    case denyWord = "code among words of a refusal"
    case neverPays = "never pays"

    /// How often it comes among a thousand.
    var weight: Int {
        switch self {
        case .codeAlone: 170
        case .nameOnly: 110
        case .codeNotPrinted, .inWords, .otherPayer: 60
        case .mistyped, .neverPays: 45
        case .smallLetters, .pieces, .glued: 35
        case .ownAmount: 20
        case .stranger, .nearStranger, .familyStranger, .twoInOne: 12
        case .restLater, .tooMuch, .equalHalves, .lateInGrace, .beforeRegistering,
            .noticeAndReceipt, .namedGuest, .ownAmountMasked, .ownAmountLeftOut, .title, .ownWords,
            .forNewcomer, .mailLost, .mailLostNoCode:
            10
        case .nearNames, .company, .family, .twice, .friendsCode, .initials, .masked,
            .middleMissing, .cutOff, .turned, .siblingNamed, .nameMistyped, .refund, .denyWord:
            8
        case .mistypedByOther, .tooLittle, .lateAfterGrace, .otherCurrency, .otherAccount,
            .remembered, .relative, .traceless, .halvesWithoutCode, .friendsCodeOtherSum:
            6
        case .companyForMany, .namesakes, .chargeback, .initialOfGuest: 4
        }
    }

    /// What a notice of this kind says, measured by the evidence table of the design.
    var evidence: Evidence {
        switch self {
        case .codeAlone, .smallLetters, .pieces, .glued, .inWords, .otherPayer, .codeNotPrinted,
            .mistyped, .nameOnly, .ownWords, .title, .nearNames, .company, .ownAmount,
            .ownAmountMasked,
            .ownAmountLeftOut, .tooLittle, .restLater, .tooMuch, .twoInOne, .companyForMany,
            .equalHalves, .family, .lateInGrace, .beforeRegistering, .noticeAndReceipt, .mailLost:
            .enough
        case .mistypedByOther, .lateAfterGrace, .twice, .halvesWithoutCode, .otherCurrency,
            .otherAccount, .friendsCode, .friendsCodeOtherSum, .siblingNamed,
            .namedGuest, .initials, .initialOfGuest, .masked, .middleMissing, .cutOff, .turned,
            .nameMistyped,
            .remembered, .relative, .chargeback, .denyWord, .mailLostNoCode:
            .some
        case .namesakes, .traceless, .forNewcomer, .stranger, .nearStranger, .familyStranger,
            .refund, .neverPays:
            .none
        }
    }
}

/// How much a notice says about whom it is for.
package enum Evidence: Sendable {
    /// A row of the evidence table decides.
    case enough
    /// Something points at the guest, and a person has to decide.
    case some
    /// Nothing tells the guest from any other who owes the sum, or it is for nobody.
    case none
}
