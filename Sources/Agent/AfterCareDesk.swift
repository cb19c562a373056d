// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mailbox

/// Writes down which mails are to be looked after on the server, in the commit that settles them.
struct AfterCareDesk: Sendable {
    /// By account; those that are only read are missing.
    let cares: [String: AfterCare]
    /// Rung after such a commit.
    let wakeUp: WakeUp

    init(_ accounts: [MailboxAccount], wakeUp: WakeUp) {
        cares = Dictionary(
            accounts.compactMap { account in account.afterCare.map { (account.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        self.wakeUp = wakeUp
    }

    /// A mail that waits for its key is noted when it is read again; one that is attached stands
    /// for the mail that carries it.
    func note(
        _ findings: MailFindings, at place: MailPlace, now: Date, in books: LedgerTransaction
    ) throws {
        var place = place
        if let carrier = place.carrier, try books.isSettled(carrier) { place = carrier }
        guard let care = cares[place.account], findings.disposition != .hold,
            // What lies there already was moved there, by us or by somebody else.
            !care.isTarget(place.folder), care.mails.covers(findings)
        else { return }
        try books.requestAfterCare(at: place, now: now)
    }

    func ring(for account: String) {
        if cares[account] != nil { wakeUp.ring() }
    }
}

extension AfterCare.Mails {
    /// Whether the mail, or one attached to it, is meant.
    func covers(_ findings: MailFindings) -> Bool {
        ([findings] + findings.attached.map(\.findings)).contains { findings in
            switch (self, findings.outcome) {
            case (.all, _), (.known, .notAPayment), (.known, .unclear): true
            case (_, .payment), (_, .paymentWithoutDetails), (_, .reversal): true
            case (.payments, .notAPayment), (.payments, .unclear), (_, .unread): false
            }
        }
    }
}
