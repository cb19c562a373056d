// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Wire

/// Send and report of Netgsm's REST v2.
///
/// The body's `code` decides; the HTTP status (200 or 406) is only a hint.
/// Source: netgsm/netgsm-sms-js, `openapi.json` and `src/types.ts` (2025-12-30).
struct NetgsmAPI: Sendable {
    /// A reply that has a code.
    struct SendReply: Hashable, Sendable {
        let code: String
        let jobID: String?
    }

    enum Rows: Sendable {
        case found([Row])
        /// Why the report could not be read.
        case failed(label: String, retryAfter: Duration?)
    }

    /// One message in the report.
    struct Row: Decodable, Sendable {
        let jobid: FlexibleText?
        let number: FlexibleText?
        let status: FlexibleText?
        let referansID: FlexibleText?
    }

    private struct Send: Encodable {
        struct Message: Encodable {
            let no: String
            let msg: String
        }
        let msgheader: String
        let encoding = "TR"
        /// Informational: a ticket needs no consent and is not checked against IYS.
        let iysfilter = "0"
        let appname = "mutabik"
        let referansID: String
        let messages: [Message]
    }

    private struct Report: Encodable {
        let startdate: String
        let stopdate: String
        let pagenumber: Int
        let pagesize: Int
        let appname = "mutabik"
    }

    private struct Reply: Decodable {
        struct Older: Decodable { let job: [Row]? }
        let code: FlexibleText?
        let jobid: FlexibleText?
        let jobs: [Row]?
        let response: Older?
    }

    private static let pageSize = 100
    /// The window is a few minutes: 1,000 messages of one account in it are out of reach.
    private static let pagesMax = 10

    let settings: NetgsmConnector.Settings
    let http: HTTPClient

    /// Nil when the reply was no JSON with a code.
    func send(
        _ target: SMSTarget, reference: String
    ) async throws(WireError) -> SendReply? {
        let body = Send(
            msgheader: settings.header, referansID: reference,
            messages: [.init(no: target.phone.digits, msg: target.text)])
        guard let reply = try await exchange("/sms/rest/v2/send", encodeBody(body)),
            let code = Self.code(reply)
        else { return nil }
        // Some accounts see a list; we send to one number, so the first is ours.
        let jobID = reply.jobid?.text?.split(separator: ",").first.map(String.init)
        return SendReply(code: code, jobID: jobID)
    }

    /// All rows between two instants.
    func report(from start: Date, to end: Date) async -> Rows {
        var rows: [Row] = []
        for page in 0..<Self.pagesMax {
            let body = Report(
                startdate: Self.localTime(start), stopdate: Self.localTime(end), pagenumber: page,
                pagesize: Self.pageSize)
            let reply: Reply?
            do {
                reply = try await exchange("/sms/rest/v2/report", encodeBody(body))
            } catch {
                return .failed(label: "netgsm_report_\(error.label.rawValue)", retryAfter: nil)
            }
            guard let reply, let code = Self.code(reply) else {
                return .failed(label: "netgsm_report_unreadable", retryAfter: nil)
            }
            switch code {
            case "00":
                // A success without a list is a form that we do not know: prove nothing by it.
                guard let more = reply.jobs ?? reply.response?.job else {
                    return .failed(label: "netgsm_report_unreadable", retryAfter: nil)
                }
                rows += more
                if more.count < Self.pageSize { return .found(rows) }
            case "60": return .found(rows)
            case "80": return .failed(label: "netgsm_report_80", retryAfter: .seconds(60))
            default: return .failed(label: "netgsm_report_refused", retryAfter: nil)
            }
        }
        return .failed(label: "netgsm_report_too_long", retryAfter: nil)
    }

    private func exchange(_ path: String, _ body: [UInt8]) async throws(WireError) -> Reply? {
        let login = Data("\(settings.usercode):\(settings.password.reveal())".utf8)
        let request = HTTPRequest(
            .post, settings.baseURL + path,
            headers: [
                ("Authorization", "Basic " + login.base64EncodedString()),
                ("Content-Type", "application/json; charset=utf-8"),
                ("Accept", "application/json"),
            ], body: body)
        let response = try await http.send(request, timeout: settings.timeout)
        return decodeReply(Reply.self, from: response.body)
    }

    /// Two digits at least: the number 0 is the code `00`.
    private static func code(_ reply: Reply) -> String? {
        guard let text = reply.code?.text, !text.isEmpty else { return nil }
        return text.utf8.count == 1 ? "0" + text : text
    }

    /// `dd.MM.yyyy HH:mm:ss` in Istanbul, which has been three hours ahead of UTC since 2016.
    static func localTime(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 3 * 3_600) ?? calendar.timeZone
        let part = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String {
            let value = number ?? 0
            return value < 10 ? "0\(value)" : "\(value)"
        }
        return "\(two(part.day)).\(two(part.month)).\(two(part.year)) "
            + "\(two(part.hour)):\(two(part.minute)):\(two(part.second))"
    }
}
