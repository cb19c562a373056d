// SPDX-License-Identifier: Apache-2.0

import Domain
import Synchronization

/// Makes a rule book of the files of all folders.
///
/// A local file takes the place of the shipped one with the same id, or adds to it (`extends:`). A
/// file with a problem never comes in force: what was in force before stays, and when there was
/// nothing before, the shipped file of that id stands in as a draft, so that its mails end with a
/// person instead of nowhere.
struct RuleCompiler {
    /// What became of one file, kept from one compilation to the next.
    struct Entry: Sendable {
        let layer: RuleSource.Layer
        let path: String
        /// Of the file and all that it includes.
        let digest: String
        let file: RuleFile
        /// An addition belongs to it: both are read anew together.
        var isExtended = false
    }

    private let last: [String: Entry]
    private let shelf = PatternShelf()
    private let spread: RuleBook.Spread
    private var fragments: [String: Fragment] = [:]
    private var fragmentsDigest = ""
    private(set) var problems: [RuleProblem] = []

    init(last: [Entry], spread: @escaping RuleBook.Spread) {
        self.spread = spread
        self.last = Dictionary(
            last.map { (Self.key($0.layer, $0.path), $0) }, uniquingKeysWith: { first, _ in first })
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

    /// What came of reading one file, and of running its samples on it.
    private struct Reading: Sendable {
        let parsed: RuleParser.Parsed
        let failures: [RuleProblem]
    }

    private struct Addition {
        let source: RuleSource
        let digest: String
        let addition: RuleAddition
        let samples: [Sample]
    }

    mutating func compile(_ sources: [RuleSource]) -> [Entry] {
        let ordered = sources.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
        readFragments(ordered.filter(\.isFragment))
        let rules = ordered.filter { !$0.isFragment }
        let extended = Set(rules.compactMap(\.extendedID))
        var settled: [Entry] = []
        var candidates: [Candidate] = []
        var additions: [Addition] = []
        var broken: [(layer: RuleSource.Layer, id: String)] = []
        var changed: [(source: RuleSource, digest: String)] = []
        for source in rules {
            let digest = digest(of: source)
            if let known = last[Self.key(source.layer, source.path)], known.digest == digest,
                !known.isExtended, !extended.contains(known.file.id)
            {
                settled.append(known)
            } else {
                changed.append((source, digest))
            }
        }
        for ((source, digest), reading) in zip(changed, read(changed.map(\.source))) {
            let parsed = reading.parsed
            problems += parsed.problems
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
                if let known = last[Self.key(source.layer, source.path)] {
                    settled.append(known)
                } else if let id = parsed.id {
                    broken.append((source.layer, id))
                }
            }
        }
        let files = settle(candidates, settled, additions, &broken)
        return resolve(files, broken)
    }

    // MARK: - Files

    /// Fewer files than this are not spread: a second thread has its own heap, which a program that
    /// runs for months would keep.
    private static let parallelFilesMin = 64

    /// Parses every file and runs its samples: files know nothing of each other, and this is
    /// nearly all the work.
    private func read(_ sources: [RuleSource]) -> [Reading] {
        guard sources.count >= Self.parallelFilesMin else { return sources.map(read) }
        let readings = Mutex([Reading?](repeating: nil, count: sources.count))
        spread(sources.count) { index in
            let reading = read(sources[index])
            readings.withLock { $0[index] = reading }
        }
        return readings.withLock { $0.compactMap(\.self) }
    }

    private func read(_ source: RuleSource) -> Reading {
        let parsed = RuleParser.parse(source, shelf: shelf, fragments: fragments)
        guard case .file(let file) = parsed.content else {
            return Reading(parsed: parsed, failures: [])
        }
        return Reading(parsed: parsed, failures: runner(file, source).run(parsed.samples))
    }

    // MARK: - Fragments

    private mutating func readFragments(_ sources: [RuleSource]) {
        var texts: [String] = []
        // Local fragments come last and replace shipped ones of the same path.
        for source in sources {
            let (fragment, found) = RuleParser.fragment(source, shelf: shelf)
            problems += found
            if let fragment { fragments[source.path] = fragment }
            texts += [source.path, source.text]
        }
        fragmentsDigest = MailShape.digest(texts)
    }

