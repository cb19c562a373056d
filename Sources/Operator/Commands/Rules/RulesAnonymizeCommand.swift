// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Authoring
internal import FoundationEssentials
internal import Mail
internal import Mailbox
internal import Rules

extension RulesCommand {
    struct Anonymize: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a mail of the same form without personal data.",
            discussion: """
                Names, numbers, addresses, codes and links are replaced by invented ones, the same \
                wherever they stand. Days and hours are kept. Read the result before you pass it on.
                Example: mutabik rules anonymize notice.eml > sample.eml
                Exit code: 0 written, 65 the mail cannot be used.
                """)

        @OptionGroup var options: Options

        @Option(help: "The same number gives the same invented people again.")
        var seed: UInt64?

        @Argument(help: "A mail: notice.eml, season.mbox#12, or - for standard input.")
        var mail: String

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let saved = try MailArgument(text: mail).one(manner)
            let message = try saved.message(manner)
            // Without rules it works too, with fewer known words.
            let book = try? options.folders.ruleDirectory.compile().0
            let received = message.date ?? Date(timeIntervalSince1970: 0)
            let anonymizer = MailAnonymizer(
                seed: seed ?? .random(in: .min ... .max), vocabulary: book?.vocabulary ?? [],
                values: book?.personalValues(in: message, receivedAt: received) ?? [])
            let result: MailAnonymizer.Result
            do throws(MailError) {
                result = try anonymizer.anonymize(saved.raw)
            } catch {
                throw Failure(message: "\(saved.label): \(error.cause)", code: .data)
            }
            let text = String(decoding: result.raw, as: UTF8.self)
            if options.json {
                var line = JSONLine()
                line.put("mail", text)
                line.put("dropped_headers", result.droppedHeaders)
                line.put("dropped_parts", result.droppedParts)
                reply.line(line.finished)
                return reply
            }
            // A part in a charset of one byte and no encoding is not UTF-8: those bytes go out as
            // they are.
            reply.raw = result.raw
            if !result.droppedHeaders.isEmpty {
                reply.notes.append(
                    manner.pick("left out headers: ", "çıkarılan başlıklar: ")
                        + result.droppedHeaders.joined(separator: ", "))
            }
            if !result.droppedParts.isEmpty {
                reply.notes.append(
                    manner.pick(
                        "left out files, as what is inside them cannot be made anonymous: ",
                        "içindekiler anonim yapılamadığı için çıkarılan dosyalar: ")
                        + result.droppedParts.joined(separator: ", "))
            }
            reply.notes.append(
                manner.pick(
                    "days and hours are kept; read the mail before you pass it on",
                    "gün ve saatler durur; başkasına vermeden önce okuyun"))
            return reply
        }
    }
}
