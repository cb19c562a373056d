// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

/// What all mails of a kind have in common: the contents of the rule file.
struct DraftPlan {
    var subject: [String] = []
    var subjectSentence: String?
    var frame: [String] = []
    var directionIn: [String] = []
    var directionOut: [String] = []
    /// By which words a notice of money that went out is known.
    var outgoing: [String] = []
    /// What no such mail may say, as far as these mails do not.
    var denied: [UndoneWords.Denial] = []
    var sentence: String?
    var fields: [Field] = []
    var labelled: [NoticeSketch.Labelled] = []
    var labels: [String] = []
    var runTogether = false
    var table: TableSketch?
    var dates: [String] = []
    var style: String?
    var currency: String?
    /// `html`, `pdf` or `text`, when the notice is an attached file.
    var attachment: String?
    var include: String?
    var isTurkish = true
    /// Words of this bank that no list knows.
    let ownWords: OwnWords
    /// Fields that no part of the rule fills though their like stands in a mail, with the label
    /// before it where there is one.
    var unread: [(field: Field, label: String?)] = []

    /// Sentences of the frame that are asked for; more break when the bank changes one.
    private static let frameMax = 2
    /// A second one must say something: a button does not.
    private static let secondScoreMin = 25
    private static let labelsMax = 40
    private static let fragmentName = "/turkish-look-alikes.yaml"

    init(_ mails: [DraftMail], fragments: [RuleSource]) {
        ownWords = OwnWords(mails)
        guard let first = mails.first else { return }
        let others = Array(mails.dropFirst())
        findLabels(first, others)
        findSentences(first, others)
        findDates(mails)
        findFrame(first, others)
        findDirection(mails)
        findUnread(mails)
        let shared = fragments.first { $0.path.hasSuffix(Self.fragmentName) }
        include = isTurkish ? shared?.path : nil
        if case .attachment(let name, let type) = first.part.source {
            let isPDF = type == "application/pdf" || name.lowercased().hasSuffix(".pdf")
            attachment = isPDF ? "pdf" : type == "text/html" ? "html" : "text"
        }
    }

    // MARK: - Values

    private mutating func findLabels(_ first: DraftMail, _ others: [DraftMail]) {
        let sketch = first.part.sketch
        labelled = sketch.labelled.filter { one in
            others.allSatisfy { other in
                // A field that one mail leaves out is still a field; another label is not the same.
                other.part.sketch.first(one.field).map {
                    $0.label.turkishFolded() == one.label.turkishFolded()
                } ?? (one.field != .amount)
            }
        }
        for mail in others {
            for one in mail.part.sketch.labelled
            where !labelled.contains(where: { $0.field == one.field }) && one.field != .amount
                && first.part.sketch.first(one.field) == nil
            {
                labelled.append(one)
            }
        }
        let taken = Set(labelled.map { $0.label.turkishFolded() })
        for label in ([first] + others).flatMap(\.part.sketch.otherLabels)
        where !taken.contains(label.turkishFolded()) && labels.count < Self.labelsMax {
            // One mail alone may hold a word of the payer before a colon.
            let isKnown = LabelWords.meaning(label) != nil
            let isCommon = label.split(separator: " ").allSatisfy {
                Vocabulary.isKnown(String($0).turkishFolded().filter { $0 != "/" })
            }
            guard isKnown || isCommon || ownWords.labels.contains(label) else { continue }
            if !labels.contains(label) { labels.append(label) }
        }
        runTogether = ([first] + others).contains(where: \.part.sketch.runTogether)
        table = sketch.table
        let amount =
            table?.rows.lazy.compactMap { sketch.table?.value(.amount, in: $0) }.first
            ?? labelled.first { $0.field == .amount }?.value
        if let amount {
            let found = ValueShape.amounts(Array(amount.unicodeScalars)).first
            style = found?.style
            if found?.unit == nil { currency = "TRY" }
        }
        if let table { labelled.removeAll { table.fields.contains($0.field) } }
        fields = labelled.map(\.field) + (table?.fields ?? [])
    }

