// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension Configuration {
    /// Reads the file at `path`.
    static func load(_ path: String) throws(ConfigurationError) -> Configuration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "the configuration cannot be read; name another with --config, or begin "
                    + "with: mutabik config describe > \(path)")
        }
        return try Configuration(text: String(decoding: data, as: UTF8.self), path: path)
    }
}
