// SPDX-License-Identifier: Apache-2.0

/// How often a mail was asked for alone in vain. It decides when it goes to a person without its
/// content: not before the server had its chances, and not so late that nobody hears of it.
struct MailTrouble: Sendable {
    enum Kind: Sendable {
        /// NO or BAD, an answer that cannot be read, or the connection broke.
        case refused
        /// The server has the mail, and did not hand it out this time.
        case absent
        /// "Not now."
        case busy
    }

    /// A server that hands out other mails in between means this one.
    static let refusalsMax = 3
    /// A server that hands out none may be ill: about an hour of looks.
    static let failuresMax = 40
    /// Throttling passes within a day; the gaps between tries grow to 15 minutes.
    static let busyMax = 100

    private var refusals = 0
    private var absences = 0
    private var busy = 0
    /// How many mails the folder had given when the trouble began.
    private let givenBefore: Int

    init(givenBefore: Int) { self.givenBefore = givenBefore }

    var count: Int { refusals + absences + busy }

    mutating func add(_ kind: Kind) {
        switch kind {
        case .refused: refusals += 1
        case .absent: absences += 1
        case .busy: busy += 1
        }
    }

    func isHopeless(given: Int) -> Bool {
        (refusals >= Self.refusalsMax && given > givenBefore)
            || refusals + absences >= Self.failuresMax || busy >= Self.busyMax
    }
}
