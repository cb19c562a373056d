// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Authoring
internal import FoundationEssentials
internal import Mailbox
internal import Rules

extension RulesCommand {
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Drafts a rule from notices of one kind: finds labels, amount and name.",
            discussion: """
                The file is a draft with anonymized samples and passes its own tests. Several mails \
                of one kind tell what varies. Then read the comments in it.
                Example: mutabik rules new notice.eml --out rules
                Exit code: 0 the draft reads its mail, 1 it needs work, 65 no rule can be made of it.
                """)

        @OptionGroup var options: Options

        @Option(
            help:
                "The rules directory in which to make the bank's folder; without it the file is printed."
        )
        var out: String?

        @Option(help: "The name of the bank's folder; else made from the sender's domain.")
        var id: String?

        @Option(
            name: .customLong("extends"),
            help: "Add one more kind of notice to the rule of this bank: its name or rule.yaml.")
        var base: String?

        @Option(help: "The same number gives the same invented people again.")
        var seed: UInt64?

        @Argument(help: "Mails of one kind: notice.eml, season.mbox#12, or - for standard input.")
        var mails: [String]

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            if let id, id.isEmpty || !id.utf8.allSatisfy({ Self.isIDSign($0) }) {
                throw Failure(
                    message: manner.pick(
                        "--id has small letters a–z, digits and - only: \(id)",
                        "--id yalnızca a–z küçük harfleri, rakam ve - ile yazılır: \(id)"),
                    code: .data)
            }
            let raws = try mails.flatMap { try MailArgument(text: $0).all(manner).map(\.raw) }
            let folders = self.folders
            let sources = (try? folders.ruleDirectory.sources()) ?? []
            let book = RuleBook.compile(sources).book
            var request = RuleDraft.Request(
                mails: raws,
                fragments: sources.filter { $0.isFragment && (isInForce || $0.layer == .local) },
                vocabulary: book.vocabulary, seed: seed ?? .random(in: .min ... .max),
                isTurkish: manner.language == .turkish, id: id)
            request.readPDF = PDFProgram.reader()
            if let out {
                let given = options.folders.given
                request.testCommand = { "mutabik rules test \("\(out)/\($0)".shellWord)\(given)" }
            }
            if let base { try add(base, folders, manner, to: &request) }
            let draft = try make(request, manner)
            let path = try out.map { try write(draft, below: $0, manner) }
            if options.json {
                reply.line(json(draft, path).finished)
            } else if let path {
                tell(draft, path, manner, into: &reply)
            } else {
                reply.output = draft.text
                var told = CommandReply()
                tell(draft, nil, manner, into: &told)
                reply.notes.append(told.output)
            }
            if !draft.problems.isEmpty {
                reply.failure = Failure(
                    message: manner.pick(
                        "the draft cannot be used yet; correct what is named above",
                        "taslak henüz kullanılamaz; yukarıda sayılanları düzeltin"), code: .negative
                )
            }
            return reply
        }

        private func make(_ request: RuleDraft.Request, _ manner: Manner) throws -> RuleDraft {
            do throws(DraftError) {
                return try RuleDraft.make(request)
            } catch {
                let mail = error.mail.map {
                    mails.count == 1 ? mails[0] : manner.pick("mail \($0)", "\($0). e-posta")
                }
                throw Failure(
                    message: (mail.map { "\($0): " } ?? "") + manner.text(of: error.cause) + ". "
                        + manner.text(of: error.hint), code: .data)
            }
        }

        /// With the folder of the draft beside the shipped rules, where none other is named.
        private var folders: Folders {
            var folders = options.folders
            guard let out, !isInForce else { return folders }
            if folders.localRules == nil { folders.localRules = out }
            let isThere = FileManager.default.fileExists(atPath: folders.directory)
            if folders.directory == Folders.usual, !isThere { folders.directory = out }
            return folders
        }

        /// Whether the draft goes where rules in force are. Any other folder is one by itself, and
        /// so is the screen.
        private var isInForce: Bool {
            guard let out else { return false }
            return options.folders.ruleDirectory.folders.map(RuleFiles.absolute).contains(
                RuleFiles.absolute(out))
        }

        /// The rule file to which a variant is added, and those that add to it already.
        private func add(
            _ base: String, _ folders: Folders, _ manner: Manner,
            to request: inout RuleDraft.Request
        ) throws {
            let files = try RuleFiles(base, home: folders, manner: manner)
            let sources = try files.directory.sources()
            let own = files.trials.filter { $0.users == nil }.compactMap { trial in
                sources.first { $0.path == trial.path && $0.layer == trial.layer }
            }
            request.base = own.last { !$0.isAddition }
            request.additions = own.filter(\.isAddition)
            request.fragments = sources.filter(\.isFragment)
            guard Set(files.trials.map(\.id)).count == 1, let file = request.base else {
                throw Failure(
                    message: manner.pick(
                        "--extends names one rule file, such as garanti-bbva: \(base)",
                        "--extends tek bir kural dosyası ister, örneğin garanti-bbva: \(base)"),
                    code: .data)
            }
            let home = files.directory.folder(file.layer)
            let isShipped = RuleFiles.absolute(home) == RuleFiles.absolute(folders.directory)
            guard let out, !isShipped, RuleFiles.absolute(out) != RuleFiles.absolute(home) else {
                return
            }
            throw Failure(
                message: manner.pick(
                    "\(base) stands in \(home); what is added to it goes there as well: --out \(home)",
                    "\(base), \(home) klasöründe; ona eklenen de oraya konur: --out \(home)"),
                code: .data)
        }

        private static func isIDSign(_ byte: UInt8) -> Bool {
            (97...122).contains(byte) || (48...57).contains(byte) || byte == 45
        }

        /// Never over a file that is there: somebody's work may be in it.
        private func write(_ draft: RuleDraft, below folder: String, _ manner: Manner) throws
            -> String
        {
            let home = folder + "/" + draft.id
            let path = home + "/" + draft.fileName
            let files = FileManager.default
            guard !files.fileExists(atPath: path) else {
                throw Failure(
                    message: manner.pick(
                        "\(path) is there already; take another name with --id, or print the draft "
                            + "by leaving out --out",
                        "\(path) zaten var; --id ile başka ad verin ya da --out yazmadan ekrana "
                            + "yazdırın"), code: .data)
            }
            do {
                try files.createDirectory(atPath: home, withIntermediateDirectories: true)
                try Data(draft.text.utf8).write(
                    to: URL(filePath: path), options: .withoutOverwriting)
            } catch {
                throw Failure(
                    message: manner.pick(
                        "\(path) cannot be written; choose a folder of your own with --out",
                        "\(path) yazılamıyor; --out ile kendi klasörünüzü seçin"), code: .data)
            }
            return path
        }

        private func tell(
            _ draft: RuleDraft, _ path: String?, _ manner: Manner, into reply: inout CommandReply
        ) {
            if let path {
                reply.line(manner.painted(manner.pick("written: ", "yazıldı: ") + path, .bold))
            }
            var table = PlainTable()
            for finding in draft.findings {
                let nothing = manner.painted(manner.pick("not found", "bulunamadı"), .dim)
                table.add([
                    manner.mark(finding.value != nil), finding.field,
                    finding.whereFound ?? nothing, finding.value ?? "",
                ])
            }
            reply.line(
                manner.pick("found (values are invented):", "bulunanlar (değerler uydurma):"))
            for line in table.lines { reply.line("  " + line) }
            for remark in draft.remarks {
                reply.line(manner.painted("! ", .yellow) + manner.text(of: remark))
            }
            for problem in draft.problems { reply.line("✗ " + manner.text(of: problem)) }
            guard let path else { return }
            reply.line(manner.pick("now:", "şimdi:"))
            reply.line(
                "  "
                    + manner.pick(
                        "read the lines behind # in ", "# ile başlayan satırları okuyun: ")
                    + path)
            let (place, given) = (path.shellWord, options.folders.given)
            reply.line("  mutabik rules test \(place)\(given)")
            reply.line("  mutabik rules try \(place) \(mails[0].shellWord)\(given)")
        }

        private func json(_ draft: RuleDraft, _ path: String?) -> JSONLine {
            var line = JSONLine()
            line.put("id", draft.id)
            line.put("path", path)
            line.put(
                "fields",
                draft.findings.map { finding in
                    var object = JSONLine()
                    object.put("field", finding.field)
                    object.put("found", finding.value != nil)
                    object.put("where", finding.whereFound)
                    object.put("value", finding.value)
                    return object
                })
            line.put("remarks", draft.remarks.map(\.english))
            line.put("problems", draft.problems.map(\.description))
            line.put("text", draft.text)
            return line
        }
    }
}
