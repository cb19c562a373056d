// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

extension RulesCommand {
    struct Try: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tries one rule file on a mail and marks in the text what it takes.",
            discussion: """
                Example: mutabik rules try rules/garanti-bbva notice.eml
                Exit code: 0 the mail is read, 1 it is not, 65 a file cannot be used.
                """)

        @OptionGroup var options: Options

        @Argument(help: "A rule.yaml, its folder, or a bank's name.")
        var rule: String

        @Argument(help: "A mail: notice.eml, season.mbox#12, or - for standard input.")
        var mail: String

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let files = try RuleFiles(rule, home: options.folders, manner: manner)
            guard Set(files.trials.compactMap(\.id)).count <= 1 else {
                throw Failure(
                    message: manner.pick(
                        "\(rule) is not one rule file; name its rule.yaml",
                        "\(rule) tek bir kural dosyası değil; rule.yaml dosyasını verin"),
                    code: .data)
            }
            reply.notes += files.problems.map(manner.text)
            guard let book = files.trials.last(where: { $0.book != nil })?.book else {
                throw Failure(
                    message: (reply.notes + [
                        manner.pick(
                            "the rule file cannot be read; correct it first",
                            "kural dosyası okunamıyor; önce düzeltin")
                    ]).joined(separator: "\n"), code: .data)
            }
            let failing = files.trials.flatMap(\.samples).count { !$0.problems.isEmpty }
            if !files.problems.isEmpty {
                reply.notes.append(
                    manner.pick(
                        "until that is corrected the agent uses the last good version, or a draft",
                        "düzeltilene kadar son sağlam sürüm ya da bir taslak kullanılır"))
            }
            if failing > 0 {
                reply.notes.append(
                    manner.pick(
                        "\(failing) of its samples fail, so the agent would not use this file: "
                            + "mutabik rules test \(rule)",
                        "\(failing) örneği tutmuyor, bu dosya kullanılmaz: mutabik rules test \(rule)"
                    ))
            }
            let message = try MailArgument(text: mail).one(manner).message(manner)
            let mails = ToldMail.all(in: message, book)
            for mail in mails {
                let files = book.explain(mail.message, receivedAt: mail.received)
                guard let file = files.first else {
                    throw Failure(
                        message: manner.pick(
                            "the mail is too long to be searched",
                            "e-posta aranamayacak kadar uzun"), code: .data)
                }
                let attempt = Attempt(mail: mail, file: file)
                if options.json {
                    reply.line(attempt.json.finished)
                } else {
                    attempt.tell(manner, into: &reply)
                }
            }
            if !mails.contains(where: \.isRead) {
                reply.failure = Failure(
                    message: manner.pick(
                        "the rule does not read this mail", "kural bu e-postayı okumuyor"),
                    code: .negative)
            }
            return reply
        }
    }
}

/// One rule file on one mail.
struct Attempt {
    let mail: ToldMail
    let file: FileExplanation

    private var message: Message { mail.message }
    private var reading: Reading { mail.reading }

    /// The variants that say most: those that fit, else the nearest one of each part.
    var shown: [VariantExplanation] {
        let payments = file.variants.sorted {
            $0.distance < $1.distance
        }
        let fitting = payments.filter { $0.verdict != .no }
        return fitting.isEmpty ? Array(payments.prefix(1)) : fitting
    }

    /// When nothing fits, those that come next; their texts are the same.
    private var further: ArraySlice<VariantExplanation> {
        guard shown.allSatisfy({ $0.verdict == .no }) else { return [] }
        let next = file.variants.sorted {
            $0.distance < $1.distance
        }
        return next.dropFirst().prefix(Self.furtherMax)
    }

    private static let furtherMax = 3

    private func text(_ part: VariantExplanation.Part) -> String? {
        switch part {
        case .plain: return message.bodies.first { $0.source == .plain }?.text
        case .html: return message.bodies.first { $0.source == .html }?.text
        case .nothing: return ""
        case .inner: return message.inner.first?.bodies.first?.text
        case .attachment(let name):
            return message.bodies.first { body in
                if case .attachment(let own, _) = body.source { return own == name }
                return false
            }?.text
        }
    }