    private mutating func findSentences(_ first: DraftMail, _ others: [DraftMail]) {
        var known = Set(fields)
        if let own = first.part.sentence {
            let kept = own.keeping { !known.contains($0) }
            if kept.values.contains(where: { $0.field == .amount || $0.field == .payer }) {
                let varies = Self.varying(own.line, others.compactMap(\.part.sentence?.line))
                sentence = kept.pattern(varying: varies)
                for value in kept.values where known.insert(value.field).inserted {
                    fields.append(value.field)
                }
                style = style ?? own.amountStyle
            }
        }
        guard !known.contains(.amount), let own = first.subjectSentence else { return }
        let kept = own.keeping { !known.contains($0) }
        let varies = Self.varying(own.line, others.map(\.message.subject))
        subjectSentence = kept.pattern(varying: varies)
        fields += kept.values.map(\.field)
        style = style ?? own.amountStyle
    }

    /// Words of `line` that one of the others does not hold.
    static func varying(_ line: String, _ others: [String]) -> Set<String> {
        let sets = others.map { Set(words($0)) }
        return Set(words(line).filter { word in sets.contains { !$0.contains(word) } })
    }

    static func words(_ text: String) -> [String] {
        let signs = Array(text.unicodeScalars)
        return TextScanner(signs).spans().map {
            String(String.UnicodeScalarView(signs[$0.range])).turkishFolded()
        }
    }

    private mutating func findDates(_ mails: [DraftMail]) {
        for mail in mails {
            let value = mail.part.sketch.first(.occurredAt)?.value
            let form =
                mail.part.sketch.table?.dateForm ?? value.flatMap {
                    DateShape.pattern($0, hasRest: true)
                }
                ?? mail.part.sentence?.dateForm ?? mail.subjectSentence?.dateForm
            if let form, !dates.contains(form) { dates.append(form) }
        }
        // A bank that prints seconds today may leave them out tomorrow, and the other way round.
        if let form = dates.first, dates.count == 1 {
            if form.hasSuffix("HH:mm:ss") {
                dates.append(String(form.dropLast(3)))
            } else if form.hasSuffix("HH:mm") {
                dates.append(form + ":ss")
            }
        }
    }

    private mutating func findUnread(_ mails: [DraftMail]) {
        for field in [Field.occurredAt, .senderIBAN] where !fields.contains(field) {
            let label = mails.lazy.flatMap(\.part.sketch.unread).first { $0.field == field }?.label
            // An IBAN in a sentence is the organizer's own, as a rule.
            let stands = field == .occurredAt && mails.contains { Self.hasFreeDay($0.part.sketch) }
            if label != nil || stands { unread.append((field, label)) }
        }
    }

    /// Whether a day stands in a line that is no label's.
    private static func hasFreeDay(_ sketch: NoticeSketch) -> Bool {
        sketch.lines.enumerated().contains { index, line in
            !sketch.usedLines.contains(index) && ValueShape.stands(line, .occurredAt)
        }
    }

    // MARK: - Words

    private mutating func findFrame(_ first: DraftMail, _ others: [DraftMail]) {
        let words =
            first.subjectSentence?.literals()
            ?? Self.runs(first.message.subject, lettersMin: 6, also: ownWords.words)
        subject =
            words
            .filter { run in others.allSatisfy { $0.flatSubject.contains(run.turkishFolded()) } }
        if subject.count > 2 { subject = Array(subject.prefix(2)) }
        var found: [(text: String, score: Int)] = []
        let sketch = first.part.sketch
        for (index, line) in sketch.lines.enumerated() {
            if sketch.usedLines.contains(index), !sketch.runTogether { continue }
            // What stands in a sentence with values may be the payer's.
            if let own = first.part.sentence, line.hasPrefix(own.line) { continue }
            let head = sketch.runTogether ? Self.beforeLabels(line, sketch) : line
            for run in Self.runs(head, lettersMin: 8, also: ownWords.words) {
                found.append((run, Self.score(run)))
            }
        }
        if let own = first.part.sentence {
            found += own.literals().map { ($0, Self.score($0) + 5) }
        }
        found = found.filter { candidate in
            let folded = candidate.text.turkishFolded()
            return first.flat.contains(folded) && others.allSatisfy { $0.flat.contains(folded) }
        }
        for candidate in found.enumerated().sorted(by: {
            ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
        }).map(\.element.text) where frame.count < Self.frameMax {
            let folded = candidate.turkishFolded()
            // Small print and buttons are no frame where there is something better.
            if !frame.isEmpty, Self.score(candidate) < Self.secondScoreMin { continue }
            if !frame.contains(where: { $0.turkishFolded().contains(folded) }) {
                frame.append(candidate)
            }
        }
        if frame.isEmpty, let table { frame = [table.headingText] }
        if frame.isEmpty {
            // Nothing but labels: two of them together are the bank's.
            // Short ones are words of every mail, and count where there is nothing longer.
            let known = labelled.map(\.label) + labels
            let long = known.filter { $0.filter(\.isLetter).count >= 8 }
            let any = known.filter { $0.filter(\.isLetter).count >= 3 }
                .sorted { $0.count > $1.count }
            frame = Array((long.count < 2 ? any : long).prefix(Self.frameMax))
        }
        if frame.isEmpty {
            frame = Self.runs(first.message.subject, lettersMin: 3, also: ownWords.words)
        }
    }

