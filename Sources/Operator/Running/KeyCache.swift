// SPDX-License-Identifier: Apache-2.0

internal import Mail
internal import Synchronization
internal import Wire

/// Answers of DNS for the length of one replay, also those that say no: a key is asked for once.
final class KeyCache: Sendable {
    private let resolver: KeyResolver
    private let answers = Mutex<[String: KeyAnswer]>([:])

    /// More names than all mails of a season use; beyond that every name is looked up anew.
    private static let namesMax = 10_000

    init(resolver: KeyResolver) { self.resolver = resolver }

    func answer(_ name: String) -> KeyAnswer {
        if let known = answers.withLock({ $0[name] }) { return known }
        let answer = resolver.keyAnswers([name])[name]?.answer ?? .unavailable
        answers.withLock { if $0.count < Self.namesMax { $0[name] = answer } }
        return answer
    }
}
