// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Season

import func Glibc.exit

// Lets the agent see invented seasons, each at both paces, and prints what it made of them.
//
//     season RULES [SEED [REGISTRATIONS [SEASONS]]]
//
// Ends with 1 when somebody was approved wrongly or a goal was missed.

let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first else {
    print("season: name the folder of the rule files")
    exit(2)
}
let numbers = arguments.dropFirst().map { UInt64($0) ?? 1 }
let seed = numbers.first ?? 1
let count = Int(numbers.dropFirst().first ?? 1_000)
let seasons = numbers.dropFirst(2).first ?? 1

var isGood = true
for pace in Pace.allCases {
    for seed in seed..<seed + seasons {
        let season = Season(seed: seed, count: count, pace: pace)
        let table = SeasonTable(try season.run(rules: URL(filePath: folder)))
        print(
            "season \(seed), \(pace.rawValue): \(season.registrations.count) registrations, "
                + "\(season.payments.count) mails\n\n\(table.text)\n")
        for outcome in table.shortcomings {
            let reasons = outcome.verdict.reasons.map(\.rawValue).joined(separator: " ")
            let notice = outcome.notice
            print(
                "- \(outcome.payment.way.rawValue): \(outcome.fate), \(outcome.verdict.kind) "
                    + "[\(reasons)] \(notice?.payer ?? "–") | \(notice?.description ?? "–")")
        }
        isGood = isGood && table.isGood
    }
}
exit(isGood ? 0 : 1)
