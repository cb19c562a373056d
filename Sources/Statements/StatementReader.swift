// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// The door of the room: the bytes of a file become statements.
package enum StatementReader {
    /// What the file holds, by what its beginning looks like: `<` is CAMT.053, `:20:` MT940, and
    /// everything else CSV, which needs a mapping.
    ///
    /// - Parameters:
    ///   - mapping: how the columns of a CSV are called; of the others only its forms of
    ///     descriptions count.
    ///   - account: whose statement it is, where neither file nor mapping says.
    ///   - today: a line that was booked long before or after it was misread; nil asks nothing.
    /// - Throws: `StatementError`, which names the place and what to do.
    package static func read(
        _ bytes: [UInt8], mapping: StatementMapping?, account: String? = nil,
        today: BankDay? = nil
    ) throws(StatementError) -> [Statement] {
        guard bytes.count <= StatementLimits.fileBytesMax else {
            throw StatementError(
                "read", "the file has more than \(StatementLimits.fileBytesMax >> 20) MiB",
                hint: "export fewer days")
        }
        guard bytes.contains(where: { $0 > 32 }) else {
            throw StatementError("read", "the file is empty", hint: "export it again")
        }
        var statements =
            switch format(of: bytes) {
            case .camt: try CAMTReader.read(bytes)
            case .mt940: try MT940Reader.read(StatementText.lines(bytes, charset: nil))
            case .csv: try CSVStatementReader.read(bytes, mapping)
            }
        for index in statements.indices {
            statements[index].finish(with: mapping, account)
        }
        if let today { try check(statements, today) }
        return statements
    }

    /// A bank may date what it books on a holiday after it.
    private static let daysAhead = 7
    /// Banks keep books for ten years; older lines are misread.
    private static let daysBack = 3_660

    /// One line of an impossible day tells that all may be read wrongly: the month for the day, or
    /// the year.
    private static func check(
        _ statements: [Statement], _ today: BankDay
    ) throws(StatementError) {
        for line in statements.lazy.flatMap(\.lines) {
            let ahead = line.booked.number - today.number
            if ahead > daysAhead {
                throw StatementError(
                    "read", line: line.row, "the day \(line.booked) is yet to come",
                    hint: "compare dates of the mapping, and the clock of this machine")
            }
            if ahead < -daysBack {
                throw StatementError(
                    "read", line: line.row, "the day \(line.booked) is more than ten years ago",
                    hint: "compare dates of the mapping with the file")
            }
        }
    }

    /// By the beginning alone; never fails.
    static func format(of bytes: [UInt8]) -> Statement.Format {
        var head = bytes.prefix(4096)[...]
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { head = head.dropFirst(3) }
        head = head.drop { $0 <= 32 }
        // UTF-16, as some write XML: a mark, and then `<` with a zero beside it.
        if head.starts(with: [0xFF, 0xFE, 0x3C]) || head.starts(with: [0xFE, 0xFF, 0x00, 0x3C]) {
            return .camt
        }
        if head.first == UInt8(ascii: "<") { return .camt }
        let text = String(decoding: head, as: UTF8.self)
        let isSWIFT = text.split(whereSeparator: \.isNewline).prefix(8).contains {
            $0.hasPrefix(":20:") || $0.hasPrefix("{1:")
        }
        return isSWIFT ? .mt940 : .csv
    }
}

extension Statement {
    /// What is the same for all formats: descriptions taken apart, balances compared.
    fileprivate mutating func finish(with mapping: StatementMapping?, _ other: String?) {
        for index in lines.indices {
            lines[index].takeApart(mapping?.descriptions ?? [])
        }
        account = account ?? mapping?.account?.text ?? other
        if account == nil { warnings.append(.noAccount) }
        if isBalanced == false { warnings.append(.balanceDiffers) }
        if let mapping, mapping.isDraft { warnings.append(.draftMapping(mapping.name)) }
    }
}

extension StatementLine {
    /// The first form that fits says who paid and what their own words were.
    fileprivate mutating func takeApart(_ forms: [DescriptionForm]) {
        guard let description else { return }
        for form in forms {
            guard let parts = form.read(description) else { continue }
            counterparty = counterparty ?? parts.payer
            reference = reference ?? parts.number
            self.description = parts.text
            return
        }
    }
}
