// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Mail
internal import Rules

/// Words of a bank that no list knows, told by where they stand. They stay in samples and frames.
struct OwnWords {
    /// Labels that all mails hold, or that stand before a day or an IBAN.
    let labels: [String]
    /// Folded words of these labels and of headings, and what all mails write in small letters
    /// outside the values that payers chose: no name is written so.
    let words: Set<String>

    init(_ mails: [DraftMail]) {
        let sketches = mails.map(\.part.sketch)
        let unread = sketches.flatMap(\.unread).map(\.label)
        let recurring =
            mails.count > 1
            ? sketches[0].otherLabels.filter { label in
                sketches.allSatisfy { $0.otherLabels.contains(label) }
            } : []
        labels = unread + recurring
        let headings = sketches.compactMap { $0.table?.headingText }
        words = Set((labels + headings).flatMap(DraftPlan.words)).union(Self.small(mails))
    }

    private static func small(_ mails: [DraftMail]) -> Set<String> {
        guard mails.count > 1 else { return [] }
        return mails.map { mail in
            let chosen = Set(mail.chosenValues.flatMap(DraftPlan.words))
            return Set(smallWords(mail.message.subject + "\n" + mail.part.text))
                .subtracting(chosen)
        }.reduce(nil) { (all: Set<String>?, own) in all?.intersection(own) ?? own } ?? []
    }

    private static func smallWords(_ text: String) -> [String] {
        let signs = Array(text.unicodeScalars)
        return TextScanner(signs).spans().compactMap { span in
            guard span.kind == .word, signs[span.range.lowerBound].properties.isLowercase else {
                return nil
            }
            return String(String.UnicodeScalarView(signs[span.range])).turkishFolded()
        }
    }
}

extension DraftMail {
    /// What a person chose, as far as the form of the mail tells: names and descriptions.
    var chosenValues: [String] {
        let table = part.sketch.table
        return (table?.rows ?? []).flatMap { row in
            [Field.payer, .description].compactMap { table?.value($0, in: row) }
        }
            + [Field.payer, .description].compactMap { part.sketch.first($0)?.value }
            + [part.sentence, subjectSentence].compactMap(\.self).flatMap { sentence in
                sentence.values.filter { $0.field == .payer || $0.field == .description }
                    .map { sentence.text($0.range) }
            }
    }
}
