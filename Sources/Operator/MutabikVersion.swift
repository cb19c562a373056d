// SPDX-License-Identifier: Apache-2.0

/// The version of the program, as `--version`, logs and User-Agent say it.
enum MutabikVersion {
    static let text = "0.1.0"
}
