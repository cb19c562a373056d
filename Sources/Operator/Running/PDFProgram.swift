// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import FoundationEssentials
internal import Mail

/// The program that reads PDFs: it is installed beside this one.
enum PDFProgram {
    static let name = "mutabik-pdf"

    /// Where it is; nil when this program cannot tell where it is itself, or nothing is there.
    static var path: String? {
        guard
            let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let slash = own.lastIndex(of: "/")
        else { return nil }
        let path = own[...slash] + name
        return FileManager.default.isExecutableFile(atPath: String(path)) ? String(path) : nil
    }

    /// Reads the PDFs of mails. Without the program each of them is unreadable, and its mail goes
    /// to a person.
    static func reader() -> @Sendable (PDFAttachment) -> PDFText {
        guard let path else { return { _ in .unreadable } }
        let reader = PDFReader(program: path)
        return { reader.read($0.bytes) }
    }
}
