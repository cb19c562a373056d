// SPDX-License-Identifier: Apache-2.0

internal import CGMime
internal import Domain
internal import FoundationEssentials

/// Decodes single header fields. Source: RFC 5322 §3.6, RFC 2047.
struct HeaderText {
    /// Bytes of one field that are decoded.
    private static let fieldBytesMax = 8 * 1024
    /// Addresses that are taken from one mail's From fields; one is right, two are a trick.
    private static let addressesMax = 20

    let raw: [UInt8]
    var notes: Set<Message.Note> = []

    init(_ raw: [UInt8]) { self.raw = raw }

    /// The words of a field as one normalised line.
    mutating func line(_ field: HeaderBlock.Field?) -> String {
        guard let field else { return "" }
        return line(decodingWords(unfolded(field)))
    }

    mutating func addresses(_ fields: [HeaderBlock.Field]) -> [MailAddress] {
        var found: [MailAddress] = []
        for field in fields where found.count < Self.addressesMax {
            let text = Self.cString(unfolded(field))
            guard let list = internet_address_list_parse(nil, text) else { continue }
            defer { g_object_unref(list) }
            collect(list, &found, depth: 0)
        }
        return found
    }

    /// Whose mail it was before somebody wrote himself into From; two who differ are nobody.
    mutating func originalFrom(_ block: HeaderBlock) -> MailAddress? {
        let fields = ["x-original-from", "x-original-sender"].flatMap { block.all($0, in: raw) }
        let found = addresses(fields)
        let addresses = Set(found.map { $0.address.asciiLowercased() })
        return addresses.count == 1 ? found.first : nil
    }

    /// What mail programs put before the subject of an answer, in the languages of our banks.
    private static let answerMarks: Set<String> = [
        "re", "ynt", "yan", "yanit", "cvp", "cevap", "aw", "antw", "sv", "odp",
    ]

    /// Whether the mail answers another one: programs and people quote what they answer. Source:
    /// RFC 5322 §3.6.4 and §3.6.5, RFC 3834 §5.
    mutating func isAnswer(_ block: HeaderBlock, subject: String) -> Bool {
        if block.first("in-reply-to", in: raw) != nil { return true }
        let isAutomatic = block.all("auto-submitted", in: raw).contains { field in
            line(field).asciiLowercased().hasPrefix("auto-replied")
        }
        // `Re:`, `RE[2]:`, `Ynt :`
        let mark = subject.prefix { $0.isLetter }
        let rest = subject.dropFirst(mark.count)
            .drop { $0 == " " || $0 == "[" || $0 == "]" || $0.isNumber }
        return isAutomatic
            || rest.first == ":" && Self.answerMarks.contains(String(mark).turkishFolded())
    }

    func date(_ field: HeaderBlock.Field?) -> Date? {
        guard let field, field.value.count <= 200 else { return nil }
        let text = Self.cString(raw[field.value].map { $0 < 32 ? ASCII.blank : $0 })
        guard let date = g_mime_utils_header_decode_date(text) else { return nil }
        defer { g_date_time_unref(date) }
        return Date(timeIntervalSince1970: TimeInterval(g_date_time_to_unix(date)))
    }

    /// What stands in angle brackets, or the whole value: VakıfBank writes a bare number.
    func messageID(_ field: HeaderBlock.Field?) -> String? {
        guard let field, field.value.count <= 1000 else { return nil }
        let value = raw[ASCII.trim(raw, field.value)]
        guard !value.isEmpty, value.allSatisfy({ (32...126).contains($0) || ASCII.isFolding($0) })
        else { return nil }
        if let open = value.firstIndex(of: 60), let close = value[open...].firstIndex(of: 62) {
            return String(decoding: value[open...close], as: UTF8.self)
        }
        return String(decoding: value.filter { $0 > 32 }, as: UTF8.self)
    }

    // MARK: - Steps

    /// The value as valid UTF-8 without line breaks.
    private mutating func unfolded(_ field: HeaderBlock.Field) -> [UInt8] {
        if field.value.count > Self.fieldBytesMax { notes.insert(.truncated) }
        let bytes = raw[ASCII.trim(raw, field.value)].prefix(Self.fieldBytesMax).filter {
            $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed && $0 != 0
        }
        let (utf8, repaired) = Charset.utf8(bytes, named: nil)
        if repaired { notes.insert(.charsetRepaired) }
        return utf8
    }

    private mutating func decodingWords(_ bytes: [UInt8]) -> [UInt8] {
        guard let (text, repaired) = EncodedWords.decode(bytes) else { return bytes }
        if repaired { notes.insert(.charsetRepaired) }
        return text
    }

    private mutating func collect(
        _ list: UnsafeMutablePointer<InternetAddressList>, _ found: inout [MailAddress], depth: Int
    ) {
        for index in 0..<internet_address_list_length(list) {
            guard found.count < Self.addressesMax,
                let address = internet_address_list_get_address(list, index)
            else { return }
            if address_is_group(address) != 0 {
                // Groups cannot hold groups (RFC 5322 §3.4).
                guard depth == 0, let members = address_members(address) else { continue }
                collect(members, &found, depth: 1)
            } else if let text = address_text(address) {
                found.append(self.address(text, address))
            }
        }
    }

    private mutating func address(
        _ text: UnsafePointer<CChar>, _ address: UnsafeMutablePointer<InternetAddress>
    ) -> MailAddress {
        let whole = String(cString: text)
        let name = internet_address_get_name(address).map {
            line(Array(String(cString: $0).utf8))
        }
        guard let at = whole.lastIndex(of: "@") else {
            return MailAddress(displayName: name ?? "", localPart: whole, domain: "")
        }
        return MailAddress(
            displayName: name ?? "", localPart: String(whole[..<at]),
            domain: String(whole[whole.index(after: at)...]))
    }

    private mutating func line(_ bytes: [UInt8]) -> String {
        var normalizer = TextNormalizer()
        let text = normalizer.normalizeLine(bytes, bytesMax: Self.fieldBytesMax)
        notes.formUnion(normalizer.notes)
        return text
    }

    private static func cString(_ bytes: [UInt8]) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }
}
