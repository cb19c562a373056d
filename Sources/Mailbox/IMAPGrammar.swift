// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// MARK: - Answers

extension IMAPResponse {
    /// Reads one complete answer. What is not understood is `.other`; what cannot be IMAP is
    /// `.unreadable`.
    init(_ pieces: [IMAPParser.Piece]) {
        var reader = IMAPReader(pieces)
        do {
            self = try Self.read(&reader)
        } catch {
            self = .unreadable(error.what)
        }
    }

    private static func read(_ reader: inout IMAPReader) throws(IMAPReader.Unreadable) -> Self {
        if reader.take(UInt8(ascii: "+")) { return .goOn }
        let tag = ascii(reader.word())
        try reader.require(UInt8(ascii: " "))
        guard tag != "*" else { return try untagged(&reader) }
        let word = ascii(reader.word()).uppercased()
        guard !tag.isEmpty, let condition = Condition(rawValue: word) else {
            throw IMAPReader.Unreadable(what: "neither tag, nor * nor +")
        }
        return .tagged(tag: tag, condition, words(&reader))
    }

    private static func untagged(
        _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> Self {
        let first = reader.word()
        if let number = UInt32(ascii: first) { return try counted(number, &reader) }
        let kind = ascii(first).uppercased()
        if let condition = Condition(rawValue: kind) {
            return .condition(condition, words(&reader))
        }
        switch kind {
        case "BYE": return .bye(words(&reader))
        case "CAPABILITY":
            return .capability(
                Set(ascii(reader.rest()).uppercased().split(separator: " ").map(String.init)))
        case "SEARCH": return .search(try numbers(&reader))
        case "ESEARCH": return try extendedSearch(&reader)
        case "LIST": return try folder(&reader)
        case "": throw IMAPReader.Unreadable(what: "an empty answer")
        default: return .other
        }
    }

    private static func counted(
        _ number: UInt32, _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> Self {
        try reader.require(UInt8(ascii: " "))
        switch ascii(reader.word()).uppercased() {
        case "EXISTS": return .exists(number)
        case "RECENT": return .recent
        case "EXPUNGE": return .expunge
        case "FETCH":
            try reader.require(UInt8(ascii: " "))
            return .fetch(try FetchItems(&reader))
        default: return .other
        }
    }

    /// `* SEARCH 2 84 882 (MODSEQ 917162500)`, RFC 7162 §3.1.5.
    private static func numbers(
        _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> [ClosedRange<UInt32>] {
        var runs: [ClosedRange<UInt32>] = []
        while reader.take(UInt8(ascii: " ")) {
            guard let next = reader.peek, isDigit(next) else { break }
            let uid = try reader.number()
            if let last = runs.last, last.upperBound &+ 1 == uid, uid > 0 {
                runs[runs.count - 1] = last.lowerBound...uid
            } else {
                runs.append(uid...uid)
            }
        }
        return runs
    }

    /// `* ESEARCH (TAG "w5") UID ALL 79:80,90`, RFC 9051 §7.3.4. Without `ALL` nothing was found.
    private static func extendedSearch(
        _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> Self {
        var runs: [ClosedRange<UInt32>] = []
        var expectsSet = false
        while reader.take(UInt8(ascii: " ")) {
            guard reader.peek != nil else { break }
            guard case .word(let word) = try reader.value() else { continue }
            if expectsSet { runs += try Self.runs(of: word) }
            expectsSet = word.map(upper).elementsEqual("ALL".utf8)
        }
        return .search(runs)
    }

    /// `* LIST (\HasNoChildren \Junk) "/" "Spam"`, RFC 9051 §7.3.1, RFC 6154 §2.
    private static func folder(
        _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> Self {
        try reader.require(UInt8(ascii: " "))
        try reader.require(UInt8(ascii: "("))
        var attributes: Set<String> = []
        while !reader.take(UInt8(ascii: ")")) {
            let attribute = reader.word()
            guard !attribute.isEmpty else {
                throw IMAPReader.Unreadable(what: "an attribute missing")
            }
            attributes.insert(ascii(attribute).uppercased())
            _ = reader.take(UInt8(ascii: " "))
        }
        try reader.require(UInt8(ascii: " "))
        _ = try reader.value()
        try reader.require(UInt8(ascii: " "))
        switch try reader.value() {
        case .string(let name), .word(let name):
            return .list(attributes: attributes, name: String(decoding: name, as: UTF8.self))
        case .drained, .null, .list: return .other
        }
    }

    private static func runs(
        of set: [UInt8]
    ) throws(IMAPReader.Unreadable) -> [ClosedRange<UInt32>] {
        var runs: [ClosedRange<UInt32>] = []
        for part in set.split(separator: UInt8(ascii: ",")) {
            let ends = part.split(separator: UInt8(ascii: ":"), maxSplits: 1)
                .map { UInt32(ascii: $0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil else {
                throw IMAPReader.Unreadable(what: "a sequence set that is none")
            }
            runs.append(min(first, last)...max(first, last))
        }
        return runs
    }

    /// `[CODE argument] text` after the condition.
    private static func words(_ reader: inout IMAPReader) -> Words {
        _ = reader.take(UInt8(ascii: " "))
        var words = Words()
        var rest = reader.rest()[...]
        if rest.first == UInt8(ascii: "["), let close = rest.firstIndex(of: UInt8(ascii: "]")) {
            let code = ascii(rest[(rest.startIndex + 1)..<close])
                .split(separator: " ", maxSplits: 1).map(String.init)
            words.code = code.first?.uppercased()
            words.argument = code.count > 1 ? code[1] : ""
            rest = rest[(close + 1)...]
        }
        words.text = ascii(rest.drop { $0 == UInt8(ascii: " ") }.prefix(200))
        return words
    }

    /// Printable ASCII; the rest could play tricks in a log.
    private static func ascii(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.filter { $0 >= 0x20 && $0 < 0x7f }, as: UTF8.self)
    }
}

// MARK: - FETCH

extension FetchItems {
    /// `(UID 79 INTERNALDATE "…" BODY[] {2027}…)`, items in any order.
    init(_ reader: inout IMAPReader) throws(IMAPReader.Unreadable) {
        try reader.require(UInt8(ascii: "("))
        while !reader.take(UInt8(ascii: ")")) {
            let name = reader.itemName()
            guard !name.isEmpty else { throw IMAPReader.Unreadable(what: "an item missing") }
            try reader.require(UInt8(ascii: " "))
            if name == "EMAILID" {
                lastingName = try Self.emailID(&reader)
            } else {
                set(name, to: try reader.value())
            }
            _ = reader.take(UInt8(ascii: " "))
        }
    }

    /// `(M6d99ac3275bb4e)`: letters, digits, - and _, at most 255 (RFC 8474 §5.1).
    private static func emailID(
        _ reader: inout IMAPReader
    ) throws(IMAPReader.Unreadable) -> String? {
        guard reader.take(UInt8(ascii: "(")) else {
            _ = try reader.value()
            return nil
        }
        let id = reader.word()
        try reader.require(UInt8(ascii: ")"))
        let isSound = id.allSatisfy {
            isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard isSound, (1...255).contains(id.count) else { return nil }
        return "em:" + String(decoding: id, as: UTF8.self)
    }

    private mutating func set(_ name: String, to value: IMAPReader.Value) {
        switch (name, value) {
        case ("UID", .word(let digits)): uid = UInt32(ascii: digits)
        case ("RFC822.SIZE", .word(let digits)): sizeBytes = UInt32(ascii: digits).map(Int.init)
        case ("INTERNALDATE", .string(let text)): internalDate = Date(imap: text)
        case ("X-GM-MSGID", .word(let digits)):
            // Not zero: that would be one mail for all.
            let id = String(decoding: digits, as: UTF8.self)
            lastingName = UInt64(id).flatMap { $0 > 0 ? "gm:\($0)" : nil }
        case ("BODY[]", _): body = Content(value)
        case ("BODY[HEADER]", _): header = Content(value)
        case ("BODY[TEXT]<0>", _), ("BODY[TEXT]", _): text = Content(value)
        default: break
        }
    }
}

extension FetchItems.Content {
    init(_ value: IMAPReader.Value) {
        switch value {
        case .string(let bytes): self = bytes.isEmpty ? .absent : .bytes(bytes)
        case .drained(let size): self = .tooLarge(sizeBytes: size)
        case .word, .null, .list: self = .absent
        }
    }
}

extension Date {
    /// `22-Nov-2026 08:34:38 +0000`, the day padded with a space (RFC 9051 §9, date-time).
    init?(imap text: [UInt8]) {
        let months: [String] = [
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ]
        guard text.count == 26 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            UInt32(ascii: text[range].drop { $0 == UInt8(ascii: " ") }).map(Int.init)
        }
        let name = String(decoding: text[3..<6].map(upper), as: UTF8.self)
        guard let day = number(0..<2), let month = months.firstIndex(of: name),
            let year = number(7..<11), let hour = number(12..<14), let minute = number(15..<17),
            let second = number(18..<20), let zoneHour = number(22..<24),
            let zoneMinute = number(24..<26), day >= 1, day <= 31, hour < 24, minute < 60,
            second <= 60, zoneHour < 24, zoneMinute < 60
        else { return nil }
        let zone = (zoneHour * 60 + zoneMinute) * (text[21] == UInt8(ascii: "-") ? -60 : 60)
        let days = daysSince1970(year: year, month: month + 1, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - zone
        self.init(timeIntervalSince1970: Double(seconds))
    }
}

/// Days of the proleptic Gregorian calendar; March begins the year, so that leap days come last.
private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let years = month > 2 ? year : year - 1
    let monthsSinceMarch = (month + 9) % 12
    let dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1
    let leapDays = years / 4 - years / 100 + years / 400
    return years * 365 + leapDays + dayOfYear - 719_468
}
