// SPDX-License-Identifier: Apache-2.0

/// Something did not come true in time.
struct TooLate: Error, CustomStringConvertible {
    let description: String
}

/// Asks until the answer is yes.
///
/// The limit only ends a test that has failed; it is far above what a loaded machine needs.
func eventually(
    _ what: String, within limit: Duration = .seconds(200),
    _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !isTrue() {
        guard ContinuousClock.now < end else { throw TooLate(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
