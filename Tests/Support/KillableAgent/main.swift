// SPDX-License-Identifier: Apache-2.0

import Agent
import Cryptography
import Foundation
import Ledger
import Matching
import Operator
import Statements
import Synchronization

/// The agent, or what `payments reconcile --apply` does, ended by SIGKILL right before or right
/// after its N-th commit.
///
///     killable-agent CONFIGURATION before|after N
///     killable-agent FOLDER before|after N STATEMENT
///
/// A commit that never comes lets the agent run until SIGTERM, as `mutabik run` does. The folder
/// holds `master.key` and `state/ledger.sqlite`.
final class Fate: Sendable {
    private let commitsLeft: Mutex<Int>

    init(commits: Int) { commitsLeft = Mutex(commits) }

    func countDown() {
        let isNow = commitsLeft.withLock { left in
            left -= 1
            return left == 0
        }
        guard isNow else { return }
        kill(getpid(), SIGKILL)
        // The signal takes this thread along before it could write another byte.
        while true { pause() }
    }
}

func leave(_ words: String, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data("killable-agent: \(words)\n".utf8))
    exit(status)
}

/// Brings a statement for which any account is ours.
func apply(_ statement: String, in folder: String, _ hooks: LedgerHooks) throws {
    let key = try String(contentsOfFile: folder + "/master.key", encoding: .utf8)
    let ledger = try LedgerDatabase(
        path: folder + "/state/ledger.sqlite",
        masterKey: SealingKey(bytes: Base64.decode(key) ?? []), hooks: hooks)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: statement)))
    let policy = MatchingPolicy(ownAccounts: .any, ownAddresses: .any)
    let desk = StatementDesk(pipeline: PaymentPipeline(matcher: Matcher(policy: policy)))
    let file = StatementDesk.File(
        try StatementReader.read(bytes, mapping: nil), sha256: Digest.sha256(bytes))
    _ = try desk.apply(file, by: "ayla", now: Date(), in: ledger)
    try ledger.close()
}

let arguments = CommandLine.arguments
guard (4...5).contains(arguments.count), let commits = Int(arguments[3]) else {
    leave("expected CONFIGURATION before|after N [STATEMENT]", 64)
}
let fate = Fate(commits: commits)
let hooks =
    arguments[2] == "before"
    ? LedgerHooks(willCommit: { fate.countDown() }) : LedgerHooks(didCommit: { fate.countDown() })
do {
    if arguments.count == 5 {
        try apply(arguments[4], in: arguments[1], hooks)
    } else {
        try await AgentRun(configurationPath: arguments[1], environment: [:], hooks: hooks).run()
    }
} catch {
    leave("\(error)", 70)
}
