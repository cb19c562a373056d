// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// A list of `tag=value` pairs, as places in the bytes it was read from.
///
/// Source: RFC 6376 §3.2. A tag that stands twice makes the whole list void.
struct TagList {
    struct Tag {
        let name: Range<Int>
        /// Without the white space around it.
        let value: Range<Int>
        /// Everything between the equals sign and the semicolon.
        let wide: Range<Int>
    }

    /// Tags in one list; the standards name fourteen.
    private static let tagsMax = 40

    private(set) var tags: [Tag] = []

    init?(_ raw: [UInt8], _ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            var equals: Int?
            while end < range.upperBound, raw[end] != ASCII.semicolon {
                if raw[end] == ASCII.equals, equals == nil { equals = end }
                end += 1
            }
            defer { start = end + 1 }
            guard let equals else {
                // Nothing but white space may stand behind the last semicolon.
                guard ASCII.trim(raw, start..<end).isEmpty else { return nil }
                continue
            }
            let name = ASCII.trim(raw, start..<equals)
            guard !name.isEmpty, tags.count < Self.tagsMax,
                !tags.contains(where: { Self.same(raw, $0.name, name) })
            else { return nil }
            let wide = equals + 1..<end
            tags.append(Tag(name: name, value: ASCII.trim(raw, wide), wide: wide))
        }
    }

    /// The tag of that name; names keep their case (RFC 6376 §3.2).
    func tag(_ name: StaticString, in raw: [UInt8]) -> Tag? {
        tags.first { tag in
            guard tag.name.count == name.utf8CodeUnitCount else { return false }
            for (offset, place) in tag.name.enumerated()
            where raw[place] != name.utf8Start[offset] {
                return false
            }
            return true
        }
    }

    func text(_ name: StaticString, in raw: [UInt8]) -> String? {
        tag(name, in: raw).map { String(decoding: raw[$0.value], as: UTF8.self) }
    }

    private static func same(_ raw: [UInt8], _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where raw[left.lowerBound + offset] != raw[right.lowerBound + offset] {
            return false
        }
        return true
    }
}

/// One DKIM-Signature or ARC-Message-Signature field. Source: RFC 6376 §3.5, RFC 8463 §3.
struct DKIMSignature {
    enum Algorithm {
        case rsaSHA256
        case ed25519SHA256
        /// `rsa-sha1` and whatever else; not believed (RFC 8301).
        case other

        init(_ name: String) {
            switch name.asciiLowercased() {
            case "rsa-sha256": self = .rsaSHA256
            case "ed25519-sha256": self = .ed25519SHA256
            default: self = .other
            }
        }
    }

    /// Which field it is. The one of ARC has no version, and its `i=` counts the forwarders
    /// (RFC 8617 §4.1.2).
    enum Kind { case dkim, arc }

    /// Names in one `h=`; signers that name each field twice reach some 60.
    private static let signedNamesMax = 200
    /// A name in DNS has at most 253 letters.
    private static let nameBytesMax = 253

    let field: HeaderBlock.Field
    let algorithm: Algorithm
    let signature: [UInt8]
    let bodyHash: [UInt8]
    /// What is left out of the field when it is hashed.
    let signatureRange: Range<Int>
    let header: Canonicalization
    let body: Canonicalization
    let domain: String
    let selector: String
    let identityDomain: String
    let signedNames: [Range<Int>]
    let hasLength: Bool
    let signedAt: Int64?
    let expiresAt: Int64?

