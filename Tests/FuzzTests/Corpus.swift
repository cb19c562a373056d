// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The kept inputs: a few of each kind to begin with, and every one that once broke something.
enum Corpus {
    static let folder: String =
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        + "/Fixtures/fuzz"

    static func inputs(_ target: FuzzTarget) -> [(name: String, bytes: [UInt8])] {
        let path = folder + "/" + target.rawValue
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: path + "/" + name).map { (name, Array($0)) }
        }
    }

    static func text(_ name: String) -> String {
        FileManager.default.contents(atPath: folder + "/" + name)
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
