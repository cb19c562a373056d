// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One mail out of a saved mailbox.
package struct SavedMail: Sendable, Equatable {
    /// Where it stood: `season.mbox#12` (counted from 1), or the file's name.
    package var label: String
    /// The bytes, with the mbox quoting taken back.
    package var raw: [UInt8]
    /// The bytes as they stood in the mbox, if they were other ones. Not every dialect quotes a
    /// line that has its `>` already: only the mail's signature can tell which bytes are right.
    package var asWritten: [UInt8]?
    /// True when the mail was over the limit; `raw` is then its first 256 KiB.
    package var isTruncated: Bool
    /// How far the reading is, against `SavedMailbox.totalBytes`.
    package var bytesReadSoFar: Int64

    package init(
        label: String, raw: [UInt8], asWritten: [UInt8]? = nil, isTruncated: Bool,
        bytesReadSoFar: Int64
    ) {
        self.label = label
        self.raw = raw
        self.asWritten = asWritten
        self.isTruncated = isTruncated
        self.bytesReadSoFar = bytesReadSoFar
    }
}

/// A file or folder of saved mail, read one mail at a time in flat memory.
///
///     var mailbox = try SavedMailbox(path: "season.mbox")
///     while let mail = try mailbox.next() { … }
///
/// After an error `next` may be called again: it goes on with the next file.
package struct SavedMailbox: ~Copyable {
    /// Of a mail over the limit so much is kept; the same as from a server.
    static let beginningBytes = 256 << 10

    /// The size of everything in bytes; nil for standard input.
    package let totalBytes: Int64?

    private let mailBytesMax: Int
    private var files: ArraySlice<SavedFile>
    private var current: SavedFileReader?
    /// Bytes of the files that are done.
    private var bytesDone: Int64 = 0

    /// Opens an mbox, a Maildir, an .eml file, a folder of .eml or .mbox files or of mailboxes
    /// without an ending, as Thunderbird keeps them, or `-` for standard input (an mbox or one
    /// mail). Each file may be compressed with gzip.
    ///
    /// - Parameter mailBytesMax: a larger mail comes cut off and marked.
    package init(path: String, mailBytesMax: Int = 25 << 20) throws(MailboxError) {
        let files = try SavedFile.find(path)
        self.files = files[...]
        self.mailBytesMax = mailBytesMax
        totalBytes = path == "-" ? nil : files.reduce(0) { $0 + $1.sizeBytes }
    }

    /// The next mail, nil at the end.
    package mutating func next() throws(MailboxError) -> SavedMail? {
        while true {
            if current == nil {
                guard let file = files.popFirst() else { return nil }
                current = try SavedFileReader(file, mailBytesMax: mailBytesMax)
            }
            guard let reader = current else { return nil }
            do {
                if var mail = try reader.next() {
                    mail.bytesReadSoFar += bytesDone
                    return mail
                }
            } catch {
                finish(reader)
                throw error
            }
            finish(reader)
        }
    }

    private mutating func finish(_ reader: SavedFileReader) {
        bytesDone += reader.bytesRead
        current = nil
    }
}

/// A file that holds one mail or many.
struct SavedFile: Equatable, Sendable {
    var path: String
    var label: String
    var sizeBytes: Int64

    /// The files behind a path, in the order of their names.
    static func find(_ path: String) throws(MailboxError) -> [SavedFile] {
        if path == "-" { return [SavedFile(path: path, label: "-", sizeBytes: 0)] }
        var info = stat()
        guard stat(path, &info) == 0 else { throw MailboxError(opening: path, errno) }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard info.st_mode & S_IFMT == S_IFDIR else {
            return [SavedFile(path: path, label: name, sizeBytes: Int64(info.st_size))]
        }
        let files =
            if isMaildir(path) {
                try list(path + "/new", label: name + "/new/")
                    + list(path + "/cur", label: name + "/cur/")
            } else {
                try list(path, label: "").filter { $0.hasMailName || $0.isNamelessMbox }
            }
        guard !files.isEmpty || isMaildir(path) else {
            throw MailboxError(
                operation: "open", subject: name, cause: "no mail in this folder",
                hint: "a folder holds .eml or .mbox files, or is a Maildir with cur and new")
        }
        return files.sorted { ($0.fileName, $0.path) < ($1.fileName, $1.path) }
    }

    private var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    private var hasMailName: Bool {
        var name = fileName.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        return name.hasSuffix(".eml") || name.hasSuffix(".mbox") || name == "mbox"
    }

    /// No ending in the name, and the first bytes of an mbox.
    private var isNamelessMbox: Bool {
        guard !fileName.utf8.contains(UInt8(ascii: ".")) else { return false }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 5)
        return read(file, &bytes, bytes.count) == bytes.count
            && bytes.elementsEqual("From ".utf8)
    }

    private static func isMaildir(_ path: String) -> Bool {
        ["new", "cur"].contains { part in
            var info = stat()
            return stat("\(path)/\(part)", &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
        }
    }

    /// The plain files of a folder that are not hidden; a missing folder has none.
    private static func list(_ folder: String, label: String) throws(MailboxError) -> [SavedFile] {
        guard let handle = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw MailboxError(opening: folder, errno)
        }
        defer { closedir(handle) }
        var files: [SavedFile] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var info = stat()
            guard stat("\(folder)/\(name)", &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            files.append(
                SavedFile(
                    path: "\(folder)/\(name)", label: label + name,
                    sizeBytes: Int64(info.st_size)))
        }
        return files
    }
}

extension MailboxError {
    init(opening path: String, _ code: Int32) {
        self.init(
            operation: "open", subject: path, cause: String(cString: strerror(code)),
            hint: code == EACCES ? "give the agent's user the right to read it" : nil)
    }
}
