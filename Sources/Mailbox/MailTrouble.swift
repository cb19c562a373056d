// SPDX-License-Identifier: Apache-2.0

/// How often, and for how long, a mail was asked for alone in vain. It decides when it goes to a
/// person without its content: not before the server had its chances, and not so late that nobody
/// hears of it.
struct MailTrouble: Sendable {
    enum Kind: Sendable {
        /// NO or BAD, an answer that cannot be read, or the connection broke.
        case refused
        /// The server has the mail, and did not hand it out this time.
        case absent
        /// "Not now."
        case busy
    }

    /// How long a mail may be in trouble.
    struct Patience: Sendable {
        /// Refused by a server that hands out other mails meanwhile: it is this one. Longer than
        /// an index that is being written, or a file that is not everywhere yet.
        var whileOthersCome = Duration.seconds(120)
        /// A server that hands out none may be ill.
        var whileNoneComes = Duration.seconds(3600)
        /// Throttling passes within a day.
        var whileBusy = Duration.seconds(86_400)
    }

    /// Once may be chance, and twice bad luck.
    static let triesMin = 3

    private var refusals = 0
    private var absences = 0
    private var busy = 0
    /// When the trouble began, and when the mail was last asked for in vain: only what happened in
    /// between counts, so nothing is given up without having been asked for just before.
    private let since: Duration
    private var until: Duration
    /// How many mails the folder had given when the trouble began.
    private let givenBefore: Int
    /// A person knows of it already: one try is enough, and the intake says when the next one is.
    private let wasGivenUp: Bool

    init(since: Duration, givenBefore: Int, wasGivenUp: Bool = false) {
        self.since = since
        until = since
        self.givenBefore = givenBefore
        self.wasGivenUp = wasGivenUp
    }

    var tries: Int { refusals + absences + busy }

    mutating func add(_ kind: Kind, at now: Duration) {
        until = now
        switch kind {
        case .refused: refusals += 1
        case .absent: absences += 1
        case .busy: busy += 1
        }
    }

    func isHopeless(given: Int, _ patience: Patience) -> Bool {
        if wasGivenUp, tries > 0 { return true }
        let age = until - since
        if refusals >= Self.triesMin, given > givenBefore, age >= patience.whileOthersCome {
            return true
        }
        if refusals + absences >= Self.triesMin, age >= patience.whileNoneComes { return true }
        return tries >= Self.triesMin && age >= patience.whileBusy
    }
}
