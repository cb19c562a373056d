// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Operator

@Suite("changes in the rule folders", .timeLimit(.minutes(10)))
struct FolderChangesTests {
    /// What is done to `ROOT/now -> ROOT/first`, where `now/rules` is watched.
    enum Change: String, CaseIterable {
        case written, renamed, removed, rights, below, belowNew, folder, link
    }

    @Test("are told by the system, without a look on the way", arguments: Change.allCases)
    func told(change: Change) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let manager = FileManager.default
        let file = root.appending(path: "first/rules/bank/rule.yaml")
        for name in ["first", "second"] {
            try manager.createDirectory(
                at: root.appending(path: name + "/rules/bank"), withIntermediateDirectories: true)
            try Data("one".utf8).write(to: root.appending(path: name + "/rules/bank/rule.yaml"))
        }
        let now = root.appending(path: "now")
        try manager.createSymbolicLink(atPath: now.path, withDestinationPath: "first")
        let directory = RuleDirectory(path: now.path + "/rules")
        let before = directory.stamp()
        var isFirst = true
        await FolderChanges.watching(directory.folders, slowGap: .never) { changes in
            for await _ in changes {
                if isFirst {
                    isFirst = false
                    #expect(throws: Never.self) { try make(change, root, file) }
                } else if directory.stamp() != before {
                    break
                }
            }
        }
        #expect(!isFirst)
        #expect(directory.stamp() != before)
    }

    private func make(_ change: Change, _ root: URL, _ file: URL) throws {
        let manager = FileManager.default
        let rules = root.appending(path: "first/rules")
        switch change {
        case .written:
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("two".utf8))
            try handle.close()
        case .renamed:
            let beside = rules.appending(path: "bank/rule.new")
            try Data("two".utf8).write(to: beside)
            #expect(rename(beside.path, file.path) == 0)
        case .removed: try manager.removeItem(at: file)
        case .rights: #expect(chmod(file.path, 0o600) == 0)
        case .below: try Data("two".utf8).write(to: rules.appending(path: "bank/more.yaml"))
        case .belowNew:
            let folder = rules.appending(path: "other/deep")
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("two".utf8).write(to: folder.appending(path: "rule.yaml"))
        case .folder:
            #expect(rename(rules.path, root.path + "/away") == 0)
            #expect(rename(root.path + "/second/rules", rules.path) == 0)
        case .link:
            let link = root.appending(path: "link")
            try manager.createSymbolicLink(atPath: link.path, withDestinationPath: "second")
            #expect(rename(link.path, root.path + "/now") == 0)
        }
    }
}
