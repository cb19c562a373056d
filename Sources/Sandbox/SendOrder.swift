// SPDX-License-Identifier: Apache-2.0

/// What a send body asks for, once it has passed every check of the real service.
struct SendOrder: Sendable {
    struct Refusal: Error, Hashable {
        let code: String
        let text: String
    }

    let messages: [(phone: String, text: String)]
    let reference: String?
    /// `00`, or `01`/`02` when a date was replaced.
    let code: String
    /// Seconds since 1970 of a planned start.
    let startSeconds: Int?

    /// Source: code 20, at most 917 characters (six parts).
    static let textCharactersMax = 917
    /// One call of the real service takes thousands; a ticket is one.
    static let messagesMax = 1000

    static func read(_ body: JSONValue, header: String) -> Result<SendOrder, Refusal> {
        func malformed(_ field: String) -> Result<SendOrder, Refusal> {
            .failure(Refusal(code: "70", text: "parametre hatalı: \(field)"))
        }
        guard let sender = body["msgheader"]?.string, (3...11).contains(sender.count) else {
            return malformed("msgheader")
        }
        guard let filter = body["iysfilter"]?.string, ["0", "11", "12"].contains(filter) else {
            return malformed("iysfilter")
        }
        let encoding = body["encoding"]?.string
        guard body["encoding"] == nil || ["TR", "tr", "ASCII"].contains(encoding) else {
            return malformed("encoding")
        }
        let reference = body["referansID"]?.string
        guard body["referansID"] == nil || (8...200).contains(reference?.count ?? 0) else {
            return malformed("referansID")
        }
        guard let list = body["messages"]?.array, (1...messagesMax).contains(list.count) else {
            return malformed("messages")
        }
        var messages: [(phone: String, text: String)] = []
        for entry in list {
            guard let phone = entry["no"]?.string, isNumber(phone), let text = entry["msg"]?.string
            else { return malformed("messages") }
            guard (1...textCharactersMax).contains(text.unicodeScalars.count) else {
                return .failure(Refusal(code: "20", text: "mesaj metni boş ya da çok uzun"))
            }
            messages.append((phone, encoding?.uppercased() == "TR" ? text : plain(text)))
        }
        guard sender == header else {
            return .failure(Refusal(code: "40", text: "mesaj başlığı tanımlı değil"))
        }
        guard filter == "0" else {
            return .failure(Refusal(code: "50", text: "İYS kontrollü gönderim yapılamaz"))
        }
        let start = body["startdate"].map { $0.string.flatMap(NetgsmTime.send) }
        let stop = body["stopdate"].map { $0.string.flatMap(NetgsmTime.send) }
        let code = start == .some(nil) ? "01" : stop == .some(nil) ? "02" : "00"
        return .success(
            SendOrder(
                messages: messages, reference: reference, code: code, startSeconds: start ?? nil))
    }

    /// Ten digits `5XXXXXXXXX`, or `00` with country code and number.
    private static func isNumber(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        if text.hasPrefix("00") { return (9...17).contains(text.utf8.count) }
        return text.utf8.count == 10 && text.hasPrefix("5")
    }

    /// Without `encoding` the service replaces Turkish letters by their Latin look-alikes.
    private static func plain(_ text: String) -> String {
        let twins: [Character: Character] = [
            "ş": "s", "Ş": "S", "ğ": "g", "Ğ": "G", "ı": "i", "İ": "I", "ç": "c",
        ]
        return String(text.map { twins[$0] ?? $0 })
    }
}

/// The two date forms of Netgsm, both Istanbul time.
enum NetgsmTime {
    /// `ddMMyyyyHHmm`, as sending takes it.
    static func send(_ text: String) -> Int? {
        let digits = Array(text.utf8)
        guard digits.count == 12, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return seconds(digits)
    }

    /// `dd.MM.yyyy HH:mm:ss`, as the report takes it.
    static func report(_ text: String) -> Int? {
        let signs = Array(text.utf8)
        guard signs.count == 19, signs[2] == 46, signs[5] == 46, signs[10] == 32,
            signs[13] == 58, signs[16] == 58
        else { return nil }
        let digits = [0, 1, 3, 4, 6, 7, 8, 9, 11, 12, 14, 15, 17, 18].map { signs[$0] }
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return seconds(digits)
    }

    private static func seconds(_ digits: [UInt8]) -> Int? {
        func number(_ range: Range<Int>) -> Int {
            digits[range].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        return CivilTime.seconds(
            year: number(4..<8), month: number(2..<4), day: number(0..<2),
            hour: number(8..<10), minute: number(10..<12),
            second: digits.count == 14 ? number(12..<14) : 0)
    }
}
