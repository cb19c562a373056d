// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Glibc
import Rules
import Synchronization
import Testing

@testable import Operator

@Suite("the watch over rule files")
struct RuleWatchTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private let file: URL
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "rules")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: root.appending(path: "common"), to: folder.appending(path: "common"))
        file = folder.appending(path: "rule.yaml")
        text = String(
            decoding: try Data(contentsOf: root.appending(path: "garanti-bbva/rule.yaml")),
            as: UTF8.self)
        try Data(text.utf8).write(to: file)
    }

    /// Runs the watch; before its n-th look `steps[n]` is done. Gives what it told, and after how
    /// many looks.
    private func told(_ steps: [() throws -> Void]) async throws -> [String] {
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = RuleDirectory(path: folder.path)
        let inForce = RulesInForce(try directory.compile().0)
        let looks = Mutex(0)
        let events = Mutex<[String]>([])
        nonisolated(unsafe) let steps = steps
        @Sendable func step() -> Bool {
            let look = looks.withLock { looks in
                looks += 1
                return looks
            }
            guard look <= steps.count else { return false }
            try? steps[look - 1]()
            return true
        }
        let watch = RuleWatch(
            directory: directory, inForce: inForce, stamp: directory.stamp(),
            report: { event in
                let look = looks.withLock { $0 }
                events.withLock { events in
                    switch event {
                    case .rulesChanged(let files): events.append("\(look): \(files)")
                    case .ruleProblem(let problem): events.append("\(look): \(problem)")
                    default: events.append("\(look): \(event)")
                    }
                }
            },
            rest: { _ in _ = step() })
        await watch.run(AsyncStream { step() ? () : nil })
        return events.withLock { $0 }
    }

    @Test("keeps own rules in force while their folder is gone")
    func ownRules() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let own = folder.appending(path: "own")
        let common = own.appending(path: "common")
        try FileManager.default.createDirectory(at: common, withIntermediateDirectories: true)
        try Data("fragment: own\naccount_owner: [SAHNE KAPISI DERNEĞİ]\n".utf8)
            .write(to: common.appending(path: "own.yaml"))
        let shipped = folder.appending(path: "shipped")
        for name in ["common", "rule.yaml"] {
            try FileManager.default.createDirectory(
                at: shipped, withIntermediateDirectories: true)
            try FileManager.default.moveItem(
                at: folder.appending(path: name), to: shipped.appending(path: name))
        }
        let directory = RuleDirectory(
            path: shipped.path, local: own.path, isLocalOptional: true)
        let before = try directory.compile().0
        #expect(before.holdsOwnRules)
        try FileManager.default.removeItem(at: own)
        #expect(throws: ConfigurationError.self) { try directory.compile(keeping: before) }
        let anew = try directory.compile().0
        #expect(!anew.holdsOwnRules)
        #expect(anew.fileCount == 1)
    }

    @Test("takes what changed between reading the files and the first look")
    func early() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = RuleDirectory(path: folder.path)
        let stamp = directory.stamp()
        let inForce = RulesInForce(try directory.compile().0)
        try Data((text + "# changed\n").utf8).write(to: file)
        let changed = Mutex<[[String]]>([])
        let watch = RuleWatch(
            directory: directory, inForce: inForce, stamp: stamp,
            report: { event in
                guard case .rulesChanged(let files) = event else { return }
                changed.withLock { $0.append(files) }
            }, rest: { _ in })
        await watch.run(
            AsyncStream {
                $0.yield(); $0.finish()
            })
        #expect(changed.withLock { $0 } == [["rule.yaml"]])
    }

    @Test("takes a file that is written in pieces once it is whole, and a renamed one at once")
    func pieces() async throws {
        let (file, half) = (file, text.prefix(text.count / 2))
        let whole = text + "# changed\n"
        let beside = folder.appending(path: "rule.new")
        let told = try await told([
            { try Data(half.utf8).write(to: file) }, { try Data(whole.utf8).write(to: file) }, {},
            {}, {},
            {
                try Data((whole + "# again\n").utf8).write(to: beside)
                _ = rename(beside.path, file.path)
            }, {}, {},
        ])
        #expect(told == ["3: [\"rule.yaml\"]", "7: [\"rule.yaml\"]"])
    }

    @Test("tells of a broken file once, and of the mended one")
    func broken() async throws {
        let (file, text) = (file, text)
        let told = try await told([
            { try Data((text + "colour: red\n").utf8).write(to: file) }, {}, {}, {},
            { try Data((text + "# mended\n").utf8).write(to: file) }, {}, {},
        ])
        #expect(told.count == 2)
        #expect(told.first?.hasPrefix("2: \(file.path):") == true)
        #expect(told.last == "6: [\"rule.yaml\"]")
    }
}
