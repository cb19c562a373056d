// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
package import Mailbox
package import Rules

/// What the agent has to say. Nothing personal is in it: registrations, codes and amounts are.
package enum AgentEvent: Sendable {
    case started(version: String)
    case mailbox(account: String, folder: String, MailboxEvent)
    case mail(MailReport)
    /// Settled mails were flagged or moved on the server; `folder` is nil when it could not be
    /// asked at all.
    case afterCare(account: String, folder: String?, AfterCareEvent)
    /// So many mails were read since the last time, and none waits.
    case allRead(mails: Int)
    /// A mail waits for its key.
    case held(source: String, explanation: String)
    case effect(key: String, state: EffectState, label: String?, hint: String?)
    /// Nothing of this lane goes out until somebody sets right what the hint says.
    case lanePaused(lane: String, label: String, hint: String)
    /// Other rule files are in force: these are new, changed or gone.
    case rulesChanged(files: [String])
    /// A rule file is not used; its last good version stays, if there is one.
    case ruleProblem(RuleProblem)
    /// Mails of a bank that nearly fit its rule: it may have changed its wording. Told once per
    /// form.
    case drift(DriftRecord)
    /// No notice has come for longer than usual: of the bank of this rule file, or of any.
    case silence(bank: String?, since: Date, missed: Int)
    /// A notice has come after a silence that was told.
    case silenceOver(bank: String?, since: Date)
    /// So many mails say something else with the rules in force now.
    case readAgain(mails: Int)
    /// The agent itself could not go on for the moment: disk full, ledger busy.
    case trouble(String)
    /// The time to pay of so many registrations was over.
    case expired(count: Int)
    case stopping
}
