// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

extension RulesCommand {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says for every rule why it did or did not take a mail.",
            discussion: """
                Example: mutabik rules explain notice.eml
                The nearest rules come first; --all shows every one.
                Exit code: 0 a rule reads the mail, 1 none does, 65 the mail cannot be used.
                """)

        @OptionGroup var options: Options

        @Flag(help: "Every rule file, not only the nearest five.")
        var all = false

        @Argument(help: "A mail: notice.eml, season.mbox#12, or - for standard input.")
        var mail: String

        private static let filesShown = 5
        private static let variantsShown = 2
        private static let ownShown = 4

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let book = try options.folders.book(&reply, manner)
            let message = try MailArgument(text: mail).one(manner).message(manner)
            let mails = ToldMail.all(in: message, book)
            for mail in mails { explain(mail, book, manner, into: &reply) }
            if !mails.contains(where: \.isRead) {
                reply.failure = Failure(
                    message: manner.pick(
                        "no rule reads this mail", "bu e-postayı okuyan kural yok"),
                    code: .negative)
            }
            return reply
        }

        private func explain(
            _ mail: ToldMail, _ book: RuleBook, _ manner: Manner, into reply: inout CommandReply
        ) {
            let files = book.explain(mail.message, receivedAt: mail.received).enumerated().sorted {
                one, two in
                let (a, b) = (Self.distance(one.element), Self.distance(two.element))
                return (a, one.offset) < (b, two.offset)
            }.map(\.element)
            guard options.json else { return tell(files, mail, manner, into: &reply) }
            for file in files {
                var line = JSONLine()
                line.put("file", file.file)
                line.put("way", mail.way.rawValue)
                line.put("for_sender", file.isForSender)
                line.put("outcome", file.reading?.outcome.rawValue)
                line.put("rule", file.reading?.rule?.text)
                line.put("variants", file.variants.map(Attempt.object))
                reply.line(line.finished)
            }
        }

        /// Of a rule for others, a variant that takes any text without reading a value says
        /// nothing of this mail.
        private static func distance(_ file: FileExplanation) -> Int {
            let telling = file.variants.filter { variant in
                file.isForSender || variant.verdict == .no || !variant.captures.isEmpty
            }
            return (file.isForSender ? 0 : 1000) + (telling.map(\.distance).min() ?? 500)
        }

        /// The nearest variants first; of the sender's own rule those that do not fit stay in the
        /// order of the file, payments before what only looks like one.
        private static func ordered(_ file: FileExplanation) -> [VariantExplanation] {
            func key(_ variant: VariantExplanation) -> Int {
                let isFar = variant.verdict == .no
                return file.isForSender && isFar ? 1000 : variant.distance
            }
            return file.variants.enumerated().sorted {
                (key($0.element), $0.offset) < (key($1.element), $1.offset)
            }.map(\.element)
        }

        private func tell(
            _ files: [FileExplanation], _ told: ToldMail, _ manner: Manner,
            into reply: inout CommandReply
        ) {
            let words = ExplanationText(manner: manner)
            let reading = told.reading
            let sender = told.message.from.first?.address ?? "–"
            if let way = told.way(manner) { reply.line(way) }
            reply.line(manner.pick("From ", "Gönderen ") + sender)
            reply.line(
                manner.pick("Together: ", "Sonuç: ") + words.outcome(reading) + "  "
                    + manner.painted(manner.text(of: reading.wording), .dim))
            if !files.contains(where: \.isForSender) {
                let command = "mutabik rules new \(mail.shellWord)\(options.folders.given)"
                reply.line(
                    manner.pick(
                        "No rule is for this sender. To write one: \(command)",
                        "Bu gönderen için kural yok. Yazmak için: \(command)"))
            }
            reply.line("")
            let shown = all ? files[...] : files.prefix(Self.filesShown)
            for file in shown {
                let forSender =
                    file.isForSender
                    ? manner.painted(manner.pick("for this sender", "bu gönderen için"), .green)
                    : manner.pick("for other senders", "başka gönderenler için")
                reply.line(manner.painted(file.file, .bold) + "  " + forSender)
                let variants = Self.ordered(file)
                let fitting = variants.count { $0.verdict != .no }
                // Of the sender's own rule people ask why it did not take the mail otherwise; of a
                // stranger's, what fits says enough.
                let shown =
                    file.isForSender
                    ? max(fitting, Self.ownShown) : fitting > 0 ? fitting : Self.variantsShown
                for variant in all ? variants[...] : variants.prefix(shown) {
                    let name = variant.rule.text.split(separator: "/").last.map(String.init) ?? ""
                    // What fits is only its text: the rule does not take the mail.
                    let mark =
                        file.isForSender || variant.verdict == .no
                        ? manner.mark(variant.verdict == .fits) : "·"
                    reply.line(
                        "  \(mark) \(name)  "
                            + words.verdict(variant.verdict) + "  "
                            + manner.painted("(\(words.part(variant.part)))", .dim))
                    for hurdle in variant.hurdles {
                        reply.line("      " + manner.text(of: hurdle.wording))
                    }
                    if variant.verdict != .no, !variant.captures.isEmpty {
                        let values = variant.captures.map { "\($0.field.rawValue): \($0.value)" }
                        reply.line("      " + values.joined(separator: " · "))
                    }
                }
                if !all, file.isForSender || fitting == 0, variants.count > shown {
                    let more = variants.count - shown
                    reply.line(manner.pick("    … \(more) more", "    … \(more) tane daha"))
                }
            }
            if !all, files.count > Self.filesShown {
                let more = files.count - Self.filesShown
                reply.line(
                    manner.pick(
                        "… and \(more) more rule files, further away: --all",
                        "… ve daha uzak \(more) kural dosyası: --all"))
            }
        }
    }
}
