// SPDX-License-Identifier: Apache-2.0

/// Sentences beside a notice that tell of more money.
extension BodyReader {
    /// Whether a sentence that no variant reads says that money came in, and how much: by the words
    /// of the file for that or, where it has none, by those of the direction, or by the frame of a
    /// payment; or, in words that no file knows, that it is another one.
    func tellsOfMore(than taken: OtherMoney.Taken, outside hidden: [Range<Int>]) -> Bool {
        let visible = VisibleText(body, work, hiding: hidden)
        let payments = file.variants.filter { $0.outcome.isMoneyIn && $0.attachment == nil }
        let words = file.moneyIn.isEmpty ? payments.flatMap(\.directionIn) : file.moneyIn
        // Patterns of a frame may ask for more than another wording has.
        let frames = payments.map { $0.frame.all.filter(\.isLiteral) }.filter { !$0.isEmpty }
        let other = OtherMoney(body, visible, taken: taken) { [file] in file.vocabulary }
        func tells(_ sentence: VisibleText) -> Bool {
            words.contains { $0.holds(in: sentence) }
                || frames.contains { $0.allSatisfy { $0.holds(in: sentence) } }
        }
        func isTold(_ range: Range<Int>) -> Bool { taken.amounts.contains { $0.overlaps(range) } }
        let sentences = AmountPlaces.sentences(in: visible.lines, clauses: false)
        guard sentences.count <= sentencesMax else { return true }
        return sentences.contains { own, around in
            guard !isTold(own) else { return false }
            let sentence = visible.part(own)
            // A balance beside it is none.
            if !AmountPlaces.areValues(in: sentence.lines), tells(sentence) { return true }
            if other.isTold(in: own) { return true }
            let before = isTold(around.lowerBound..<own.lowerBound) ? own : around
            let behind = isTold(own.upperBound..<around.upperBound) ? own : around
            let whole = before.lowerBound..<behind.upperBound
            return isWrapped(whole, around: own, visible, tells)
                || whole != own && other.isTold(in: whole, isWrapped: true)
        }
    }

    /// Whether `own` and the lines beside it are one sentence that tells: a mailer may have wrapped
    /// it. A line that tells by itself is not the rest of one, but for the currency of the sum.
    private func isWrapped(
        _ whole: Range<Int>, around own: Range<Int>, _ visible: VisibleText,
        _ tells: (VisibleText) -> Bool
    ) -> Bool {
        guard whole != own else { return false }
        let sentence = visible.part(whole)
        let line = sentence.lines.map { $0 == 10 ? 32 : $0 }
        let before = visible.part(whole.lowerBound..<own.lowerBound)
        let behind = visible.part(own.upperBound..<whole.upperBound)
        let beginsWithCurrency = AmountPlaces.find(in: Array("1 ".utf8) + behind.lines).first == 0
        return tells(sentence) && !AmountPlaces.areValues(in: line) && !tells(before)
            && (beginsWithCurrency || !tells(behind))
    }
}

/// A notice names a handful of sums; whoever names more is looked at.
private let sentencesMax = 200
