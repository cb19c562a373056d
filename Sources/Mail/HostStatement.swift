// SPDX-License-Identifier: Apache-2.0

/// What the mail host that took the mail in says about it in its Authentication-Results field.
///
///     mx.google.com; dkim=pass header.i=@bank.example header.s=s1; spf=pass …; dmarc=pass …
///
/// Source: RFC 8601 §2.2.
package struct HostStatement: Hashable, Sendable {
    /// The result of one method.
    package struct Entry: Hashable, Sendable {
        /// `dkim`, `spf`, `dmarc`, …
        package let method: String
        /// `pass`, `fail`, `none`, …
        package let result: String
        /// `header.d` → `bank.example`; names and values in lower case.
        package let properties: [String: String]

        /// One result, names in lower case.
        package init(method: String, result: String, properties: [String: String]) {
            self.method = method
            self.result = result
            self.properties = properties
        }
    }

    /// The host's own name for itself, lower case.
    package let authserv: String
    /// The results in the order of the field.
    package let entries: [Entry]

    /// A statement as it is given.
    package init(authserv: String, entries: [Entry]) {
        self.authserv = authserv
        self.entries = entries
    }

    /// The signing domains of which the host says `dkim=pass`.
    var passedDomains: [String] {
        entries.filter { $0.method == "dkim" && $0.result == "pass" }.compactMap { entry in
            if let domain = entry.properties["header.d"] { return domain }
            guard let identity = entry.properties["header.i"],
                let at = identity.lastIndex(of: "@")
            else { return nil }
            return String(identity[identity.index(after: at)...])
        }
    }

    /// Bytes of one field that are read; those of large providers stay below 2 KB.
    private static let bytesMax = 16 * 1024
    /// Results in one field.
    private static let entriesMax = 50

    /// Nil when the field breaks the syntax before the first result.
    ///
    /// - Parameter behindInstance: it is an ARC-Authentication-Results field, which begins with the
    ///   number of its instance (RFC 8617 §4.1.1).
    init?(_ bytes: ArraySlice<UInt8>, behindInstance: Bool = false) {
        guard bytes.count <= Self.bytesMax, var groups = Self.groups(bytes) else { return nil }
        if behindInstance { groups.removeFirst() }
        guard let authserv = groups.first?.first, groups[0].count <= 2 else { return nil }
        self.authserv = authserv
        entries = Self.sound(groups.dropFirst()).prefix(Self.entriesMax).compactMap(Self.entry)
    }

    /// Without what a sender may have made up. A host that leaves out the quotes of an address such
    /// as `"a;dkim=pass header.d=bank.example;x"@his.example` cuts it in pieces that look like
    /// findings, and the rest of it comes behind them. So behind an address only what no further
    /// address follows is the host's own word.
    private static func sound(_ groups: ArraySlice<[String]>) -> ArraySlice<[String]> {
        var end = groups.firstIndex(where: isCut) ?? groups.endIndex
        let address = groups.firstIndex { $0.contains { $0.hasPrefix("smtp.") } }
        if let address, groups[(address + 1)...].contains(where: namesSomebody) {
            end = min(end, address + 1)
        }
        return groups[..<end]
    }

    /// Whether the identity of a signature, which its signer chose, ends before its domain, or is
    /// of another one than the signature (RFC 6376 §3.5).
    private static func isCut(_ group: [String]) -> Bool {
        guard let found = entry(group), let identity = found.properties["header.i"] else {
            return false
        }
        guard let signer = found.properties["header.d"] else { return !identity.contains("@") }
        return !Domains.covers(signer, identity.split(separator: "@").last.map(String.init) ?? "")
    }

    /// Whether there is an address, or the end of one. The identity of a signature may have nothing
    /// before the at sign.
    private static func namesSomebody(_ group: [String]) -> Bool {
        joined(group).contains { $0.contains("@") && !$0.hasPrefix("header.i=@") }
    }

    /// The words of each part between semicolons, in lower case, without comments and quotes.
    private static func groups(_ bytes: ArraySlice<UInt8>) -> [[String]]? {
        var groups: [[String]] = [[]]
        var word: [UInt8] = []
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        func endWord() {
            guard !word.isEmpty else { return }
            groups[groups.count - 1].append(
                String(decoding: word.map(ASCII.lower), as: UTF8.self))
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            if isEscaped {
                if depth == 0 { word.append(byte) }
                isEscaped = false
            } else if byte == 92, isQuoted || depth > 0 {
                isEscaped = true
            } else if isQuoted {
                if byte == 34 { isQuoted = false } else { word.append(byte) }
            } else if byte == 40 {
                depth += 1
                endWord()
            } else if byte == 41, depth > 0 {
                depth -= 1
            } else if depth > 0 {
                continue
            } else if byte == 34 {
                isQuoted = true
            } else if byte == ASCII.semicolon {
                endWord()
                groups.append([])
            } else if ASCII.isFolding(byte) {
                endWord()
            } else {
                word.append(byte)
            }
        }
        endWord()
        return isQuoted || depth > 0 ? nil : groups
    }

    /// Blanks may stand around an equals sign.
    private static func joined(_ words: [String]) -> [String] {
        var joined: [String] = []
        for word in words {
            if let last = joined.last, last.hasSuffix("=") || word.hasPrefix("=") {
                joined[joined.count - 1] = last + word
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    /// `dkim=pass header.d=bank.example`.
    private static func entry(_ words: [String]) -> Entry? {
        let pairs = joined(words).map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        guard let first = pairs.first, first.count == 2 else { return nil }
        var properties: [String: String] = [:]
        for pair in pairs.dropFirst() where pair.count == 2 {
            // Said twice is said badly: the first word stands.
            if properties[pair[0]] == nil { properties[pair[0]] = pair[1] }
        }
        let method = first[0].split(separator: "/").first.map(String.init) ?? first[0]
        return Entry(method: method, result: first[1], properties: properties)
    }
}
