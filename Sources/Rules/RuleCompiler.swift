// SPDX-License-Identifier: Apache-2.0

import Domain
import Synchronization

/// Makes a rule book of the files of all folders.
///
/// A local file takes the place of the shipped one with the same id, or adds to what is in force
/// for an id (`extends:`). A file with a problem never comes in force: what was in force before
/// stays, and when there was nothing before, `StandIns` says what does.
struct RuleCompiler {
    /// What became of one file, kept from one compilation to the next.
    struct Entry: Sendable {
        let layer: RuleSource.Layer
        let path: String
        /// Of the file and all that it includes.
        let digest: String
        var file: RuleFile
        /// What local or shipped files add to it: all are read anew together.
        var additions: [Addition] = []
        /// A draft for as long as another file is broken.
        var isStandIn = false
    }

    /// A file that extends another one.
    struct Addition: Sendable {
        let source: RuleSource
        let digest: String
        let addition: RuleAddition
        let samples: [Sample]
    }

    private let last: [String: Entry]
    private let shelf = PatternShelf()
    private let spread: RuleBook.Spread
    private var fragments = FragmentShelf()
    /// Fragments that can be read, by folder and path; of a broken one the last that could.
    private(set) var kept: [String: KeptFragment] = [:]
    private let lastFragments: [String: KeptFragment]
    private var standIns = StandIns()
    private var fragmentsDigest = ""
    private(set) var problems: [RuleProblem] = []

    /// A fragment with the text that it was read from.
    struct KeptFragment: Sendable {
        let layer: RuleSource.Layer
        let fragment: Fragment
        let text: String
    }

