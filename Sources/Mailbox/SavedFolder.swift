// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that holds one mail or many.
struct SavedFile: Equatable, Sendable {
    var path: String
    var label: String
    var sizeBytes: Int64
    /// The path that was asked for, not one out of a folder: nobody wants nothing from it.
    var isNamed = false

    fileprivate var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What is to be done with a file of a folder.
    fileprivate enum Kind { case mail, unreadable, other }

    fileprivate var kind: Kind {
        var name = fileName.lowercased()[...]
        if name.hasSuffix(".gz") { name.removeLast(3) }
        // MH keeps each mail in a file with a number for a name.
        let isNumber = name.allSatisfy { $0.isASCII && $0.isNumber }
        if isNumber || name == "mbox" || name.hasSuffix(".eml") || name.hasSuffix(".mbox")
            || beginsLikeMbox
        {
            return .mail
        }
        let ending = fileName.lowercased().split(separator: ".").dropFirst().last
        return ending.map { Self.unreadableEndings.contains(String($0)) } == true
            ? .unreadable : .other
    }

    /// Of mails in a form of one program, and of what mails are often packed into.
    private static let unreadableEndings: Set<String> = [
        "emlx", "msg", "mbx", "dbx", "pst", "ost", "olm",
        "zip", "tar", "tgz", "gz", "bz2", "xz", "zst", "7z", "rar",
    ]

    private var beginsLikeMbox: Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 5)
        return read(file, &bytes, bytes.count) == bytes.count
            && bytes.elementsEqual("From ".utf8)
    }
}

/// Looks for the files of a saved mailbox, in folders within folders too: Thunderbird keeps them in
/// `Inbox.sbd`, Maildir++ in `.Bank`, and whoever sorts `.eml` files makes his own.
///
/// - Source: https://www.courier-mta.org/imap/README.maildirquota.html (Maildir++)
struct SavedFolder {
    /// Folders within each other; nobody sorts his mail that finely.
    static let depthMax = 32

    private(set) var files: [SavedFile] = []
    /// What was there and not looked at.
    private(set) var unread: [MailboxError] = []

    /// The files behind a path, in the order of their names.
    static func find(
        _ path: String
    ) throws(MailboxError) -> (files: [SavedFile], unread: [MailboxError]) {
        if path == "-" {
            return ([SavedFile(path: path, label: "-", sizeBytes: 0, isNamed: true)], [])
        }
        var info = stat()
        guard stat(path, &info) == 0 else { throw MailboxError(opening: path, errno) }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard info.st_mode & S_IFMT == S_IFDIR else {
            let size = Int64(info.st_size)
            return ([SavedFile(path: path, label: name, sizeBytes: size, isNamed: true)], [])
        }
        var folder = SavedFolder()
        let isMaildir = isMaildir(path)
        try folder.walk(path, label: isMaildir ? name + "/" : "", depth: 0)
        guard isMaildir || !folder.files.isEmpty || !folder.unread.isEmpty else {
            throw MailboxError(
                operation: "open", subject: name, cause: "no mail in this folder",
                hint: "a folder holds .eml or .mbox files, or is a Maildir with cur and new")
        }
        let files = folder.files.sorted { ($0.fileName, $0.path) < ($1.fileName, $1.path) }
        return (files, folder.unread)
    }

    private mutating func walk(
        _ path: String, label: String, depth: Int
    ) throws(MailboxError) {
        guard depth < Self.depthMax else {
            throw MailboxError(
                operation: "open", subject: label, cause: "too many folders within each other")
        }
        let isMaildir = Self.isMaildir(path)
        let entries = try Self.entries(path)
        for name in entries.sorted() {
            let inner = "\(path)/\(name)"
            var info = stat()
            guard stat(inner, &info) == 0 else {
                if !name.hasPrefix(".") { unread.append(MailboxError(opening: inner, errno)) }
                continue
            }
            let file = SavedFile(
                path: inner, label: label + name, sizeBytes: Int64(info.st_size))
            switch info.st_mode & S_IFMT {
            case S_IFREG where !isMaildir && !name.hasPrefix("."):
                switch file.kind {
                case .mail: files.append(file)
                case .unreadable: unread.append(Self.unreadable(file))
                case .other: break
                }
            case S_IFDIR where isMaildir && (name == "new" || name == "cur"):
                visit { folder throws(MailboxError) in
                    try folder.takeAll(in: inner, label: label + name + "/")
                }
            case S_IFDIR where isMaildir && name == "tmp": break
            // Hidden folders are a program's own, but for those of a Maildir++.
            case S_IFDIR where !name.hasPrefix(".") || Self.isMaildir(inner):
                guard !Self.isLink(inner) else {
                    unread.append(
                        MailboxError(
                            operation: "open", subject: label + name,
                            cause: "a link to another folder is not followed"))
                    continue
                }
                visit { folder throws(MailboxError) in
                    try folder.walk(inner, label: label + name + "/", depth: depth + 1)
                }
            default: break
            }
        }
    }

    /// One folder that cannot be opened does not keep the others from being read.
    private mutating func visit(_ body: (inout SavedFolder) throws(MailboxError) -> Void) {
        do throws(MailboxError) { try body(&self) } catch { unread.append(error) }
    }

    private static func unreadable(_ file: SavedFile) -> MailboxError {
        MailboxError(
            operation: "read", subject: file.label, cause: "neither a mail nor an mbox",
            hint: "save what is in it as .eml or as an mbox")
    }

    /// Takes the mails of a Maildir's `new` or `cur`.
    private mutating func takeAll(in path: String, label: String) throws(MailboxError) {
        for name in try Self.entries(path) where !name.hasPrefix(".") {
            var info = stat()
            guard stat("\(path)/\(name)", &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            files.append(
                SavedFile(
                    path: "\(path)/\(name)", label: label + name,
                    sizeBytes: Int64(info.st_size)))
        }
    }

    private static func isMaildir(_ path: String) -> Bool {
        ["new", "cur"].contains { part in
            var info = stat()
            return stat("\(path)/\(part)", &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
        }
    }

    private static func isLink(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
    }

    /// The names in a folder, but for itself and the one around it.
    private static func entries(_ path: String) throws(MailboxError) -> [String] {
        guard let handle = opendir(path) else { throw MailboxError(opening: path, errno) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
