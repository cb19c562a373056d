// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Mail
package import Rules

/// A rule file drafted from notices of one kind, with samples that hold.
package struct RuleDraft: Sendable {
    /// From what a rule is drafted.
    package struct Request: Sendable {
        /// The mails as they came; one or more of the same kind.
        package var mails: [[UInt8]]
        /// Fragments that the file may include.
        package var fragments: [RuleSource]
        /// Folded words of the rules in force; they are nobody's name.
        package var vocabulary: Set<String>
        /// For the invented people in the samples.
        package var seed: UInt64
        /// Comments are Turkish instead of English.
        package var isTurkish: Bool
        /// The name of the file's folder; nil: made from the sender's domain.
        package var id: String?
        /// The file to which a variant is added; nil for a file of its own.
        package var base: RuleSource?
        /// The files that add to `base` already.
        package var additions: [RuleSource] = []
        /// The command that runs the samples of the file with this path below the folder of rules,
        /// for the file's first lines; nil: it is not yet known where the file will stand.
        package var testCommand: @Sendable (String) -> String? = { _ in nil }
        /// Reads the PDFs of the mails.
        package var readPDF: @Sendable (PDFAttachment) -> PDFText = { _ in .unreadable }

        /// Without fragments the look-alikes are written into the file.
        package init(
            mails: [[UInt8]], fragments: [RuleSource] = [], vocabulary: Set<String> = [],
            seed: UInt64, isTurkish: Bool, id: String? = nil
        ) {
            self.mails = mails
            self.fragments = fragments
            self.vocabulary = vocabulary
            self.seed = seed
            self.isTurkish = isTurkish
            self.id = id
        }
    }

    /// How a field was found.
    package struct Finding: Hashable, Sendable {
        /// As it is called in rule files.
        package let field: String
        /// `Tutar:` or the sentence; nil when it was not found.
        package let whereFound: String?
        /// From the anonymized sample.
        package let value: String?
    }

    /// The folder's name and the file's id, or the id of the file that is added to.
    package let id: String
    /// `rule.yaml`, or the name of the variant that is added: `incoming-2.yaml`.
    package let fileName: String
    /// The whole file.
    package let text: String
    /// All fields in the order of the format.
    package let findings: [Finding]
    /// What a person should look at, in both languages.
    package let remarks: [Wording]
    /// What keeps the file from being used; empty when it loads at once.
    package let problems: [RuleProblem]

    /// More mails say nothing new.
    private static let mailsMax = 20

    /// Drafts the file and runs its samples.
    ///
    /// - Throws: `DraftError` when the mails tell of no payment, or not of the same kind.
    package static func make(_ request: Request) throws(DraftError) -> RuleDraft {
        var mails: [DraftMail] = []
        for (index, raw) in request.mails.prefix(mailsMax).enumerated() {
            for raw in DraftMail.carried(by: raw).prefix(mailsMax) {
                mails.append(try DraftMail(raw, number: index + 1, readPDF: request.readPDF))
            }
        }
        guard let first = mails.first else {
            throw DraftError(
                operation: "drafting a rule", mail: nil,
                cause: Wording("there is no mail", "e-posta yok"),
                hint: Wording("name an .eml file", "bir .eml dosyası verin"))
        }
        let owned = MailAnonymizer.owned(first.sender.domain)
        for (index, mail) in mails.enumerated()
        where MailAnonymizer.owned(mail.sender.domain) != owned {
            throw DraftError(
                operation: "comparing the mails", mail: index + 1,
                cause: Wording(
                    "it comes from \(mail.sender.domain), the first one from \(first.sender.domain)",
                    "bunun göndereni \(mail.sender.domain), ilkininki \(first.sender.domain)"),
                hint: Wording(
                    "give mails of one bank; each bank has a file of its own",
                    "aynı bankanın e-postalarını verin; her bankanın kendi dosyası olur"))
        }
        try refuseOutgoing(mails)
        let plan = DraftPlan(mails, fragments: request.fragments)
        return try DraftWriter(request: request, plan: plan, mails: mails).write()
    }

    private static func refuseOutgoing(_ mails: [DraftMail]) throws(DraftError) {
        for (index, mail) in mails.enumerated() {
            let text = mail.flatSubject + " " + mail.flat
            let out = DirectionWords.found(DirectionWords.wentOut, in: text, limit: 1)
            let came = DirectionWords.found(DirectionWords.cameIn, in: text, limit: 1)
            guard let word = out.first, came.isEmpty else { continue }
            throw DraftError(
                operation: "looking for the direction", mail: index + 1,
                cause: Wording(
                    "it tells of money that went out (\(word))",
                    "giden parayı anlatıyor (\(word))"),
                hint: Wording(
                    "give a notice of money that came in; copy the sentence of this one into the "
                        + "rule, under the frame of its variant outgoing",
                    "gelen para bildirimi verin; bunun cümlesini kuralın outgoing varyantında "
                        + "frame altına kopyalayın"))
        }
    }
}
