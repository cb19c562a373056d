// SPDX-License-Identifier: Apache-2.0

internal import Ledger

/// Which of the mails that wait for a key are asked for together.
///
/// All questions of a round are put at once, and the round ends with the limit for one. The name
/// servers of banks and of named forwarders are asked in rounds of their own: whoever writes mails
/// can make his own name server slow, but not theirs.
struct KeyRound {
    /// Names that are asked for at once; a home router takes 150 questions.
    static let namesMax = 100

    let mails: [MailRecord]
    let names: [String]

    /// - Parameter waiting: mails in the order of their turn, and what each waits for.
    init(of waiting: [(mail: MailRecord, want: KeyWant)]) {
        var names: Set<String> = []
        var mails: [MailRecord] = []
        let first = waiting.map(\.want.wait.rank).min() ?? .seen
        for (mail, want) in waiting where want.wait.rank.mayGo(with: first) {
            let all = names.union(want.names)
            guard mails.isEmpty || all.count <= Self.namesMax else { continue }
            names = all
            mails.append(mail)
        }
        self.mails = mails
        self.names = names.sorted()
    }
}

/// What a mail has to wait for before it can be settled.
struct KeyWant: Sendable {
    /// To be asked for in the next round in which the mail has its turn.
    let names: [String]
    let wait: KeyWait
}
