// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Ledger
import Mailbox
import Testing

@testable import Operator

@Suite("What status says of a folder")
struct WatchedFolderTests {
    private let noon = Date(timeIntervalSince1970: 1_795_345_533)

    private func folder(
        _ state: WatchState, _ trouble: Trouble? = nil, since: Double = -9000, seen: Double
    ) -> WatchedFolder {
        WatchedFolder(
            name: "bank", folder: "INBOX",
            cursor: FolderCursor(
                uidvalidity: 1, epoch: 0, floor: 0, base: 0, seenAt: noon + seen),
            watch: WatchStateRow(
                state: state.rawValue, since: noon + since, detail: trouble?.rawValue),
            renewalSeconds: 270)
    }

    @Test(
        "nobody has looked for longer than two renewals: the agent was killed",
        arguments: [
            (WatchState.idling, -300.0, -9000.0, false), (.idling, -590, -9000, false),
            (.idling, -610, -9000, true), (.polling, -610, -9000, true),
            // It has just come back.
            (.idling, -86_400, -5, false),
            // A first reading takes its time, and what waits says so itself.
            (.reading, -86_400, -9000, false), (.waiting, -86_400, -9000, false),
        ])
    func stale(state: WatchState, seen: Double, since: Double, isStale: Bool) {
        let folder = folder(state, since: since, seen: seen)
        #expect(folder.text(.english, at: noon).contains("does the agent run?") == isStale)
        #expect(folder.text(.turkish, at: noon).contains("hizmet çalışıyor mu?") == isStale)
        #expect(folder.json(at: noon).finished.contains("\"is_stale\":\(isStale)"))
    }

    @Test("every state and every trouble has a Turkish word")
    func turkish() {
        for name in WatchState.allCases.map(\.rawValue) + Trouble.allCases.map(\.rawValue) {
            #expect(Language.turkishWatchWords[name] != nil, "\(name)")
        }
        let text = folder(.waiting, .notOpened, seen: -60).text(.turkish, at: noon)
        #expect(text.contains("yeniden deneyecek (klasör açılmıyor; adı doğru mu?)"))
        let english = folder(.waiting, .notOpened, seen: -60).text(.english, at: noon)
        #expect(english.contains("waiting (not_opened) since"))
    }
}