    init(
        last: [Entry], fragments: [String: KeptFragment] = [:], spread: @escaping RuleBook.Spread
    ) {
        self.spread = spread
        lastFragments = fragments
        self.last = Dictionary(
            last.filter { !$0.file.variants.isEmpty }.map { (Self.key($0.layer, $0.path), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// By file, those of one file in the order in which they were found.
    var sortedProblems: [RuleProblem] {
        problems.enumerated().sorted { ($0.element.path, $0.offset) < ($1.element.path, $1.offset) }
            .map(\.element)
    }

    private static func key(_ layer: RuleSource.Layer, _ path: String) -> String {
        "\(layer.rawValue):\(path)"
    }

    /// A file whose samples are still to be run.
    private struct Candidate {
        let source: RuleSource
        let digest: String
        let file: RuleFile
        let samples: [Sample]
        let failures: [RuleProblem]
    }

    mutating func compile(_ sources: [RuleSource]) -> [Entry] {
        let ordered = sources.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
        let rules = ordered.filter { !$0.isFragment }
        readFragments(ordered.filter(\.isFragment), for: rules)
        let extended = Set(rules.compactMap(\.extendedID))
        var settled: [Entry] = []
        var candidates: [Candidate] = []
        var additions: [Addition] = []
        var changed: [(source: RuleSource, digest: String)] = []
        for source in rules {
            let digest = digest(of: source)
            if let known = last[Self.key(source.layer, source.path)], known.digest == digest,
                known.additions.isEmpty, !known.isStandIn, !extended.contains(known.file.id)
            {
                settled.append(known)
            } else {
                changed.append((source, digest))
            }
        }
        for ((source, digest), reading) in zip(changed, read(changed.map(\.source))) {
            let parsed = reading.parsed
            problems += parsed.problems + reading.complaints
            let known = last[Self.key(source.layer, source.path)]
            if !reading.culprits.isEmpty, let known, !known.isStandIn {
                settled.append(known)
                continue
            }
            standIns.spoilt += reading.culprits.map { ($0, source.path) }
            switch parsed.content {
            case .file(let file):
                candidates.append(
                    Candidate(
                        source: source, digest: digest, file: file, samples: parsed.samples,
                        failures: reading.failures))
            case .addition(let addition):
                additions.append(
                    Addition(
                        source: source, digest: digest, addition: addition,
                        samples: parsed.samples))
            case nil:
                if let known {
                    settled.append(known)
                } else if let known = lastAddition(source) {
                    additions.append(known)
                } else {
                    let id = parsed.id ?? source.statedID
                    standIns.addUnread(source, Set([id].compactMap(\.self)))
                }
            }
        }
        var entries = standIns.applied(to: settle(candidates, settled, additions))
        problems += standIns.problems
        let shared = SharedSenders(entries.lazy.filter { $0.layer == .shipped }.map(\.file))
        problems += entries.filter { $0.layer == .local && !$0.isStandIn }
            .compactMap { shared.problem(of: $0.file, ($0.path, $0.layer)) }
        let owners = fragments.owners
        for index in entries.indices { entries[index].file.accountOwner.formUnion(owners) }
        return entries
    }

    /// The last good version of a file that extends another one.
    private func lastAddition(_ source: RuleSource) -> Addition? {
        last.values.lazy.flatMap(\.additions).first {
            $0.source.layer == source.layer && $0.source.path == source.path
        }
    }

    // MARK: - Files

    /// Fewer files than this are not spread: a second thread has its own heap, which a program that
    /// runs for months would keep.
    private static let parallelFilesMin = 64

    /// Parses every file and runs its samples: files know nothing of each other, and this is
    /// nearly all the work.
    private func read(_ sources: [RuleSource]) -> [FragmentShelf.Reading] {
        guard sources.count >= Self.parallelFilesMin else {
            return sources.map { fragments.read($0, shelf) }
        }
        let readings = Mutex([FragmentShelf.Reading?](repeating: nil, count: sources.count))
        spread(sources.count) { index in
            let reading = fragments.read(sources[index], shelf)
            readings.withLock { $0[index] = reading }
        }
        return readings.withLock { $0.compactMap(\.self) }
    }

    // MARK: - Fragments

    private mutating func readFragments(_ sources: [RuleSource], for rules: [RuleSource]) {
        var texts: [String] = []
        // Local fragments come last and add to shipped ones of the same path.
        for source in sources {
            let (fragment, found) = RuleParser.fragment(source, shelf: shelf)
            problems += found
            let key = Self.key(source.layer, source.path)
            let good = fragment.map {
                KeptFragment(layer: source.layer, fragment: $0, text: source.text)
            }
            if let good = good ?? lastFragments[key] {
                kept[key] = good
                fragments.add(good.fragment, of: source)
                texts += [source.path, good.text]
                let isUsed = rules.contains { $0.includes(source.path) }
                if source.layer == .local, !isUsed, good.fragment.accountOwner.isEmpty {
                    problems.append(.unused(source, besides: sources))
                }
                continue
            }
            // Nobody knows what it was to say: it may be the one that says whose account it is.
            standIns.isOwnerUnknown = true
            let users = rules.filter { $0.text.contains(source.path) }
            standIns.add(source, Set(users.compactMap(\.statedID)))
        }
        fragmentsDigest = MailShape.digest(texts)
    }

    private func digest(of source: RuleSource) -> String {
        let own = MailShape.digest([source.text])
        return !fragments.owners.isEmpty || source.text.contains("include:")
            ? MailShape.digest([own, fragmentsDigest]) : own
    }

    // MARK: - Samples and additions

    /// Drops what is new and fails its samples, and applies the additions to what is left.
    private mutating func settle(
        _ candidates: [Candidate], _ settled: [Entry], _ additions: [Addition]
    ) -> [Entry] {
        var files = settled
        var samples: [String: [Sample]] = [:]
        for candidate in candidates {
            let source = candidate.source
            let key = Self.key(source.layer, source.path)
            if candidate.failures.isEmpty {
                samples[key] = candidate.samples
                files.append(
                    Entry(
                        layer: source.layer, path: source.path, digest: candidate.digest,
                        file: candidate.file))
                continue
            }
            problems += candidate.failures
            if let known = last[key] {
                files.append(known)
            } else {
                standIns.add(source, [candidate.file.id])
            }
        }
        var inForce = onePerID(files)
        let own = Dictionary(grouping: additions, by: \.addition.extends)
        for id in own.keys.sorted() {
            guard let entry = inForce[id] else {
                for addition in own[id, default: []] {
                    complainOfNothing(addition, to: files)
                    standIns.add(addition.source, [id])
                }
                continue
            }
            inForce[id] = extended(
                entry, by: own[id, default: []], samples[Self.key(entry.layer, entry.path)])
        }
        return inForce.values.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
    }

    private mutating func complainOfNothing(_ addition: Addition, to files: [Entry]) {
        let known = files.map(\.file.id)
        let advice =
            known.isEmpty
            ? Wording(
                "put the file that it extends beside it, or name its folder with --rules",
                "genişlettiği dosyayı yanına koyun ya da klasörünü --rules ile verin")
            : RuleNode.advice(addition.addition.extends, known.sorted())
        problems.append(
            RuleProblem(
                path: addition.source.path, layer: addition.source.layer,
                message: Wording(
                    "there is no rule file \(addition.addition.extends) to extend; "
                        + advice.english,
                    "genişletilecek \(addition.addition.extends) kural dosyası yok; "
                        + advice.turkish), offending: addition.addition.extends))
    }

    /// The file with its additions; one that breaks a sample is left out, and what was in force
    /// before stays. Without `samples` the file is the last good version of a broken one, which
    /// keeps the additions that it had.
    private mutating func extended(
        _ entry: Entry, by additions: [Addition], _ samples: [Sample]?
    ) -> Entry {
        guard let samples else {
            let had = entry.additions.map(\.digest)
            for addition in additions where !had.contains(addition.digest) {
                standIns.add(addition.source, [entry.file.id])
            }
            return entry
        }
        var file = entry.file
        var applied: [Addition] = []
        for addition in additions {
            let next = addition.addition.applied(to: file)
            let runner = runner(next, addition.source)
            let failures =
                runner.run(samples, of: entry.path) + runner.run(addition.samples)
            guard failures.isEmpty else {
                problems += failures
                if let known = last[Self.key(entry.layer, entry.path)], !known.additions.isEmpty {
                    return known
                }
                standIns.add(addition.source, [entry.file.id])
                continue
            }
            file = next
            applied.append(addition)
        }
        return Entry(
            layer: entry.layer, path: entry.path,
            digest: MailShape.digest([entry.digest] + applied.map(\.digest)), file: file,
            additions: applied)
    }

    private func runner(_ file: RuleFile, _ source: RuleSource) -> SampleRunner {
        SampleRunner(source: source, book: RuleBook(trying: file, source))
    }

    // MARK: - Folders

    /// One file per id: the local one before the shipped one. Of two in one folder the one that
    /// was in force stays; when neither was, nobody knows which is meant, and a person decides.
    private mutating func onePerID(_ files: [Entry]) -> [String: Entry] {
        var byID: [String: Entry] = [:]
        func order(_ entry: Entry) -> (RuleSource.Layer, Int, String) {
            (entry.layer, wasInForce(entry) ? 0 : 1, entry.path)
        }
        for entry in files.sorted(by: { order($0) < order($1) }) {
            let id = entry.file.id
            if let other = byID[id], other.layer == entry.layer {
                if !wasInForce(other) { standIns.disputed.insert(id) }
                let place = entry.file.idPlace
                problems.append(
                    RuleProblem(
                        path: entry.path, layer: entry.layer, line: place.line,
                        column: place.column,
                        message: Wording(
                            "the id \(id) is already used by \(other.path); ids are never shared, "
                                + "write another one such as \(id)-2",
                            "\(id) kimliğini zaten \(other.path) kullanıyor; kimlikler "
                                + "paylaşılmaz, başka bir id yazın, örneğin \(id)-2"),
                        offending: id))
                continue
            }
            byID[id] = entry
            standIns.disputed.remove(id)
        }
        return byID
    }

    private func wasInForce(_ entry: Entry) -> Bool {
        last[Self.key(entry.layer, entry.path)].map {
            $0.file.id == entry.file.id && !$0.isStandIn
        } ?? false
    }
}
