// SPDX-License-Identifier: Apache-2.0

internal import Ledger

/// Which of the mails that wait for a key are asked for together.
///
/// All questions of a round are put at once, and the round ends with the limit for one: so a mail
/// waits for the round under way and for its own. Whoever asks for little comes first. A bank's
/// notice has a signature or two, and nobody holds it up by mails with as many as he can think of.
struct KeyRound {
    /// Names that are asked for at once; a home router takes 150 questions.
    static let namesMax = 100

    /// In the order in which they came.
    let mails: [MailRecord]
    let names: [String]

    /// - Parameter waiting: mails and the names that are not known of each; the first of those that
    ///   ask for the same number come first.
    init(of waiting: [(mail: MailRecord, names: [String])]) {
        var names: Set<String> = []
        var mails: [MailRecord] = []
        for (mail, own) in waiting.sorted(by: { $0.names.count < $1.names.count }) {
            let all = names.union(own)
            guard mails.isEmpty || all.count <= Self.namesMax else { continue }
            names = all
            mails.append(mail)
        }
        self.mails = mails.sorted { $0.id < $1.id }
        self.names = names.sorted()
    }
}
