// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Workflow

@Suite("The page of states")
struct StatesPageTests {
    @Test("docs/states.md is what the machine prints")
    func pageIsCurrent() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = root.appending(path: "docs/states.md")
        let kept = try? String(contentsOf: page, encoding: .utf8)
        if kept != RegistrationMachine.page {
            let actual = root.appending(path: "docs/states.actual.md")
            try RegistrationMachine.page.write(to: actual, atomically: true, encoding: .utf8)
        }
        #expect(kept == RegistrationMachine.page, "compare docs/states.actual.md")
    }

    @Test("The diagram shows the way to a confirmed guest")
    func diagramShowsTheMainWay() {
        let lines = RegistrationMachine.diagram.split(separator: "\n").map(String.init)
        #expect(lines.first == "stateDiagram-v2")
        #expect(lines.contains("    paid --> confirmed: approval done"))
        #expect(
            lines.contains(
                "    awaitingPayment --> paid: money allocated, sum reached "
                    + "/ luma.approve, ticket.sms (when a channel reaches the guest)"))
    }
}
