// SPDX-License-Identifier: Apache-2.0

import Testing

/// A saved mailbox in words: what the file holds and what must come out.
struct MboxCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var file: String
    var mails: [String]

    init(_ name: String, _ file: String, _ mails: [String]) {
        (testDescription, self.file, self.mails) = (name, file, mails)
    }

    static let from = "From elif@example.org Sat Nov 22 11:05:33 2026\n"

    /// A mail of an mbox that says how long it is.
    static func measured(_ body: String) -> String {
        from + "Content-Length: \(body.utf8.count)\n\n" + body + "\n"
    }
}

extension MboxCase {
    static let dialects: [MboxCase] = [
        MboxCase("one mail", from + "A: 1\n\nhello\n", ["A: 1\n\nhello\n"]),
        MboxCase(
            "two mails with the blank line between",
            from + "A: 1\n\nx\n\n" + from + "A: 2\n\ny\n\n",
            ["A: 1\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "no blank line between", from + "A: 1\n\nx\n" + from + "A: 2\n\ny\n",
            ["A: 1\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "CRLF",
            (from + "A: 1\n\nx\n\n" + from + "A: 2\n\ny\n")
                .replacing("\n", with: "\r\n"),
            ["A: 1\r\n\r\nx\r\n", "A: 2\r\n\r\ny\r\n"]),
        MboxCase(
            "mboxrd quoting", from + "A: 1\n\n>From a\n>>From b\n> From c\n>Fromage\n",
            ["A: 1\n\nFrom a\n>From b\n> From c\n>Fromage\n"]),
        MboxCase(
            "mboxcl: a sentence in the body that begins with From",
            from
                + "Content-Length: 3\nA: 1\n\n\nFrom here on: 2026\nFrom Ankara at 12:30 of 2026\n\n",
            ["Content-Length: 3\nA: 1\n\n\nFrom here on: 2026\nFrom Ankara at 12:30 of 2026\n"]),
        MboxCase(
            "a Content-Length that lies",
            from + "Content-Length: 99999\n\nx\n\n" + from + "A: 2\n\ny\n",
            ["Content-Length: 99999\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "mboxcl2: a mail quoted whole in the body, and a quote that stays",
            measured("w\n") + measured("\n" + from + "From: a@example.org\n\nx\n>From b\n")
                + measured("y\n"),
            [
                "Content-Length: 2\n\nw\n",
                "Content-Length: 79\n\n\n" + from + "From: a@example.org\n\nx\n>From b\n",
                "Content-Length: 2\n\ny\n",
            ]),
        MboxCase(
            "mboxcl: quoted and measured", measured(">From a\n") + measured("y\n"),
            ["Content-Length: 8\n\nFrom a\n", "Content-Length: 2\n\ny\n"]),
        MboxCase(
            "mboxcl2 with CRLF",
            (from + "Content-Length: 3\n\nw\n\n" + from + "A: 1\nContent-Length: 65\n\n" + from
                + "A: 2\n\ny\n\n\n\n\n\n" + from + "Content-Length: 3\n\nz\n")
                .replacing("\n", with: "\r\n"),
            [
                "Content-Length: 3\n\nw\n",
                "A: 1\nContent-Length: 65\n\n" + from + "A: 2\n\ny\n\n\n\n\n",
                "Content-Length: 3\n\nz\n",
            ].map { $0.replacing("\n", with: "\r\n") }),
        MboxCase(
            "the first mail of a file takes the next one in, by its length",
            from + "Content-Length: 59\n\nx\n\n" + from + "A: 2\n\ny\n\n" + from + "A: 3\n\nz\n",
            ["Content-Length: 59\n\nx\n", "A: 2\n\ny\n", "A: 3\n\nz\n"]),
        MboxCase(
            "a mail takes the next one in, though a length before was right",
            measured("w\n") + from + "Content-Length: 59\n\nx\n\n" + from + "A: 2\n\ny\n\n" + from
                + "A: 3\n\nz\n",
            [
                "Content-Length: 2\n\nw\n", "Content-Length: 59\n\nx\n", "A: 2\n\ny\n",
                "A: 3\n\nz\n",
            ]),
        MboxCase(
            "a mail takes all the rest of the file in",
            measured("w\n") + from + "Content-Length: 58\n\nx\n\n" + from + "A: 2\n\ny\n",
            ["Content-Length: 2\n\nw\n", "Content-Length: 58\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "a Content-Length that takes the next mail in, in a file where others have none",
            from + "A: 1\n\nx\n\n" + from + "Content-Length: 59\n\nx\n\n" + from
                + "A: 2\n\ny\n\n" + from + "A: 3\n\nz\n",
            ["A: 1\n\nx\n", "Content-Length: 59\n\nx\n", "A: 2\n\ny\n", "A: 3\n\nz\n"]),
        MboxCase(
            "a mark of an editor in front", "\u{feff}" + from + "A: 1\n\nx\n", ["A: 1\n\nx\n"]),
        MboxCase(
            "dates in numbers, no blank line between",
            "From a 2026-11-22 11:05:33\nA: 1\n\nx\nFrom b 2026-11-22 11:05:34\nA: 2\n\ny\n",
            ["A: 1\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "date and time in one word, no blank line between",
            "From a 2026-11-22T11:05:33Z\nA: 1\n\nx\nFrom b 2026-11-22T11:05:34+03:00\nA: 2\n\ny\n",
            ["A: 1\n\nx\n", "A: 2\n\ny\n"]),
        MboxCase(
            "a blank before the first colon",
            from + "Name : 1\n\nx\n\n" + from + "Name : 2\n\ny\n",
            ["Name : 1\n\nx\n", "Name : 2\n\ny\n"]),
        MboxCase(
            "a separator without a date",
            "From a@example.org\nA: 1\n\nx\n\nFrom b@example.org\nA: 2\n\n",
            ["A: 1\n\nx\n", "A: 2\n"]),
        MboxCase(
            "separators with nothing behind them, as Thunderbird has them",
            "From \r\nA: 1\r\n\r\nx\r\n\r\nFrom \r\nA: 2\r\n\r\n>From\r\nFrom \r\nA\r\n\r\n"
                + "From - \nA: 3\n\nFrom -\nA: 4\n",
            [
                "A: 1\r\n\r\nx\r\n", "A: 2\r\n\r\n>From\r\nFrom \r\nA\r\n", "A: 3\n", "A: 4\n",
            ]),
        MboxCase(
            "a separator of an unknown form before what a server writes",
            "From a 22/11/26\nA: 1\n\nFrom Ankara\nA: x\nFrom a\nReceived: x\n\nFrom a 22/11/26\n"
                + "RECEIVED: y\n\nFrom b",
            ["A: 1\n\nFrom Ankara\nA: x\nFrom a\nReceived: x\n", "RECEIVED: y\n\nFrom b"]),
        MboxCase(
            "a time zone after the time, as web mail exports have it",
            "From 18@xxx Sat Nov 22 11:05:33 +0000 2026\r\nA: 1\r\n\r\nx\r\n",
            ["A: 1\r\n\r\nx\r\n"]),
        MboxCase("blank lines in front", "\n\n" + from + "A: 1\n\nx\n", ["A: 1\n\nx\n"]),
        MboxCase(
            "an empty mail", from + from + "A: 2\n\ny\n", ["", "A: 2\n\ny\n"]),
        MboxCase("no line end at the end", from + "A: 1\n\nx", ["A: 1\n\nx"]),
        MboxCase(
            "a >From line among the headers", from + ">From b\nA: 1\n\nx\n",
            [">From b\nA: 1\n\nx\n"]),
    ]
}
