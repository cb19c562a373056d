// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Operator

/// What `mutabik config describe` prints stands in two files as well; all three are the same.
@Suite("the sample configuration")
struct SampleConfigurationTests {
    private let sample = SettingsSample.text(SettingsSchema.all)

    @Test("systemd/mutabik.yaml is what `config describe` prints")
    func isTheSystemdSample() throws {
        let file = try repositoryFile("systemd/mutabik.yaml")
        #expect(
            file == sample,
            "write it anew: mutabik config describe > systemd/mutabik.yaml")
    }

    @Test("docs/configuration.md holds what `config describe` prints")
    func isInTheManual() throws {
        let page = try repositoryFile("docs/configuration.md")
        #expect(
            page.contains("```yaml\n" + sample + "```\n"),
            "put the output of `mutabik config describe` between the fences of the yaml block")
    }
}

/// The text of a file, named from the top of the repository.
func repositoryFile(_ path: String, here: String = #filePath) throws -> String {
    let top = here.split(separator: "/").dropLast(3).joined(separator: "/")
    let data = try #require(
        FileManager.default.contents(atPath: "/\(top)/\(path)"), "\(path) cannot be read")
    return String(decoding: data, as: UTF8.self)
}
