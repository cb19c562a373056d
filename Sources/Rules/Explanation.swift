// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Why one rule file did or did not take a mail, found by the very code that reads it.
package struct FileExplanation: Sendable {
    /// The rule file's id.
    package let file: String
    /// Below its folder.
    package let path: String
    /// Whether the file is for this sender. If not, the variants are tried all the same.
    package let isForSender: Bool
    /// Every variant on every part of the mail that it reads, in their order.
    package let variants: [VariantExplanation]
    /// What the file makes of the mail; nil when none of its variants comes near.
    package let reading: Reading?
}

/// Why one variant did or did not take one part of a mail.
package struct VariantExplanation: Sendable {
    /// Which text of the mail was read.
    package enum Part: Hashable, Sendable {
        case plain, html, inner, nothing
        case attachment(name: String)
    }

    /// What kept a variant from taking the mail. Texts are those of the rule file.
    package enum Hurdle: Hashable, Sendable {
        /// These stand not in the subject.
        case subjectMissing([String])
        /// These stand in the subject and must not.
        case subjectForbidden([String])
        /// These sentences of the frame are not there.
        case frameMissing([String])
        /// These stand there, and the frame's `none` names them.
        case frameForbidden([String])
        /// Denied texts stand there.
        case denied([String])
        /// None of the texts that say that money came in.
        case directionMissing([String])
        /// Texts that say that money went out.
        case directionOut([String])
        /// A value, a sentence or the table; the words of `Reading.explanation`.
        case content(String)
    }

    /// What came of it.
    package enum Verdict: Hashable, Sendable {
        case fits
        /// The frame fits, something else does not: a person sees the mail.
        case nearly
        /// It can be read in more than one way: a person sees the mail.
        case unclear
        case no
    }

    /// A value that was found.
    package struct Capture: Hashable, Sendable {
        package let field: Field
        /// As it was read.
        package let value: String
        /// It stands in the subject instead of `part`.
        package let isInSubject: Bool
        /// Bytes of UTF-8 in the normalised text (`BodyText.text`, `Message.subject`).
        package let bytes: Range<Int>
    }

    package let rule: RuleID
    package let part: Part
    package let verdict: Verdict
    package let hurdles: [Hurdle]
    package let captures: [Capture]
}

/// Takes down what a reader finds, for explanations. Without one a reader does what it must only.
final class Tracer {
    private(set) var variants: [VariantExplanation] = []
    private var hurdles: [VariantExplanation.Hurdle] = []
    private var captures: [VariantExplanation.Capture] = []
    /// Both readings of a sentence may find a value at the same place.
    private var seen: Set<VariantExplanation.Capture> = []

    func note(_ hurdle: VariantExplanation.Hurdle) { hurdles.append(hurdle) }

    func note(_ found: [FieldReader.Found], subject: FoldedText, body: FoldedText) {
        captures += found.compactMap { found in
            found.range.map {
                VariantExplanation.Capture(
                    field: found.field, value: found.text, isInSubject: found.isInSubject,
                    bytes: (found.isInSubject ? subject : body).writtenRange($0))
            }
        }.filter { seen.insert($0).inserted }
    }

    func finish(_ rule: RuleID, _ part: MailPart, _ verdict: VariantExplanation.Verdict) {
        variants.append(
            VariantExplanation(
                rule: rule, part: part.explained, verdict: verdict, hurdles: hurdles,
                captures: captures))
        hurdles = []
        captures = []
        seen = []
    }
}
