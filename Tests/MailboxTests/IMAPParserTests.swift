// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mailbox

@Suite struct IMAPParserTests {
    func parse(_ text: String, literalBytesMax: Int = 1000, chunk: Int = .max) -> [IMAPResponse] {
        var parser = IMAPParser(literalBytesMax: literalBytesMax)
        var rest = Array(text.utf8)[...]
        var responses: [IMAPResponse] = []
        while !rest.isEmpty {
            let part = Array(rest.prefix(chunk))
            rest = rest.dropFirst(part.count)
            responses += part.withUnsafeBytes { parser.parse($0) }
        }
        return responses
    }

    static let table: [(String, [IMAPResponse])] = [
        ("* 23 EXISTS\r\n", [.exists(23)]),
        ("* 0 recent\r\n", [.recent]),
        ("* 5 EXPUNGE\r\n", [.expunge]),
        ("* FLAGS (\\Seen \"x{3}\")\r\n", [.other]),
        ("+ idling\r\n+\r\n", [.goOn, .goOn]),
        ("* SEARCH\r\n", [.search([])]),
        ("* SEARCH 2 3 4 3\r\n", [.search([2...4, 3...3])]),
        ("* SEARCH 2 84 882 (MODSEQ 917162500)\r\n", [.search([2...2, 84...84, 882...882])]),
        ("* ESEARCH (TAG \"m5\") UID ALL 79:81,90\r\n", [.search([79...81, 90...90])]),
        ("* ESEARCH (TAG \"m5\") UID\r\n", [.search([])]),
        ("* ESEARCH (TAG \"m5\") UID COUNT 2 ALL 9:8 MODSEQ 5\r\n", [.search([8...9])]),
        (
            "m1 OK [READ-ONLY] done\r\n",
            [.tagged(tag: "m1", .ok, .init(code: "READ-ONLY", argument: "", text: "done"))]
        ),
        (
            "* OK [UIDVALIDITY 3] a {7}\r\n* 1 EXISTS\r\n",
            [.condition(.ok, .init(code: "UIDVALIDITY", argument: "3", text: "a {7}")), .exists(1)]
        ),
        ("* BYE Autologout\r\n", [.bye(.init(text: "Autologout"))]),
        ("* capability imap4rev1 idle\r\n", [.capability(["IMAP4REV1", "IDLE"])]),
        (
            "* 1 FETCH (UID 5 FLAGS (\\Seen (a (b))) BODY[HEADER.FIELDS (DATE TO)] {2}\r\nab BODY[] ~{3}\r\nx\r\n)\r\n",
            [.fetch(FetchItems(uid: 5, body: .bytes(Array("x\r\n".utf8))))]
        ),
        (
            "* 1 FETCH (UID 5 BODY[] {3+}\r\nx)\n)\r\n* 2 EXISTS\r\n",
            [.fetch(FetchItems(uid: 5, body: .bytes(Array("x)\n".utf8)))), .exists(2)]
        ),
        ("* 1 FETCH (BODY[] NIL UID 5)\r\n", [.fetch(FetchItems(uid: 5, body: .absent))]),
        ("* 1 FETCH (UID 5 BODY[] \"\")\r\n", [.fetch(FetchItems(uid: 5, body: .absent))]),
        ("* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n", [.fetch(FetchItems(uid: 5, body: .absent))]),
        (
            "* 1 FETCH (UID 5 BODY[] \"a\\\"b{3}\")\r\n",
            [.fetch(FetchItems(uid: 5, body: .bytes(Array("a\"b{3}".utf8))))]
        ),
        (
            "* 1 FETCH (UID 5 X-NOTE \"open {9}\" BODY[] {1}\r\na)\r\n",
            [.fetch(FetchItems(uid: 5, body: .bytes([0x61])))]
        ),
        (
            "* 1 FETCH (UID 5 BODY[] {1001}\r\n\(String(repeating: "x", count: 1001)) RFC822.SIZE 8)\r\n* 2 EXISTS\r\n",
            [
                .fetch(FetchItems(uid: 5, sizeBytes: 8, body: .tooLarge(sizeBytes: 1001))),
                .exists(2),
            ]
        ),
        (
            "* 1 FETCH (UID 1 BODY[HEADER] {1}\r\nh BODY[TEXT]<0> {1}\r\nt)\r\n",
            [.fetch(FetchItems(uid: 1, header: .bytes([0x68]), text: .bytes([0x74])))]
        ),
        ("* 1 FETCH (UID 4294967296)\r\n", [.fetch(FetchItems())]),
    ]

