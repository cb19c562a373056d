// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Operator

@Suite("mutabik rules explain of a stranger's mail")
struct StrangersMailTests {
    @Test("explain marks nothing as taken of a mail for which no rule is")
    func stranger() throws {
        try RulesDesk.withFolder { folder in
            let mail = folder + "/a.eml"
            try Data(
                "From: a@unknown.example\nSubject: payment\n\nPayment received: ödeme 5,00 TL\n"
                    .utf8
            ).write(to: URL(fileURLWithPath: mail))
            let reply = try RulesCommand.Explain.given([mail, "--all", "--rules", RulesDesk.rules])
                .reply(RulesDesk.english)
            #expect(reply.failure?.code == .negative)
            #expect(!reply.output.contains("✓"))
            #expect(reply.output.contains("· unknown-notice  fits"))
            let nearest = try RulesCommand.Explain.given([mail, "--rules", RulesDesk.rules])
                .reply(RulesDesk.english)
            #expect(!nearest.output.contains("unknown-notice  fits"), "\(nearest.output)")
        }
    }

    @Test("of a mail over the limit it is said what the agent does, and nothing is read")
    func tooLarge() throws {
        try RulesDesk.withFolder { folder in
            let mail = folder + "/a.eml"
            var raw = Data(
                "From: garantibbva@garantibbva.com.tr\nSubject: Gelen Para Transferi\n\n".utf8)
            raw.append(Data(repeating: 0x78, count: 26 << 20))
            try raw.write(to: URL(fileURLWithPath: mail))
            #expect {
                try RulesCommand.Explain.given([mail, "--rules", RulesDesk.rules])
                    .reply(RulesDesk.english)
            } throws: { error in
                (error as? Failure)?.code == .data && "\(error)".contains("too large")
            }
        }
    }
}