    func tell(_ manner: Manner, into reply: inout CommandReply) {
        let words = ExplanationText(manner: manner)
        let marks = CaptureText(manner: manner)
        if let way = mail.way(manner) { reply.line(way) }
        if !file.isForSender {
            reply.line(
                manner.painted(
                    manner.pick(
                        "The rule is not for this sender (\(sender)); its texts are tried all the same.",
                        "Kural bu gönderen için değil (\(sender)); metinler yine de denendi."),
                    .yellow))
        }
        for variant in shown {
            reply.line(
                manner.painted(variant.rule.text, .bold) + "  " + words.verdict(variant.verdict)
                    + "  " + words.part(variant.part))
            let inSubject = variant.captures.filter(\.isInSubject).map { ($0.field, $0.bytes) }
            reply.line("  " + manner.pick("Subject:", "Konu:"))
            reply.line(marks.marked(message.subject, inSubject))
            if let text = text(variant.part), !text.isEmpty {
                let spans = variant.captures.filter { !$0.isInSubject }.map { ($0.field, $0.bytes) }
                reply.line("  " + manner.pick("Text:", "Metin:"))
                reply.line(marks.marked(text, spans))
            }
            let legend = marks.legend(variant.captures.map(\.field))
            if !legend.isEmpty, !variant.captures.isEmpty { reply.line(legend) }
            for hurdle in variant.hurdles {
                reply.line("  \(manner.mark(false)) \(manner.text(of: hurdle.wording))")
            }
            reply.line("")
        }
        for variant in further {
            reply.line(
                manner.painted(variant.rule.text, .bold) + "  " + words.verdict(variant.verdict))
            for hurdle in variant.hurdles {
                reply.line("  \(manner.mark(false)) \(manner.text(of: hurdle.wording))")
            }
            reply.line("")
        }
        reply.line(manner.pick("Outcome: ", "Sonuç: ") + words.outcome(reading))
        for (index, notice) in reading.notices.enumerated() {
            if reading.notices.count > 1 { reply.line("  \(index + 1).") }
            var table = PlainTable()
            for (field, value) in words.notice(notice) {
                table.add([manner.painted(field.rawValue, CaptureText.colour(of: field)), value])
            }
            for line in table.lines { reply.line("  " + line) }
        }
        if !reading.reasons.isEmpty || reading.outcome != .payment {
            reply.line("  " + manner.painted(manner.text(of: reading.wording), .dim))
        }
    }

    private var sender: String { message.from.first?.address ?? "–" }

    var json: JSONLine {
        var line = JSONLine()
        line.put("file", file.file)
        line.put("way", mail.way.rawValue)
        line.put("for_sender", file.isForSender)
        line.put("outcome", reading.outcome.rawValue)
        line.put("rule", reading.rule?.text)
        line.put("kind", reading.notAPaymentKind)
        line.put("explanation", reading.explanation)
        line.put("payments", reading.notices.map(Self.object))
        line.put("variants", file.variants.map(Self.object))
        return line
    }

    static func object(_ notice: PaymentNotice) -> JSONLine {
        var line = JSONLine()
        line.put("amount_minor", notice.amount.minorUnits)
        line.put("currency", notice.amount.currency.code)
        line.put("payer", notice.payer)
        line.put("description", notice.description)
        line.put("occurred_at", Timestamp.text(notice.occurredAt))
        line.put("time_from", notice.timeFrom.rawValue)
        line.put("transaction_id", notice.transactionID)
        line.put("id_from", notice.idFrom.rawValue)
        line.put("sender_iban", notice.senderIBAN)
        line.put("receiving_account", notice.receivingAccount)
        return line
    }

    static func object(_ variant: VariantExplanation) -> JSONLine {
        let english = ExplanationText(manner: Manner(language: .english, paints: false))
        var line = JSONLine()
        line.put("rule", variant.rule.text)
        line.put("part", english.part(variant.part))
        line.put("verdict", "\(variant.verdict)")
        line.put("hurdles", variant.hurdles.map { $0.wording.english })
        line.put(
            "captures",
            variant.captures.map { capture in
                var object = JSONLine()
                object.put("field", capture.field.rawValue)
                object.put("value", capture.value)
                object.put("in_subject", capture.isInSubject)
                object.put("start", capture.bytes.lowerBound)
                object.put("end", capture.bytes.upperBound)
                return object
            })
        return line
    }
}
