// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import Mail

/// Bytes of a mail → a mail of the same form without personal data.
///
/// Parts, charsets and encodings stay; texts, names, numbers, addresses and links are replaced by
/// invented ones (`TextAnonymizer`). Headers that are not needed to read the mail are dropped, and
/// so are pictures, PDFs and other files whose insides cannot be rewritten.
package struct MailAnonymizer: Sendable {
    /// What became of a mail.
    package struct Result: Sendable {
        /// The mail; its lines end as those of the original did.
        package let raw: [UInt8]
        /// Names of the headers that were left out, in their order and once each.
        package let droppedHeaders: [String]
        /// Media types of the files that were left out.
        package let droppedParts: [String]
    }

    private static let keptHeaders: Set<String> = [
        "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "mime-version",
        "content-type", "content-transfer-encoding", "content-disposition", "content-id",
        "content-language", "in-reply-to", "references",
    ]
    /// Where people have their mail; a notice from there is a person's.
    private static let freeHosts: Set<String> = [
        "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "live.com", "yahoo.com",
        "yandex.com", "yandex.com.tr", "icloud.com", "me.com", "mynet.com", "msn.com", "proton.me",
        "protonmail.com", "gmx.de", "gmx.net", "web.de", "aol.com", "mail.com", "ttmail.com",
    ]
    private static let depthMax = 20

    /// Whether people have their mail at this domain: it signs for all of them.
    static func isFreeHost(_ domain: String) -> Bool { freeHosts.contains(domain.lowercased()) }

    /// A sender that is somebody's own address: at a host where people have their mail, or named
    /// after the person and not after the house (`Elif Karaca <elif.karaca@firma.example>`).
    static func isPerson(_ sender: MailAddress) -> Bool {
        if isFreeHost(sender.domain) { return true }
        let local = sender.localPart.turkishFolded()
        let domain = sender.domain.turkishFolded()
        return sender.displayName.split { !$0.isLetter }.contains { word in
            let word = String(word).turkishFolded()
            return word.utf8.count >= 3 && local.contains(word) && !domain.contains(word)
                && !Vocabulary.common.contains(word)
        }
    }

    private let seed: UInt64
    private let vocabulary: Set<String>
    private let values: [String]

    /// - Parameters:
    ///   - seed: another one gives other names. It is no part of the result; keep it a secret
    ///     where names could be guessed.
    ///   - vocabulary: folded words that are kept besides `Vocabulary.common`: those of the rules.
    ///   - values: what rules found that a person chose, such as the payer's name.
    package init(seed: UInt64, vocabulary: Set<String> = [], values: [String] = []) {
        self.seed = seed
        self.vocabulary = vocabulary.union(Vocabulary.common)
        self.values = values
    }

    /// Rewrites the mail.
    ///
    /// - Throws: `MailError` when it is no mail.
    package func anonymize(_ raw: [UInt8]) throws(MailError) -> Result {
        let message = try MessageParser.parse(raw)
        var work = Work(
            texts: anonymizer(for: message), newline: raw.contains(13) ? [13, 10] : [10])
        let rewritten = work.entity(raw[...], depth: 0, isMail: true)
        return Result(
            raw: rewritten, droppedHeaders: work.droppedHeaders, droppedParts: work.droppedParts)
    }

    /// For texts of this mail that stand elsewhere, such as a line of a report.
    package func rewriter(for message: Message) -> @Sendable (String) -> String {
        let anonymizer = anonymizer(for: message)
        return { anonymizer.rewrite($0) }
    }

    private func anonymizer(for message: Message) -> TextAnonymizer {
        let sender = message.from.first
        let isPerson = sender.map(Self.isPerson) ?? true
        // The bank's own name is nobody's.
        let ownName = isPerson ? [] : message.from.flatMap { DraftPlan.words($0.displayName) }
        return TextAnonymizer(
            seed: seed, texts: Self.texts(of: message), vocabulary: vocabulary.union(ownName),
            values: values,
            keptAddresses: isPerson ? [] : Set(message.from.map { $0.address.lowercased() }),
            keptDomain: isPerson ? "" : sender.map { Self.owned($0.domain) } ?? "")
    }

    private static func texts(of message: Message) -> [String] {
        [message.subject] + message.from.map(\.displayName) + message.bodies.map(\.text)
            + message.inner.flatMap(texts)
    }

    /// The part of a domain that its owner registered: `bank.com.tr` of `bilgi.bank.com.tr`.
    static func owned(_ domain: String) -> String {
        var rest = domain[...]
        var owned = rest
        while !PublicSuffix.contains(String(rest)), let dot = rest.firstIndex(of: ".") {
            owned = rest
            rest = rest[rest.index(after: dot)...]
        }
        return String(owned)
    }

    // MARK: - Parts

    /// One mail on its way.
    private struct Work {
        let texts: TextAnonymizer
        let newline: [UInt8]
        var droppedHeaders: [String] = []
        var droppedParts: [String] = []

        /// A mail or a part with its headers. Nothing, when the part cannot be rewritten.
        mutating func entity(_ raw: ArraySlice<UInt8>, depth: Int, isMail: Bool) -> [UInt8] {
            let source = MailSource(raw)
            let type = ParameterList(
                source.first("content-type")?.value ?? Array("text/plain".utf8))
            let name =
                type["name"]
                ?? source.first("content-disposition").flatMap {
                    ParameterList($0.value)["filename"]
                }
            guard let body = body(source, type, name, depth) else {
                droppedParts.append(type.value)
                // A mail is a mail even when nothing of it is left.
                return isMail ? headers(source, withoutBody: true) + newline : []
            }
            return headers(source, withoutBody: false) + newline + body
        }

        private mutating func body(
            _ source: MailSource, _ type: ParameterList, _ name: String?, _ depth: Int
        ) -> [UInt8]? {
            guard depth < MailAnonymizer.depthMax else { return nil }
            if type.value.hasPrefix("multipart/"), let boundary = type["boundary"] {
                let mark = Array("--\(Self.boundary(boundary, texts))".utf8)
                var output: [UInt8] = []
                for part in MailSource.parts(source.body, boundary: Array(boundary.utf8)) {
                    let part = entity(part, depth: depth + 1, isMail: false)
                    if !part.isEmpty { output += mark + newline + part + newline }
                }
                return output + mark + [45, 45] + newline
            }
            let encoding = TransferEncoding(
                source.first("content-transfer-encoding").map {
                    String(decoding: $0.value, as: UTF8.self)
                } ?? "")
            if type.value == "message/rfc822" {
                let inner = encoding.decode(source.body)
                return encoding.encode(
                    entity(inner[...], depth: depth + 1, isMail: true), newline: newline)
            }
            let file = (name ?? "").lowercased()
            let isHTML =
                type.value == "text/html" || file.hasSuffix(".html") || file.hasSuffix(".htm")
            guard isHTML || type.value.hasPrefix("text/") || file.hasSuffix(".txt") else {
                return nil
            }
            let bytes = encoding.decode(source.body)
            let charset = MailCharset(named: type["charset"], of: bytes)
            let text = charset.decode(bytes)
            // A file may say that it is a text and be none: what is packed inside would stay.
            guard !bytes.starts(with: "%PDF-".utf8), !text.unicodeScalars.contains("\0") else {
                return nil
            }
            var writable: [Unicode.Scalar: Bool] = [:]
            for sign in "şğıİŞĞçöüÇÖÜ".unicodeScalars { writable[sign] = charset.canWrite(sign) }
            let known = writable
            let canWrite = { (sign: Unicode.Scalar) in known[sign] ?? charset.canWrite(sign) }
            let rewritten =
                isHTML
                ? HTMLAnonymizer(anonymizer: texts, canWrite: canWrite).rewrite(text)
                : texts.rewrite(text, canWrite: canWrite)
            return encoding.encode(charset.encode(rewritten), newline: newline)
        }

        // MARK: Headers

        private mutating func headers(_ source: MailSource, withoutBody: Bool) -> [UInt8] {
            var output: [UInt8] = []
            for header in source.headers {
                guard MailAnonymizer.keptHeaders.contains(header.key) else {
                    if !droppedHeaders.contains(header.name) { droppedHeaders.append(header.name) }
                    continue
                }
                if withoutBody, header.key.hasPrefix("content-") { continue }
                output += Array("\(header.name): ".utf8) + value(of: header) + newline
            }
            return output
        }

        private func value(of header: MailSource.Header) -> [UInt8] {
            switch header.key {
            case "date", "mime-version", "content-transfer-encoding", "content-language":
                return header.value
            case "content-type", "content-disposition": return parameters(header.value)
            case "message-id", "content-id", "in-reply-to", "references":
                return texts.identifiers(header.value)
            default:
                return HeaderWords(texts: texts, newline: newline).rewrite(
                    header.value, isAddress: header.key != "subject")
            }
        }

        private func parameters(_ value: [UInt8]) -> [UInt8] {
            let list = ParameterList(value)
            let kept: Set<String> = [
                "charset", "format", "delsp", "type", "report-type", "method", "protocol", "micalg",
            ]
            var output = list.value
            for (name, value) in list.parameters {
                if kept.contains(name) {
                    output += "; \(name)=\"\(value)\""
                } else if name == "boundary" {
                    output += "; boundary=\"\(Self.boundary(value, texts))\""
                } else if name == "name" || name == "filename" {
                    output += "; " + fileName(value, as: name)
                }
            }
            return Array(output.utf8)
        }

        /// The words of a file name are replaced, its ending is not.
        private func fileName(_ value: String, as name: String) -> String {
            let plain = HeaderWords.decoded(Array(value.utf8)).text
            let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
            let ending = parts.count > 1 ? "." + (parts.last ?? "") : ""
            let stem = texts.rewrite(String(plain.dropLast(ending.count)))
            let file = stem + ending
            guard file.utf8.contains(where: { $0 > 126 || $0 < 32 || $0 == 34 || $0 == 92 }) else {
                return "\(name)=\"\(file)\""
            }
            let digits = Array("0123456789ABCDEF".utf8)
            let encoded = file.utf8.flatMap { byte -> [UInt8] in
                let isPlain =
                    (48...57).contains(byte) || (65...90).contains(byte)
                    || (97...122).contains(byte) || byte == 46 || byte == 45 || byte == 95
                return isPlain ? [byte] : [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            return "\(name)*=utf-8''" + String(decoding: encoded, as: UTF8.self)
        }

        private static func boundary(_ boundary: String, _ texts: TextAnonymizer) -> String {
            String(decoding: texts.identifiers(Array(boundary.utf8)), as: UTF8.self)
        }
    }
}
