// SPDX-License-Identifier: Apache-2.0

/// Whether a text holds more than one notice. Two equal payments are two, so what stands there
/// twice is never taken for one; words of a payer that are a whole notice are not either.
extension FieldReader {
    /// The amounts that the sentences find, for each sentence and each way to read it.
    func sentenceAmounts(outside hidden: [Range<Int>]) -> [[Range<Int>]] {
        let telling = variant.sentences.filter { $0.fields.contains(.amount) }
        return telling.flatMap { sentence in
            [sentence.pattern, sentence.exchanged].map { pattern in
                matches(pattern, outside: hidden).compactMap { groups in
                    let amount = zip(sentence.groups, groups).first { $0.0 == .field(.amount) }
                    return amount?.1 ?? groups[0]
                }
            }
        }
    }

    /// Whether one label of the amount stands twice, and no number of the movement tells that it
    /// is the same one. A label that is to be read once, by the rule, may stand more often.
    func repeatsAmountLabel(outside hidden: [Range<Int>]) -> Bool {
        let amount = variant.fields.firstIndex {
            $0.field == .amount && !$0.labels.isEmpty && $0.occurrence == nil
        }
        guard let amount else { return false }
        let hits = self.hits().filter { hit in !hidden.contains { $0.contains(hit.start) } }
        let own = hits.filter { $0.field == amount }
        let numbers = hits.count { hit in
            hit.field.map { variant.fields[$0].field == .transactionID } ?? false
        }
        let labels = own.map { text.bytes[$0.start..<$0.start + $0.length] }
        return numbers < own.count && Set(labels).count < labels.count
    }

    /// Whether all texts of the frame stand twice, so that a second notice may have another form.
    func repeatsFrame(outside hidden: [Range<Int>]) -> Bool {
        guard !variant.frame.all.isEmpty else { return false }
        let visible = VisibleText(text, work, hiding: hidden)
        return variant.frame.all.allSatisfy { test in
            switch test {
            case .literal(let bytes, _): visible.contains(bytes, times: 2)
            case .pattern(let pattern): matches(pattern, outside: hidden).count > 1
            }
        }
    }

    /// Whether the end of the bank's sentence, what it prints behind the payer's name, stands among
    /// the payer's words where labels run together: a name that holds labels pushes it there, and
    /// makes the payer's own sum the bank's.
    func hidesSentence(in hidden: [Range<Int>]) -> Bool {
        guard variant.labelsRunTogether else { return false }
        let words = hidden.map { VisibleText(text, work, only: $0) }
        return variant.sentences.contains { sentence in
            matches(sentence.pattern, outside: []).contains { groups in
                guard let whole = groups.first ?? nil,
                    let name = zip(sentence.groups, groups).first(where: {
                        $0.0 == .field(.payer)
                    })?.1, name.upperBound < whole.upperBound
                else { return false }
                let end = VisibleText(text, work, only: name.upperBound..<whole.upperBound).flat
                return words.contains { $0.contains(end) }
            }
        }
    }

    /// The amounts that labels lead to.
    var labelledAmounts: [Range<Int>] {
        labelledValues().filter { $0.field == .amount }.compactMap(\.range)
    }
}
