// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Glibc

/// A private, real Dovecot on loopback, set up by `scripts/dovecot-private`.
///
/// It ends with this object, and also when the test process dies: the script stops the server as
/// soon as its standard input closes.
package final class Dovecot {
    /// Why the server could not be started or asked.
    package struct Failure: Error, CustomStringConvertible { package var description: String }

    package let folder: URL
    /// Plain and STARTTLS.
    package private(set) var port: UInt16 = 0
    package private(set) var tlsPort: UInt16 = 0
    package let user = "inbox"
    package let password = "sesame"
    /// The authority that signed the server's certificate.
    package var caFile: String { folder.appendingPathComponent("ca.pem").path }
    package let host: String
    /// Where the server lives when it is not this machine's own network.
    private let network: FarNetwork?

    private var process: Process?
    private var leash: Pipe?
    private var delivered = 0

    /// - Parameters:
    ///   - network: the server is started in there.
    ///   - introspect: takes OAuth 2 tokens instead of the password, and asks this address, with
    ///     the token appended, whether they are good.
    ///   - mechanisms: how tokens may be shown.
    package init(
        in network: FarNetwork? = nil, introspect: String? = nil,
        mechanisms: String = "xoauth2 oauthbearer"
    ) throws {
        self.network = network
        host = network?.farAddress ?? "localhost"
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("dovecot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let introspect {
            try Data(introspect.utf8).write(to: folder.appendingPathComponent("introspect"))
            try Data(mechanisms.utf8).write(to: folder.appendingPathComponent("mechanisms"))
        }
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - The server

    /// Starts the server again on the same ports.
    package func start() throws {
        let process = Process()
        let (leash, output) = (Pipe(), Pipe())
        let command = (network?.command ?? []) + [Self.script.path, "run", folder.path]
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        if let network {
            process.environment = ProcessInfo.processInfo.environment
                .merging(["DOVECOT_ADDRESS": network.farAddress]) { $1 }
        }
        process.standardInput = leash
        process.standardOutput = output
        try process.run()
        self.process = process
        self.leash = leash
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let ports = line.split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
        guard line.hasPrefix("ready"), ports.count == 2 else {
            throw Failure(description: "dovecot does not start: \(line)")
        }
        (port, tlsPort) = (ports[0], ports[1])
    }

    /// Ends the server and its sessions; the mail stays.
    package func stop() {
        try? leash?.fileHandleForWriting.close()
        process?.waitUntilExit()
        (process, leash) = (nil, nil)
    }

    package func restart() throws {
        stop()
        try start()
    }

    /// Sends a signal to each session process; returns how many there were.
    @discardableResult
    package func signalSessions(_ signal: Int32) -> Int {
        let sessions = self.sessions
        for session in sessions { kill(session, signal) }
        return sessions.count
    }

    /// The process ids of the server's IMAP sessions.
    package var sessions: [pid_t] {
        let master = folder.appendingPathComponent("run/master.pid")
        guard let text = try? String(contentsOf: master, encoding: .utf8),
            let master = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc")
        else { return [] }
        return names.compactMap { pid_t($0) }.filter { pid in
            // "1234 (imap) S 1200 …", proc(5)
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                stat.contains("(imap)"), let end = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 1 && pid_t(fields[1]) == master
        }
    }

    // MARK: - Mail

    /// Delivers a mail the way a mail server does: written aside, then renamed.
    ///
    /// - Parameter box: a folder beside INBOX, made when it is not there.
    package func deliver(_ raw: some Sequence<UInt8>, to box: String? = nil) throws {
        delivered += 1
        let name = "\(Int(Date().timeIntervalSince1970)).\(UUID().uuidString)_\(delivered).test"
        // Maildir++: folders are siblings with a dot.
        let maildir = folder.appendingPathComponent(box.map { "mail/.\($0)" } ?? "mail")
        if box != nil { try makeMaildir(maildir) }
        let aside = maildir.appendingPathComponent("tmp/\(name)")
        try Data(raw).write(to: aside)
        giveAway(aside)
        let there = maildir.appendingPathComponent("new/\(name)")
        guard rename(aside.path, there.path) == 0 else {
            throw Failure(description: "the mail cannot be renamed: \(errno)")
        }
    }

    /// A mail as it lies in a folder.
    package struct Lying {
        package var raw: Data
        /// Maildir's letters: `S` seen, `F` flagged, `a` the first keyword …
        package var flags: String
    }

    /// The mails of a folder beside INBOX, or of INBOX itself.
    package func mails(in box: String? = nil) -> [Lying] {
        let maildir = folder.appendingPathComponent(box.map { "mail/.\($0)" } ?? "mail")
        return ["new", "cur"].flatMap { part in
            let files =
                (try? FileManager.default.contentsOfDirectory(
                    at: maildir.appendingPathComponent(part), includingPropertiesForKeys: nil))
                ?? []
            return files.compactMap { file -> Lying? in
                guard let raw = try? Data(contentsOf: file) else { return nil }
                let name = file.lastPathComponent
                let flags = name.range(of: ":2,").map { String(name[$0.upperBound...]) }
                return Lying(raw: raw, flags: flags ?? "")
            }
        }
    }

    /// The keywords of a folder, in the order of their letters.
    package func keywords(in box: String? = nil) -> [String] {
        let file = folder.appendingPathComponent(
            (box.map { "mail/.\($0)" } ?? "mail") + "/dovecot-keywords")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            line.split(separator: " ").last.map(String.init)
        }
    }

    /// The list of capabilities that the server tells instead of its own; it is started anew.
    package func tell(capability: String) throws {
        stop()
        try Data(capability.utf8).write(to: folder.appendingPathComponent("capability"))
        try start()
    }

    private func makeMaildir(_ maildir: URL) throws {
        for part in ["", "tmp", "new", "cur"] {
            let folder = maildir.appendingPathComponent(part)
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            giveAway(folder)
        }
    }

    /// To the user that the server runs as.
    private func giveAway(_ file: URL) {
        guard getuid() == 0, let nobody = getpwnam("nobody") else { return }
        chown(file.path, nobody.pointee.pw_uid, nobody.pointee.pw_gid)
    }

    package func deliver(_ text: String) throws { try deliver(text.utf8) }

    /// Removes the mails whose bytes fulfil the condition, as another mail program would.
    package func remove(where isUnwanted: (Data) -> Bool) throws {
        for part in ["new", "cur"] {
            let folder = folder.appendingPathComponent("mail/\(part)")
            for file in try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            where isUnwanted(try Data(contentsOf: file)) {
                try FileManager.default.removeItem(at: file)
            }
        }
    }

    /// A mail that the server has numbered and does not show.
    package struct HiddenMail {
        var line: String
        var content: Data
        var file: String
    }

    /// Has the server give each mail its UID.
    package func number() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "doveadm", "-c", folder.appendingPathComponent("dovecot.conf").path, "mailbox",
            "status", "-u", user, "uidnext", "INBOX",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "doveadm fails") }
    }

    /// Takes a mail away as if it had never been there; its number stays free.
    package func hide(uid: Int) throws -> HiddenMail {
        stop()
        defer { try? start() }
        var lines = try uidList.components(separatedBy: "\n")
        guard let index = lines.firstIndex(where: { $0.hasPrefix("\(uid) ") }) else {
            throw Failure(description: "no mail has the number \(uid)")
        }
        let line = lines.remove(at: index)
        // "2 :1795332878.M1P2.host", perhaps with "S45" and the like before the colon.
        let name = line.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        for part in ["new", "cur"] {
            let directory = folder.appendingPathComponent("mail/\(part)")
            for file in try FileManager.default.contentsOfDirectory(atPath: directory.path)
            where file.hasPrefix(name) {
                let path = directory.appendingPathComponent(file)
                let hidden = HiddenMail(
                    line: line, content: try Data(contentsOf: path), file: "\(part)/\(file)")
                try FileManager.default.removeItem(at: path)
                try writeUIDList(lines)
                return hidden
            }
        }
        throw Failure(description: "the mail with the number \(uid) has no file")
    }

    /// Shows it again under its old number.
    package func show(_ mail: HiddenMail) throws {
        stop()
        let path = folder.appendingPathComponent("mail/\(mail.file)")
        try mail.content.write(to: path)
        giveAway(path)
        var lines = try uidList.components(separatedBy: "\n").filter { !$0.isEmpty }
        let uid = Int(mail.line.prefix { $0 != " " }) ?? 0
        let index =
            lines.dropFirst().firstIndex { Int($0.prefix { $0 != " " }) ?? 0 > uid } ?? lines.count
        lines.insert(mail.line, at: index)
        try writeUIDList(lines + [""])
        try start()
    }

    private var uidList: String {
        get throws {
            try String(
                contentsOf: folder.appendingPathComponent("mail/dovecot-uidlist"), encoding: .utf8)
        }
    }

    /// Without the server's memory of what it has shown.
    private func writeUIDList(_ lines: [String]) throws {
        let mail = folder.appendingPathComponent("mail")
        for name in try FileManager.default.contentsOfDirectory(atPath: mail.path)
        where name.hasPrefix("dovecot.index") {
            try FileManager.default.removeItem(at: mail.appendingPathComponent(name))
        }
        let list = mail.appendingPathComponent("dovecot-uidlist")
        try lines.joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
        giveAway(list)
    }

    /// Makes the server number all mails anew, under another UIDVALIDITY. Stops and starts it.
    package func resetUIDValidity() throws {
        stop()
        let mail = folder.appendingPathComponent("mail")
        let old = uidValidity
        for name in try FileManager.default.contentsOfDirectory(atPath: mail.path)
        where name.hasPrefix("dovecot") {
            try FileManager.default.removeItem(at: mail.appendingPathComponent(name))
        }
        // Dovecot takes the time in seconds for the new number.
        while Int(Date().timeIntervalSince1970) <= old { usleep(50_000) }
        try start()
    }

    /// `3 V1795332878 N4 G…`: the first line of Dovecot's list of UIDs.
    private var uidValidity: Int {
        let list = folder.appendingPathComponent("mail/dovecot-uidlist")
        let text = (try? String(contentsOf: list, encoding: .utf8)) ?? ""
        let word = text.prefix { $0 != "\n" }.split(separator: " ").first { $0.hasPrefix("V") }
        return word.flatMap { Int($0.dropFirst()) } ?? Int(Date().timeIntervalSince1970)
    }

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("scripts/dovecot-private")
}
