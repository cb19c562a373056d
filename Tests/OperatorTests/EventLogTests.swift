// SPDX-License-Identifier: Apache-2.0

import Agent
import Domain
import FoundationEssentials
import Testing

@testable import Operator

@Suite("the log for a journal")
struct EventLogTests {
    private let log = EventLog(
        form: .journal, language: .turkish, now: { Date(timeIntervalSince1970: 1_795_345_533) })

    @Test(
        "is one JSON object per line, with the level that journald reads before it",
        arguments: [
            (
                AgentEvent.started(version: "0.1.0"),
                #"<5>{"at":"2026-11-22T11:05:33Z","event":"started","version":"0.1.0"}"#
            ),
            (.stopping, #"<5>{"at":"2026-11-22T11:05:33Z","event":"stopping"}"#),
            (
                .held(source: "bank/INBOX;UID=7", explanation: "its key cannot be had yet"),
                #"<5>{"at":"2026-11-22T11:05:33Z","event":"held","source":"bank/INBOX;UID=7","#
                    + #""message":"its key cannot be had yet"}"#
            ),
            (
                .allRead(mails: 5000),
                #"<7>{"at":"2026-11-22T11:05:33Z","event":"all_read","mails":5000}"#
            ),
            (
                .effect(key: "luma.approve:reg-17", state: .done, label: nil, hint: nil),
                #"<6>{"at":"2026-11-22T11:05:33Z","event":"effect","key":"luma.approve:reg-17","#
                    + #""state":"done","label":null,"hint":null}"#
            ),
            (
                .effect(
                    key: "ticket.sms:reg-17", state: .refused, label: "netgsm_20", hint: "Shorten."),
                #"<4>{"at":"2026-11-22T11:05:33Z","event":"effect","key":"ticket.sms:reg-17","#
                    + #""state":"refused","label":"netgsm_20","hint":"Shorten."}"#
            ),
            (
                .lanePaused(lane: "luma", label: "luma_401", hint: "Make a new key."),
                #"<4>{"at":"2026-11-22T11:05:33Z","event":"lane_paused","lane":"luma","#
                    + #""label":"luma_401","hint":"Make a new key."}"#
            ),
            (
                .trouble("disk full\nnow"),
                #"<4>{"at":"2026-11-22T11:05:33Z","event":"trouble","message":"disk full\nnow"}"#
            ),
        ])
    func lines(event: AgentEvent, line: String) {
        #expect(log.journal(event) == line)
    }
}