    private static func beforeLabels(_ line: String, _ sketch: NoticeSketch) -> String {
        let labels = sketch.labelled.map(\.label) + sketch.otherLabels
        let ends = labels.compactMap { label in
            line.indices.first { line[$0...].hasPrefix(label + ":") }
        }
        return ends.min().map { String(line[..<$0]) } ?? line
    }

    /// Sentences that say what happened come before greetings and small print.
    private static func score(_ run: String) -> Int {
        let folded = run.turkishFolded()
        var score = min(run.count, 60)
        if !DirectionWords.found(DirectionWords.cameIn, in: folded, limit: 1).isEmpty {
            score += 100
        } else if !DirectionWords.found(DirectionWords.happened, in: folded, limit: 1).isEmpty {
            score += 60
        }
        for word in [
            "iletisim", "musteri hizmetleri", "tesekkur", "sayin", "degerli", "dear",
            "bilgilendirme amac", "kisisel veri", "cevap", "yanit", "reply", "privacy",
        ]
        where folded.contains(word) {
            score -= 150
        }
        return score
    }

    /// Pieces of a text that hold only words of banks and no number, the longest first.
    /// - Parameter also: folded words that count as such.
    static func runs(_ text: String, lettersMin: Int, also: Set<String> = []) -> [String] {
        let signs = Array(text.unicodeScalars)
        var runs: [String] = []
        var start: Int?
        var end = 0
        func finish() {
            if let first = start {
                let run = String(String.UnicodeScalarView(signs[first..<end]))
                if run.filter(\.isLetter).count >= lettersMin { runs.append(run) }
            }
            start = nil
        }
        for span in TextScanner(signs).spans() {
            let text = String(String.UnicodeScalarView(signs[span.range])).turkishFolded()
            // Borders of cells and lines end a piece, and so does what rules could not find again.
            if signs[end..<max(end, span.range.lowerBound)].contains(where: {
                "\t\n:.!?;".unicodeScalars.contains($0)
            }) {
                finish()
            }
            if span.kind == .word, !SentenceSketch.changes.contains(text),
                Vocabulary.isKnown(text) || also.contains(text) || text.count < 2
            {
                if start == nil { start = span.range.lowerBound }
                end = span.range.upperBound
            } else {
                finish()
                end = span.range.upperBound
            }
        }
        finish()
        return runs.sorted { $0.count > $1.count }
    }

    private mutating func findDirection(_ mails: [DraftMail]) {
        let texts = mails.map { $0.flatSubject + " " + $0.flat }
        let common = DirectionWords.cameIn.filter { word in
            texts.allSatisfy { !DirectionWords.found([word], in: $0, limit: 1).isEmpty }
        }
        directionIn = Array(common.prefix(2))
        isTurkish = MailLanguage.isTurkish(mails.flatMap { [$0.message.subject, $0.part.text] })
        let wentOut = isTurkish ? DirectionWords.deniedTurkish : DirectionWords.deniedEnglish
        func absent(_ words: [String]) -> [String] {
            words.filter { word in texts.allSatisfy { !$0.contains(word.turkishFolded()) } }
        }
        directionOut = absent(wentOut)
        outgoing = absent(
            isTurkish ? DirectionWords.outgoingTurkish : DirectionWords.outgoingEnglish)
        denied = UndoneWords.all(isTurkish: isTurkish).compactMap { $0.denial(notIn: texts) }
    }
}
