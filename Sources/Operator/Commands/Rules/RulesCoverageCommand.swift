// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Authoring
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Mailbox
internal import Rules

extension RulesCommand {
    struct Coverage: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts the mails that each rule reads, and groups those that none reads.",
            discussion: """
                Reads mbox files, Maildirs, .eml files and folders of them; - is standard input.
                Example: mutabik rules coverage season.mbox
                Exit code: 0 all were read, 65 a mailbox cannot be read.
                """)

        @OptionGroup var options: Options

        @Option(help: "So many groups of unread mails are shown.")
        var groups = 20

        @Argument(help: "Saved mailboxes.")
        var mailboxes: [String]

        func run() throws { try reply(.ofProcess).deliver() }

        /// What was counted.
        private struct Count {
            var mails = 0
            var rules: [String: [MailOutcome: Int]] = [:]
            var unreadableFiles = 0
        }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let book = try options.folders.book(&reply, manner)
            let reader = MailReader(
                rules: book, authenticator: Authenticator(trustedAuthserv: nil),
                readPDF: PDFProgram.reader())
            var count = Count()
            var shapes = MailShapes(vocabulary: book.vocabulary, seed: .random(in: .min ... .max))
            for path in mailboxes {
                try read(path, reader, manner, &count, &shapes, &reply)
            }
            if options.json {
                put(count, shapes, book, into: &reply)
            } else {
                tell(count, shapes, book, manner, into: &reply)
            }
            if count.unreadableFiles > 0 {
                reply.failure = Failure(
                    message: manner.pick(
                        "\(count.unreadableFiles.of("file")) could not be read",
                        "\(count.unreadableFiles) dosya okunamadı"), code: .data)
            }
            return reply
        }

        private func read(
            _ path: String, _ reader: MailReader, _ manner: Manner, _ count: inout Count,
            _ shapes: inout MailShapes, _ reply: inout CommandReply
        ) throws {
            var mailbox: SavedMailbox
            do throws(MailboxError) {
                mailbox = try SavedMailbox(path: path)
            } catch {
                count.unreadableFiles += 1
                reply.notes.append("mutabik: \(path): " + manner.language.text(of: error))
                return
            }
            let bar = ProgressBar(total: mailbox.totalBytes)
            defer { bar.clear() }
            while true {
                do throws(MailboxError) {
                    guard let mail = try mailbox.next() else { return }
                    count.mails += 1
                    self.count(mail, Self.place(mail, in: path), reader, &count, &shapes)
                    bar.advance(to: mail.bytesReadSoFar, mails: count.mails)
                } catch {
                    count.unreadableFiles += 1
                    reply.notes.append("mutabik: \(path): " + manner.language.text(of: error))
                }
            }
        }

        /// A name by which the other commands find the mail again.
        private static func place(_ mail: SavedMail, in path: String) -> String {
            guard mail.label.contains("#") || path.hasSuffix(mail.label) else {
                return path + "/" + mail.label
            }
            let number = mail.label.lastIndex(of: "#").map { String(mail.label[$0...]) } ?? ""
            return path.hasSuffix(mail.label.dropLast(number.count)) ? path + number : mail.label
        }

        private func count(
            _ mail: SavedMail, _ place: String, _ reader: MailReader, _ count: inout Count,
            _ shapes: inout MailShapes
        ) {
            // Signatures are not looked at: nobody is asked for their keys.
            let whole = reader.read(
                mail.raw, receivedAt: nil, isTruncated: mail.isTruncated, keys: { _ in .absent })
            let all = whole.attached.isEmpty ? [whole] : whole.attached.map(\.findings)
            for findings in all {
                if let rule = findings.rule {
                    count.rules[rule.text, default: [:]][findings.outcome, default: 0] += 1
                }
            }
            let isRead = all.contains { $0.rule != nil && $0.outcome != .unclear }
            if !isRead, let message = try? MessageParser.parse(mail.raw) {
                shapes.add(message, label: place)
            }
        }

        // MARK: - Telling

        private func tell(
            _ count: Count, _ shapes: MailShapes, _ book: RuleBook, _ manner: Manner,
            into reply: inout CommandReply
        ) {
            let groups = shapes.sorted
            let unread = groups.reduce(shapes.others) { $0 + $1.count }
            reply.line(
                manner.painted(
                    manner.pick(
                        "\(count.mails.of("mail")): \(count.mails - unread) read, \(unread) not",
                        "\(count.mails) e-posta: \(count.mails - unread) okundu, \(unread) okunmadı"
                    ),
                    .bold))
            var table = PlainTable()
            for rule in book.ruleIDs {
                guard let outcomes = count.rules[rule.text] else { continue }
                let kinds = outcomes.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    "\($0.value) \($0.key.rawValue)"
                }
                table.add([
                    String(outcomes.values.reduce(0, +)), rule.text, kinds.joined(separator: ", "),
                ])
            }
            for line in table.lines { reply.line("  " + line) }
            guard !groups.isEmpty else { return }
            reply.line("")
            reply.line(
                manner.painted(
                    manner.pick("not read, by shape:", "okunmayanlar, biçimlerine göre:"), .bold))
            for group in groups.prefix(max(1, self.groups)) {
                reply.line("  \(group.count)×  \(group.senders.joined(separator: ", "))")
                reply.line("      “\(group.subject)”")
                if !group.line.isEmpty {
                    reply.line("      " + manner.painted(Self.visible(group.line), .dim))
                }
                reply.line(
                    "      → mutabik rules explain \(group.example.shellWord)\(options.folders.given)"
                )
            }
            if groups.count > self.groups {
                let more = groups.count - self.groups
                reply.line(
                    manner.pick(
                        "  … \(more) more shapes: --groups \(groups.count)",
                        "  … \(more) biçim daha: --groups \(groups.count)"))
            }
        }

        private static func visible(_ text: String) -> String {
            text.split(separator: "\t").joined(separator: " ¦ ")
        }

        private func put(
            _ count: Count, _ shapes: MailShapes, _ book: RuleBook, into reply: inout CommandReply
        ) {
            for rule in book.ruleIDs {
                let outcomes = count.rules[rule.text] ?? [:]
                var line = JSONLine()
                line.put("rule", rule.text)
                line.put("mails", outcomes.values.reduce(0, +))
                for (outcome, mails) in outcomes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    line.put(outcome.rawValue, mails)
                }
                reply.line(line.finished)
            }
            for group in shapes.sorted {
                var line = JSONLine()
                line.putNull("rule")
                line.put("mails", group.count)
                line.put("senders", group.senders)
                line.put("subject", group.subject)
                line.put("line", group.line)
                line.put("example", group.example)
                reply.line(line.finished)
            }
        }
    }
}