    @Test("Answers are read as the grammar says, cut up or not", arguments: table)
    func reads(text: String, expected: [IMAPResponse]) {
        #expect(parse(text) == expected)
        #expect(parse(text, chunk: 1) == expected)
        #expect(parse(text, chunk: 3) == expected)
    }

    @Test(
        "What is no answer is unreadable, and nothing behind it is believed",
        arguments: [
            "\r\n", "hello\r\n", "* \r\n", "* 1 FETCH UID\r\n", "* 1 FETCH (UID)\r\n",
            "* 1 FETCH (UID 1\r\n",
            "* SEARCH 99999999999\r\n", "* ESEARCH ALL 1:x\r\n",
            "* 1 FETCH (BODY[] {9999999999999999}\r\n", "* 1 FETCH (X \"open\r\n",
            "* 1 FETCH (X \(String(repeating: "(", count: 40))\r\n",
        ])
    func refuses(text: String) {
        let responses = parse(text + "* 1 EXISTS\r\n")
        #expect(responses.count == 1)
        #expect(responses.allSatisfy { if case .unreadable = $0 { true } else { false } })
    }

    @Test("A bare LF does not end an answer")
    func bareLineFeed() {
        #expect(parse("* FLAGS (a\n* 9 EXISTS)\r\n") == [.other])
    }

    @Test("A line over 1 MiB is unreadable, one below is not")
    func longLines() {
        let numbers = String(repeating: " 4294967295", count: 90_000)
        guard case .search(let runs)? = parse("* SEARCH\(numbers)\r\n").first else {
            Issue.record("no answer")
            return
        }
        #expect(runs.count == 90_000)
        #expect(parse("* SEARCH\(numbers)\(numbers)\r\n") == [.unreadable("a line over 1 MiB")])
    }

    @Test("A short answer that names four thousand million mails is cut off")
    func endlessSet() {
        guard case .search(let runs)? = parse("* ESEARCH UID ALL 1:4294967295\r\n").first else {
            Issue.record("no answer")
            return
        }
        var list = UIDList()
        list.append(runs)
        #expect(list.uids.count == UIDList.countMax)
        #expect(list.isCut)
    }

    @Test(
        "Server times are read with their zone",
        arguments: [
            ("22-Nov-2026 08:34:38 +0000", 1_795_336_478.0), (" 1-Jan-1970 00:00:00 +0000", 0),
            ("29-Feb-2024 23:59:59 +0300", 1_709_240_399),
            ("01-Mar-2024 00:00:00 -0500", 1_709_269_200),
        ])
    func dates(text: String, seconds: Double) {
        #expect(Date(imap: Array(text.utf8))?.timeIntervalSince1970 == seconds)
    }

    @Test(
        "What is no server time is none",
        arguments: [
            "", "22-Nov-2026 08:34:38", "22-Xxx-2026 08:34:38 +0000", "32-Nov-2026 08:34:38 +0000",
            "22-Nov-2026 25:34:38 +0000", "22-Nov-2026 08:34:38 +00x0",
        ])
    func notDates(text: String) {
        #expect(Date(imap: Array(text.utf8)) == nil)
    }

    @Test("Sequence sets join runs and keep commands short")
    func sets() {
        #expect(FetchPlan.set([5, 6, 7, 8, 9, 12]) == "5:9,12")
        #expect(FetchPlan.set([4_294_967_294, 4_294_967_295]) == "4294967294:4294967295")
        let scattered = (0..<2000).map { UInt32(4_294_000_000 + $0 * 2) }
        let plans = FetchPlan.batches(of: scattered, sizes: [:], mailBytesMax: 1)
        #expect(plans.allSatisfy { FetchPlan.set($0.uids).utf8.count < 7900 })
        #expect(plans.flatMap(\.uids) == scattered)
    }
}