    private func digest(of source: RuleSource) -> String {
        let own = MailShape.digest([source.text])
        let owners = fragments.values.contains { !$0.accountOwner.isEmpty }
        return owners || source.text.contains("include:")
            ? MailShape.digest([own, fragmentsDigest]) : own
    }

    // MARK: - Samples and additions

    /// Drops what is new and fails its samples, and applies the additions.
    private mutating func settle(
        _ candidates: [Candidate], _ settled: [Entry], _ additions: [Addition],
        _ broken: inout [(layer: RuleSource.Layer, id: String)]
    ) -> [Entry] {
        var files = settled
        var left = additions
        for candidate in candidates {
            let key = Self.key(candidate.source.layer, candidate.source.path)
            var entry = Entry(
                layer: candidate.source.layer, path: candidate.source.path,
                digest: candidate.digest, file: candidate.file)
            guard candidate.failures.isEmpty else {
                problems += candidate.failures
                if let known = last[key] {
                    files.append(known)
                } else {
                    broken.append((entry.layer, candidate.file.id))
                }
                continue
            }
            let own = left.filter { $0.addition.extends == candidate.file.id }
            left.removeAll { $0.addition.extends == candidate.file.id }
            if !own.isEmpty { entry = apply(own, to: entry, candidate.samples, &broken) }
            files.append(entry)
        }
        for addition in left {
            let known = files.map(\.file.id)
            guard !known.contains(addition.addition.extends) else { continue }
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
        return files
    }

    /// The file with its additions; one that breaks a sample is left out, and what was in force
    /// before stays.
    private mutating func apply(
        _ additions: [Addition], to entry: Entry, _ samples: [Sample],
        _ broken: inout [(layer: RuleSource.Layer, id: String)]
    ) -> Entry {
        var file = entry.file
        var digests = [entry.digest]
        for addition in additions {
            let next = addition.addition.applied(to: file)
            let runner = runner(next, addition.source)
            let failures =
                runner.run(samples, of: entry.path) + runner.run(addition.samples)
            guard failures.isEmpty else {
                problems += failures
                if let known = last[Self.key(entry.layer, entry.path)], known.isExtended {
                    return known
                }
                broken.append((addition.source.layer, entry.file.id))
                continue
            }
            file = next
            digests.append(addition.digest)
        }
        return Entry(
            layer: entry.layer, path: entry.path, digest: MailShape.digest(digests), file: file,
            isExtended: true)
    }

    private func runner(_ file: RuleFile, _ source: RuleSource) -> SampleRunner {
        SampleRunner(source: source, book: RuleBook(of: file, source))
    }

    // MARK: - Folders

    /// One file per id: the local one before the shipped one.
    private mutating func resolve(
        _ files: [Entry], _ broken: [(layer: RuleSource.Layer, id: String)]
    ) -> [Entry] {
        var byID: [String: Entry] = [:]
        for entry in files.sorted(by: { ($0.layer, $0.path) < ($1.layer, $1.path) }) {
            let id = entry.file.id
            if let other = byID[id], other.layer == entry.layer {
                problems.append(
                    RuleProblem(
                        path: entry.path, layer: entry.layer,
                        message: Wording(
                            "the id \(id) is already used by \(other.path); ids are never shared",
                            "\(id) kimliğini zaten \(other.path) kullanıyor; kimlikler "
                                + "paylaşılmaz"), offending: id))
                continue
            }
            byID[id] = entry
        }
        for (layer, id) in broken where layer == .local {
            guard let entry = byID[id], entry.layer == .shipped || entry.isExtended else {
                continue
            }
            var file = entry.file
            file.status = .draft
            for index in file.variants.indices { file.variants[index].status = nil }
            // The digest differs, so that mails are read again once the local file is mended.
            byID[id] = Entry(
                layer: entry.layer, path: entry.path, digest: entry.digest + "-draft", file: file,
                isExtended: true)
        }
        return byID.values.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
    }
}
