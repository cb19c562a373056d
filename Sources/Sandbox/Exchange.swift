// SPDX-License-Identifier: Apache-2.0

/// A request as the stand-ins see it.
struct Call: Sendable {
    let method: String
    /// Path and query as sent.
    let target: String
    /// Names in lower case; a repeated field is joined with a comma.
    let headers: [String: String]
    let body: [UInt8]

    var path: String { String(target.prefix { $0 != "?" }) }

    /// The last value of each name, percent-decoded, `+` read as a blank.
    var query: [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var query: [String: String] = [:]
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decoded(parts[0])
            query[name] = parts.count == 2 ? Self.decoded(parts[1]) : ""
        }
        return query
    }

    var isJSON: Bool {
        let type = headers["content-type"]?.split(separator: ";").first ?? ""
        return type.lowercased() == "application/json"
    }

    private static func decoded(_ text: Substring) -> String {
        let signs = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < signs.count {
            if signs[index] == 37, index + 2 < signs.count,
                let value = UInt8(
                    String(decoding: signs[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                index += 3
            } else {
                bytes.append(signs[index] == 43 ? 32 : signs[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What goes back to the caller.
struct Answer: Sendable {
    var status: Int
    var body: String
    var contentType = "application/json; charset=utf-8"

    static func json(_ status: Int, _ value: JSONValue) -> Answer {
        Answer(status: status, body: value.text)
    }
}

/// What a stand-in did with a call, for the log and the page.
struct Deed: Sendable {
    var answer: Answer
    /// The guest or phone that the call was about.
    var subject: String?
    /// What changed in the world, in a word; nil when nothing did.
    var effect: String?
    /// The words of a message.
    var text: String?

    init(_ answer: Answer, subject: String? = nil, effect: String? = nil, text: String? = nil) {
        self.answer = answer
        self.subject = subject
        self.effect = effect
        self.text = text
    }
}

/// The calls of the providers that the sandbox knows.
enum Place: String, Sendable, CaseIterable {
    case lumaGetSelf = "luma.get-self"
    case lumaEvent = "luma.event"
    case lumaList = "luma.list"
    case lumaGet = "luma.get"
    case lumaUpdateStatus = "luma.update-status"
    case netgsmSend = "netgsm.send"
    case netgsmReport = "netgsm.report"
    case netgsmCancel = "netgsm.cancel"
    case netgsmStats = "netgsm.stats"
    case netgsmHeaders = "netgsm.msgheader"
    case netgsmBalance = "netgsm.balance"
    case mailRecipient = "mail.rcpt"
    case mailData = "mail.data"

    private var route: String {
        switch self {
        case .lumaGetSelf: "GET /v1/users/get-self"
        case .lumaEvent: "GET /v1/events/get"
        case .lumaList: "GET /v1/events/guests/list"
        case .lumaGet: "GET /v1/events/guests/get"
        case .lumaUpdateStatus: "POST /v1/events/guests/update-status"
        case .netgsmSend: "POST /sms/rest/v2/send"
        case .netgsmReport: "POST /sms/rest/v2/report"
        case .netgsmCancel: "POST /sms/rest/v2/cancel"
        case .netgsmStats: "POST /sms/rest/v2/stats"
        case .netgsmHeaders: "GET /sms/rest/v2/msgheader"
        case .netgsmBalance: "POST /balance"
        // No address of HTTP looks like these.
        case .mailRecipient: "SMTP rcpt"
        case .mailData: "SMTP data"
        }
    }

    var isLuma: Bool { rawValue.hasPrefix("luma.") }
    var isMail: Bool { rawValue.hasPrefix("mail.") }

    private static let routes = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.route, $0) })

    static func of(_ call: Call) -> Place? { routes["\(call.method) \(call.path)"] }
}
