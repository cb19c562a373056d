// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Writes a season to files: registrations, mails, and the keys to verify them with.
package enum SampleFiles {
    /// How the mails are put into files.
    package enum Layout: String, Sendable, CaseIterable {
        /// One file `season.mbox`, mboxrd quoting, line ends as on this system.
        case mbox
        /// A folder `Maildir` with `new`, `cur` and `tmp`; the mails keep CRLF.
        case maildir
    }

    /// Writes `registrations.csv`, `keys.tsv` and the mails into a folder, which is made.
    ///
    /// - Parameter attacks: mails that must approve nobody come after the last transfer.
    package static func write(
        _ season: SampleSeason, bank: SampleBank, attacks: Bool = false, as layout: Layout,
        to folder: String
    ) throws(SandboxError) {
        let mails = season.mails(attacks: attacks)
        try make(folder)
        try write(Array(season.csv.utf8), to: "\(folder)/registrations.csv")
        try write(Array(bank.keyFile.utf8), to: "\(folder)/keys.tsv")
        switch layout {
        case .mbox: try writeMbox(mails, bank, to: "\(folder)/season.mbox")
        case .maildir: try writeMaildir(mails, bank, to: "\(folder)/Maildir")
        }
    }

    private static func writeMbox(
        _ mails: [SampleSeason.Mail], _ bank: SampleBank, to path: String
    ) throws(SandboxError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed(path) }
        defer { close(file) }
        for mail in mails {
            let seconds = Int(mail.transfer.occurredAt.timeIntervalSince1970)
            try append(
                quoted(
                    try bank.mail(mail.transfer, mail.variant), bank: mail.transfer.bank,
                    seconds: seconds),
                to: file, path)
        }
    }

    /// A mail as mboxrd keeps it: a `From ` line before, `>` before lines that look like one.
    static func quoted(_ mail: [UInt8], bank: SampleBank.Bank, seconds: Int) -> [UInt8] {
        let civil = CivilTime(secondsSince1970: seconds, offset: 0)
        var out = Array(
            "From \(bank.mailbox)@\(bank.domain) \(civil.asctime)\n".utf8)
        out.reserveCapacity(mail.count + 128)
        for line in mail.split(separator: 10, omittingEmptySubsequences: false) {
            let plain = line.last == 13 ? line.dropLast() : line
            if plain.drop(while: { $0 == 62 }).starts(with: Array("From ".utf8)) { out.append(62) }
            out += plain
            out.append(10)
        }
        return out
    }

    private static func writeMaildir(
        _ mails: [SampleSeason.Mail], _ bank: SampleBank, to folder: String
    ) throws(SandboxError) {
        for name in ["", "/new", "/cur", "/tmp"] { try make(folder + name) }
        for (index, mail) in mails.enumerated() {
            let seconds = Int(mail.transfer.occurredAt.timeIntervalSince1970)
            // Names sort as the mails arrived.
            let number = String(1_000_000 + index).dropFirst()
            try write(
                try bank.mail(mail.transfer, mail.variant),
                to: "\(folder)/new/\(seconds).N\(number).sample")
        }
    }

    // MARK: - Files

    private static func make(_ folder: String) throws(SandboxError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failed(folder) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SandboxError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed(path) }
        defer { close(file) }
        try append(bytes, to: file, path)
    }

    private static func append(
        _ bytes: [UInt8], to file: Int32, _ path: String
    ) throws(SandboxError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failed(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func failed(_ path: String) -> SandboxError {
        SandboxError(
            operation: "write", subject: path, cause: String(cString: strerror(errno)),
            hint: "Name a folder that may be written to.")
    }
}
