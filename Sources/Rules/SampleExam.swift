// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail

/// What the samples of a whole file must show besides what each of them expects: that a payment is
/// read, that the bank's other mails are none, that somebody tried to deceive the rule.
struct SampleExam {
    let source: RuleSource
    let file: RuleFile

    /// Empty when the samples show all that. `readings` are those of `samples`, in their order.
    func problems(_ samples: [Sample], _ readings: [Reading]) -> [RuleProblem] {
        let all = Array(zip(samples, readings))
        func lacks(
            _ group: Sample.Group, _ isMet: ((Sample, Reading)) -> Bool, _ message: Wording
        ) -> RuleProblem? {
            let own = all.filter { $0.0.group == group }
            guard let first = own.first?.0, !own.contains(where: isMet) else { return nil }
            return RuleProblem(
                path: source.path, layer: source.layer, line: first.place.line,
                column: first.place.column, message: message)
        }
        return [
            lacks(.match, isRead, Self.unread),
            lacks(.noMatch, { comesFromOwn($0.0) }, Self.strange)
                ?? lacks(.noMatch, { isLookAlike($0.0) }, Self.unlike),
            lacks(.hostile, isHostile, Self.harmless),
        ].compactMap(\.self)
    }

    private static let unread = Wording(
        "no sample under match is read by a variant; put the text of a mail there that a payment "
            + "variant reads",
        "match altındaki hiçbir örneği bir varyant okumuyor; oraya bir ödeme varyantının okuduğu bir "
            + "e-postanın metnini koyun")
    private static let strange = Wording(
        "no sample under no_match comes from a sender of this file; add another mail of the bank, "
            + "such as money that went out",
        "no_match altındaki hiçbir örnek bu dosyanın bir göndereninden gelmiyor; bankanın başka bir "
            + "e-postasını ekleyin, örneğin giden para")
    private static let unlike = Wording(
        "no sample under no_match looks like a notice; add a mail of the bank with an amount, or "
            + "with words of this file, such as money that went out",
        "no_match altındaki hiçbir örnek bir bildirime benzemiyor; bankanın içinde tutar ya da bu "
            + "dosyadaki sözler olan bir e-postasını ekleyin, örneğin giden para")
    private static let harmless = Wording(
        "no sample under hostile is an attack; let a stranger send the bank's text, or a payer write "
            + "the bank's labels and an amount into the description",
        "hostile altındaki hiçbir örnek saldırı değil; bankanın metnini bir yabancı göndersin ya da "
            + "ödeyen, açıklamaya bankanın etiketlerini ve bir tutarı yazsın")

    /// A file that has payments must show one; another one that it knows its mails.
    private func isRead(_ sample: Sample, _ reading: Reading) -> Bool {
        guard file.variants.contains(where: { $0.outcome == .payment }) else {
            return reading.outcome != .unread
        }
        return [.payment, .paymentWithoutDetails, .reversal].contains(reading.outcome)
    }

    private func comesFromOwn(_ sample: Sample) -> Bool {
        sample.message.from.allSatisfy { sender in
            let domain = sender.domain.lowercased()
            return file.addresses.contains(sender.address.lowercased())
                || file.domains.contains { domain == $0 || domain.hasSuffix("." + $0) }
        }
    }

    /// Another mail of the bank that a rule could take for a payment.
    private func isLookAlike(_ sample: Sample) -> Bool {
        comesFromOwn(sample) && (holdsBanksWords(sample.message) || holdsMoney(sample.message))
    }

    /// A stranger who is seen through, a mail in the bank's words that no rule believes, or a payer
    /// whose words are those of the bank.
    private func isHostile(_ sample: Sample, _ reading: Reading) -> Bool {
        guard comesFromOwn(sample) else { return reading.imitates != nil }
        guard reading.outcome == .payment else { return holdsBanksWords(sample.message) }
        let written = reading.notices.flatMap { [$0.description, $0.payer] }.compactMap(\.self)
        let folded = written.map { Array($0.turkishFolded().utf8) }
        return folded.contains { text in
            banksWords.contains { text.contains($0) } || Self.holdsAmount(text)
        }
    }

    private func texts(_ message: Message) -> [FoldedText] {
        let bodies = message.bodies + message.inner.flatMap(\.bodies)
        return ([message.subject] + bodies.map(\.text)).map { FoldedText($0) }
    }

    private func holdsMoney(_ message: Message) -> Bool {
        texts(message).contains { !AmountPlaces.find(in: $0.bytes).isEmpty }
    }

    private func holdsBanksWords(_ message: Message) -> Bool {
        texts(message).contains { text in
            let text = VisibleText(text, SearchWork())
            return banksWords.contains { text.contains($0) }
                || tests.contains { $0.holds(in: text) }
        }
    }

    /// Labels and texts that the file looks for.
    private var banksWords: [[UInt8]] {
        let texts = tests.compactMap { test -> [UInt8]? in
            if case .literal(let bytes, _) = test { return bytes }
            return nil
        }
        return file.variants.flatMap { $0.labels + $0.fields.flatMap(\.labels) } + texts
    }

    private var tests: [TextTest] {
        file.variants.flatMap { variant -> [TextTest] in
            let conditions = [variant.subject, variant.frame].flatMap { $0.all + $0.any }
            return conditions + variant.directionIn + variant.directionOut + variant.deny
        }
    }

    /// `9.999,00`: two digits behind a separator.
    private static func holdsAmount(_ text: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        return text.indices.contains { place in
            place > 0 && place + 2 < text.count && [44, 46].contains(text[place])
                && isDigit(text[place - 1]) && isDigit(text[place + 1]) && isDigit(text[place + 2])
        }
    }
}
