// SPDX-License-Identifier: Apache-2.0

import Domain
import Wire

/// What the folders of one account know together.
final class AccountGate {
    /// The method that logged in last time.
    var mechanism: StreamEndpoint.Mechanism?
    /// The last token that the server refused: no other folder need try it.
    var refusedToken: Secret?
    /// A refusal counts for all folders: each of them trying a wrong password would triple it.
    private(set) var refusal: (error: StreamError, until: Duration)?
    /// One log-in at a time.
    fileprivate(set) var isBusy = false

    func refuse(_ error: StreamError, until: Duration) { refusal = (error, until) }
    func accept() { (refusal, refusedToken) = (nil, nil) }
}

/// Who may log in next: one folder per account, and not too many in all.
final class LogInQueue {
    /// libcurl asks for each name on a thread of its own while it waits for the answer. A server
    /// that is away holds a place for 20 seconds; with so many places the others do not wait.
    private static let underwayMax = 128

    private var waiting: [FolderWatch] = []
    private var underway = 0

    /// Has `logIn` called when it is the watch's turn.
    func append(_ watch: FolderWatch) { waiting.append(watch) }

    func remove(_ watch: FolderWatch) { waiting.removeAll { $0 === watch } }

    /// The next one whose turn it is; it holds its place until `left`.
    func next() -> FolderWatch? {
        guard underway < Self.underwayMax,
            let index = waiting.firstIndex(where: { !$0.gate.isBusy })
        else { return nil }
        let watch = waiting.remove(at: index)
        watch.gate.isBusy = true
        underway += 1
        return watch
    }

    func left(_ watch: FolderWatch) {
        watch.gate.isBusy = false
        underway -= 1
    }
}
