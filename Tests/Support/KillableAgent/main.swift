// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Operator
import Synchronization

/// The agent, ended by SIGKILL right before or right after its N-th commit.
///
///     killable-agent CONFIGURATION before|after N
///
/// A commit that never comes lets it run until SIGTERM, as `mutabik run` does.
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

let arguments = CommandLine.arguments
guard arguments.count == 4, let commits = Int(arguments[3]) else {
    leave("expected CONFIGURATION before|after N", 64)
}
let fate = Fate(commits: commits)
let hooks =
    arguments[2] == "before"
    ? LedgerHooks(willCommit: { fate.countDown() }) : LedgerHooks(didCommit: { fate.countDown() })
do {
    try await AgentRun(configurationPath: arguments[1], environment: [:], hooks: hooks).run()
} catch {
    leave("\(error)", 70)
}