    /// Nil when the field is not a signature that could be checked at all.
    init?(_ field: HeaderBlock.Field, in raw: [UInt8], of kind: Kind = .dkim) {
        guard let tags = TagList(raw, field.value),
            kind == .arc || tags.text("v", in: raw) == "1",
            let algorithm = tags.text("a", in: raw),
            let signatureTag = tags.tag("b", in: raw),
            let signature = Self.base64(raw, signatureTag), !signature.isEmpty,
            let hashTag = tags.tag("bh", in: raw),
            let bodyHash = Self.base64(raw, hashTag),
            let domain = tags.text("d", in: raw).flatMap(Self.name), domain.utf8.contains(46),
            let selector = tags.text("s", in: raw).flatMap(Self.name),
            let names = tags.tag("h", in: raw).flatMap({ Self.names(raw, $0.value) }),
            let forms = Self.forms(tags.text("c", in: raw))
        else { return nil }
        self.field = field
        self.algorithm = Algorithm(algorithm)
        self.signature = signature
        self.bodyHash = bodyHash
        signatureRange = signatureTag.wide
        (header, body) = forms
        self.domain = domain
        self.selector = selector
        let ownIdentity = kind == .dkim ? tags.text("i", in: raw)?.asciiLowercased() : nil
        let identity = ownIdentity ?? "@" + domain
        guard let at = identity.lastIndex(of: "@") else { return nil }
        identityDomain = String(identity[identity.index(after: at)...])
        guard Domains.covers(domain, identityDomain) else { return nil }
        signedNames = names
        hasLength = tags.tag("l", in: raw) != nil
        guard let signedAt = Self.seconds(tags.text("t", in: raw)),
            let expiresAt = Self.seconds(tags.text("x", in: raw))
        else { return nil }
        self.signedAt = signedAt
        self.expiresAt = expiresAt
    }

    /// Where the key is published.
    var keyName: String { "\(selector)._domainkey.\(domain)" }

    func signs(_ name: StaticString, in raw: [UInt8]) -> Bool {
        signedNames.contains { ASCII.equal(raw, $0, name) }
    }

    static func base64(_ raw: [UInt8], _ tag: TagList.Tag) -> [UInt8]? {
        Base64.decode(String(decoding: raw[tag.value], as: UTF8.self))
    }

    static func name(_ text: String) -> String? {
        let name = text.asciiLowercased()
        // Letters, digits, `-`, `_`, and single dots between them.
        var before: UInt8 = 46
        for byte in name.utf8 {
            let isDot = byte == 46
            let isSign = byte &- 97 < 26 || byte &- 48 < 10 || byte == 45 || byte == 95
            guard isDot ? before != 46 : isSign else { return nil }
            before = byte
        }
        guard before != 46, name.utf8.count <= nameBytesMax else { return nil }
        return name
    }

    private static func names(_ raw: [UInt8], _ range: Range<Int>) -> [Range<Int>]? {
        var names: [Range<Int>] = []
        var start = range.lowerBound
        while start <= range.upperBound {
            var end = start
            while end < range.upperBound, raw[end] != ASCII.colon { end += 1 }
            let name = ASCII.trim(raw, start..<end)
            if !name.isEmpty { names.append(name) }
            start = end + 1
        }
        return names.isEmpty || names.count > signedNamesMax ? nil : names
    }

    private static func forms(
        _ text: String?
    ) -> (header: Canonicalization, body: Canonicalization)? {
        switch text?.asciiLowercased() {
        case nil, "simple", "simple/simple": (.simple, .simple)
        case "relaxed", "relaxed/simple": (.relaxed, .simple)
        case "relaxed/relaxed": (.relaxed, .relaxed)
        case "simple/relaxed": (.simple, .relaxed)
        default: nil
        }
    }

    /// Nil inside when the tag is absent, nil outside when it is no number.
    static func seconds(_ text: String?) -> Int64?? {
        guard let text else { return .some(nil) }
        guard let value = Int64(text), value >= 0 else { return nil }
        return .some(value)
    }
}

/// Domain names, compared label by label.
enum Domains {
    /// Whether `domain` is `parent` or lies below it.
    static func covers(_ parent: String, _ domain: String) -> Bool {
        guard domain.utf8.count > parent.utf8.count else { return domain == parent }
        return !parent.isEmpty
            && domain.utf8.reversed().starts(with: ("." + parent).utf8.reversed())
    }
}
