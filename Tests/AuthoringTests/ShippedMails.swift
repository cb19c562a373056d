// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mail
import Rules

/// The rule files and saved mails of the repository.
enum ShippedMails {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("rules")

    private static func files(_ ending: String) -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == ending }
            .sorted { $0.path < $1.path }
    }

    static let sources: [RuleSource] = files("yaml").compactMap { file in
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        let path = file.pathComponents.suffix(2).joined(separator: "/")
        return RuleSource(path: path, text: text)
    }

    static let fragments = sources.filter(\.isFragment)

    static let book = RuleBook.compile(sources).book

    /// `akbank/p04.html.eml` and the like.
    static let names: [String] = files("eml").map {
        String($0.path.dropFirst(folder.path.count + 1)).replacing("/samples/", with: "/")
    }

    static func raw(_ name: String) throws -> [UInt8] {
        let parts = name.split(separator: "/")
        let file = folder.appendingPathComponent("\(parts[0])/samples/\(parts[1])")
        return Array(try Data(contentsOf: file))
    }

    static func message(_ name: String) throws -> Message {
        try MessageParser.parse(try raw(name))
    }
}
