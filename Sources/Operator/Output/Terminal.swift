// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Rules

/// Standard output and standard error, as the one who reads them wants them.
enum Terminal {
    static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
    static let isInputTerminal = isatty(STDIN_FILENO) == 1
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1

    /// Colours are for terminals, and for those who did not ask for none (no-color.org).
    static let paints: Bool = {
        guard isOutputTerminal else { return false }
        return ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty ?? true
    }()

    /// Writes all of it, or stops in silence when nobody reads any more (a closed pipe).
    static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
        write(bytes: Array(text.utf8), to: descriptor)
    }

    /// The same with bytes of any kind.
    static func write(bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
        bytes.withUnsafeBufferPointer { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while rest.count > 0 {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }

    static func line(_ text: String) { write(text + "\n") }

    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// The width in columns of the terminal that shows standard error; 80 when nobody knows.
    static var errorColumns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Text in a colour, when standard output is a terminal that wants colours.
    static func painted(_ text: String, _ colour: Colour, on: Bool = paints) -> String {
        on ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    enum Colour: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "36"
        case magenta = "35"
        case inverse = "7"
    }
}

/// Messages for people are Turkish or English, by the locale of the one who calls.
enum Language: Sendable {
    case turkish, english

    init(environment: [String: String]) {
        let locale =
            ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty } ?? ""
        self = locale.hasPrefix("tr") ? .turkish : .english
    }

    /// Of the one who started this process.
    static var ofProcess: Language { Language(environment: ProcessInfo.processInfo.environment) }

    func pick(_ english: String, _ turkish: String) -> String {
        self == .turkish ? turkish : english
    }

    /// Why a mail was read as it was, which readings say in English.
    func explanation(_ text: String) -> String {
        self == .turkish ? Phrasebook.turkish(text) : text
    }
}
