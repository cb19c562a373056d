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
        private static let variantsShown = 4

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let book = try options.folders.book(&reply, manner)
            let message = try MailArgument(text: mail).one(manner).message(manner)
            let received = message.date ?? Date(timeIntervalSince1970: 0)
            let reading = book.read(message, receivedAt: received)
            let files = book.explain(message, receivedAt: received).enumerated().sorted {
                one, two in
                let (a, b) = (Self.distance(one.element), Self.distance(two.element))
                return (a, one.offset) < (b, two.offset)
            }.map(\.element)
            if options.json {
                for file in files {
                    var line = JSONLine()
                    line.put("file", file.file)
                    line.put("for_sender", file.isForSender)
                    line.put("outcome", file.reading?.outcome.rawValue)
                    line.put("rule", file.reading?.rule?.text)
                    line.put("variants", file.variants.map(Attempt.object))
                    reply.line(line.finished)
                }
            } else {
                tell(files, reading, message, manner, into: &reply)
            }
            if reading.outcome == .unread || reading.outcome == .unclear {
                reply.failure = Failure(
                    message: manner.pick(
                        "no rule reads this mail", "bu e-postayı okuyan kural yok"),
                    code: .negative)
            }
            return reply
        }

        private static func distance(_ file: FileExplanation) -> Int {
            (file.isForSender ? 0 : 1000)
                + (file.variants.map(ExplanationText.distance).min() ?? 500)
        }

        private func tell(
            _ files: [FileExplanation], _ reading: Reading, _ message: Message, _ manner: Manner,
            into reply: inout CommandReply
        ) {
            let words = ExplanationText(manner: manner)
            let sender = message.from.first?.address ?? "–"
            reply.line(manner.pick("From ", "Gönderen ") + sender)
            reply.line(
                manner.pick("Together: ", "Sonuç: ") + words.outcome(reading) + "  "
                    + manner.painted(reading.explanation, .dim))
            if !files.contains(where: \.isForSender) {
                reply.line(
                    manner.pick(
                        "No rule is for this sender. To write one: mutabik rules new \(mail)",
                        "Bu gönderen için kural yok. Yazmak için: mutabik rules new \(mail)"))
            }
            reply.line("")
            let shown = all ? files[...] : files.prefix(Self.filesShown)
            for file in shown {
                let forSender =
                    file.isForSender
                    ? manner.painted(manner.pick("for this sender", "bu gönderen için"), .green)
                    : manner.pick("for other senders", "başka gönderenler için")
                reply.line(manner.painted(file.file, .bold) + "  " + forSender)
                let variants = file.variants.enumerated().sorted {
                    (ExplanationText.distance($0.element), $0.offset)
                        < (ExplanationText.distance($1.element), $1.offset)
                }.map(\.element)
                for variant in all ? variants[...] : variants.prefix(Self.variantsShown) {
                    let name = variant.rule.text.split(separator: "/").last.map(String.init) ?? ""
                    reply.line(
                        "  \(manner.mark(variant.verdict == .fits)) \(name)  "
                            + words.verdict(variant.verdict) + "  "
                            + manner.painted("(\(words.part(variant.part)))", .dim))
                    for hurdle in variant.hurdles { reply.line("      " + words.hurdle(hurdle)) }
                    if variant.verdict != .no, !variant.captures.isEmpty {
                        let values = variant.captures.map { "\($0.field.rawValue): \($0.value)" }
                        reply.line("      " + values.joined(separator: " · "))
                    }
                }
                if !all, variants.count > Self.variantsShown {
                    let more = variants.count - Self.variantsShown
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
