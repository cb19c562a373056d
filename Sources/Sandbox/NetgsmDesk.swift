// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain

/// Netgsm's REST v2 as far as a ticket needs it.
///
/// Business errors are HTTP 406 with a code in the body. Source: Netgsm's `openapi.json` and the
/// code lists of its own clients.
struct NetgsmDesk: Sendable {
    /// One message to one phone.
    struct Message: Sendable {
        let job: String
        let phone: String
        let text: String
        let reference: String?
        let acceptedAt: Moment
        /// When the operator hands it over.
        let dueMicroseconds: Int
        /// What the report says from then on.
        let finalStatus: Int
        var cancelled = false

        func status(at moment: Moment) -> Int {
            // A cancelled message is never handed over; its report says expired.
            if cancelled { return 2 }
            return moment.monotonicMicroseconds >= dueMicroseconds ? finalStatus : 0
        }
    }

    /// Far above any load test, and still small in memory.
    static let messagesMax = 200_000
    /// Source: code 85, more than 20 jobs to one number within a minute.
    static let jobsPerNumberAndMinuteMax = 20

    private let user: String
    private let password: Secret
    private let authorization: Secret
    private let header: String
    private let delay: Int
    private var sends: MinuteWindow
    private var reports: MinuteWindow
    private(set) var messages: [Message] = []
    private var jobs: [String: [Int]] = [:]
    private(set) var byPhone: [String: [Int]] = [:]

    init(options: SandboxOptions) {
        user = options.netgsmUser
        password = options.netgsmPassword
        let pair = "\(options.netgsmUser):\(options.netgsmPassword.reveal())"
        authorization = Secret("Basic " + Base64.encode(Array(pair.utf8)))
        header = options.netgsmHeader
        let (seconds, attoseconds) = options.deliveryDelay.components
        delay = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        sends = MinuteWindow(limit: options.netgsmSendsPerMinute)
        reports = MinuteWindow(limit: options.netgsmReportsPerMinute)
    }

    /// `deliveryStatus` is what the report of a message accepted now will end with.
    mutating func answer(
        _ place: Place, _ call: Call, at moment: Moment, deliveryStatus: Int? = nil
    ) -> Deed {
        if place == .netgsmBalance { return balance(call) }
        guard call.headers["authorization"] == authorization.reveal() else {
            return refused("30", "kullanıcı adı, şifre veya API izni hatalı")
        }
        if place == .netgsmHeaders {
            return Deed(.json(200, ["code": "00", "msgheaders": [.string(header)]]))
        }
        guard call.isJSON, let body = JSONValue(call.body), case .object = body else {
            return refused("70", "JSON bekleniyor")
        }
        switch place {
        case .netgsmSend: return send(body, at: moment, deliveryStatus: deliveryStatus)
        case .netgsmReport: return report(body, at: moment)
        case .netgsmCancel: return cancel(body, at: moment)
        case .netgsmStats: return stats(body, at: moment)
        case .netgsmHeaders, .netgsmBalance, .lumaGetSelf, .lumaEvent, .lumaList, .lumaGet,
            .lumaUpdateStatus, .mailRecipient, .mailData:
            return refused("70", "bilinmeyen çağrı")
        }
    }

    private func refused(_ code: String, _ description: String) -> Deed {
        Deed(
            .json(
                406, ["code": .string(code), "description": .string(description), "jobid": nil]))
    }

    // MARK: - Send

    private mutating func send(
        _ body: JSONValue, at moment: Moment, deliveryStatus: Int?
    ) -> Deed {
        let order: SendOrder
        switch SendOrder.read(body, header: header) {
        case .failure(let refusal): return refused(refusal.code, refusal.text)
        case .success(let read): order = read
        }
        guard messages.count + order.messages.count <= Self.messagesMax else {
            return refused("100", "sandbox is full")
        }
        let recent = moment.monotonicMicroseconds - MinuteWindow.microseconds
        for (phone, _) in order.messages {
            let jobs = (byPhone[phone] ?? []).suffix(Self.jobsPerNumberAndMinuteMax)
                .filter { messages[$0].acceptedAt.monotonicMicroseconds > recent }
            guard jobs.count < Self.jobsPerNumberAndMinuteMax else {
                return refused("85", "aynı numaraya bir dakikada 20'den fazla görev")
            }
        }
        guard sends.admits(at: moment) else { return refused("80", "gönderim sınırı aşıldı") }

        // 26 digits: too long for a 64-bit integer, as the real ones are.
        let serial = String(10_000_000_000_000 + jobs.count + 1).dropFirst()
        let job = "3100000002026\(serial)"
        let start = order.startSeconds.map { $0 * 1_000_000 - moment.wallMicroseconds } ?? 0
        for (phone, text) in order.messages {
            let isForeign = phone.hasPrefix("00")
            jobs[job, default: []].append(messages.count)
            byPhone[phone, default: []].append(messages.count)
            messages.append(
                Message(
                    job: job, phone: phone, text: text, reference: order.reference,
                    acceptedAt: moment,
                    dueMicroseconds: moment.monotonicMicroseconds + max(0, start) + delay,
                    finalStatus: deliveryStatus ?? (isForeign ? 22 : 1)))
        }
        return Deed(
            .json(
                200,
                ["code": .string(order.code), "jobid": .string(job), "description": "queued"]),
            subject: order.messages.first?.phone, effect: "sms", text: order.messages.first?.text)
    }

    // MARK: - Report, stats, cancel, balance

    private mutating func report(_ body: JSONValue, at moment: Moment) -> Deed {
        guard reports.admits(at: moment) else { return refused("80", "sorgu sınırı aşıldı") }
        let page = body["pagenumber"]?.int ?? (body["pagenumber"] == nil ? 0 : -1)
        let size = body["pagesize"]?.int ?? (body["pagesize"] == nil ? 100 : 0)
        guard (0...1_000_000).contains(page), (1...100).contains(size) else {
            return refused("70", "pagenumber, pagesize")
        }
        var rows: [Int]
        if let ids = body["jobids"] {
            guard let texts = ids.array?.compactMap(\.string), !texts.isEmpty,
                texts.count == ids.array?.count
            else { return refused("70", "jobids") }
            rows = texts.flatMap { jobs[$0] ?? [] }
        } else {
            guard let start = body["startdate"]?.string.flatMap(NetgsmTime.report),
                let stop = body["stopdate"]?.string.flatMap(NetgsmTime.report)
            else { return refused("70", "jobids ya da startdate ve stopdate") }
            rows = messages.indices.filter {
                let second = messages[$0].acceptedAt.wallMicroseconds / 1_000_000
                return second >= start && second <= stop
            }
        }
        rows = Array(rows.dropFirst(page * size).prefix(size))
        guard !rows.isEmpty else { return refused("60", "kayıt bulunamadı") }
        return Deed(
            .json(
                200,
                [
                    "code": "00",
                    "jobs": .array(rows.map { row(messages[$0], at: moment) }),
                ]))
    }

    private func row(_ message: Message, at moment: Moment) -> JSONValue {
        let status = message.status(at: moment)
        let handed = CivilTime(
            secondsSince1970: (message.acceptedAt.wallMicroseconds + delay) / 1_000_000)
        let isForeign = message.phone.hasPrefix("00")
        var row: [String: JSONValue] = [
            "jobid": .string(message.job),
            "number": .string(isForeign ? message.phone : "90\(message.phone)"),
            "status": .int(status), "operator": 30,
            "msglen": .int((message.text.unicodeScalars.count + 149) / 150), "errorCode": 0,
            "deliveredDate": .string(
                status == 1 ? "\(handed.date()) \(handed.clockWithSeconds)" : ""),
        ]
        if let reference = message.reference { row["referansID"] = .string(reference) }
        return .object(row)
    }

    private func stats(_ body: JSONValue, at moment: Moment) -> Deed {
        guard let job = body["jobid"]?.string else { return refused("70", "jobid") }
        guard let rows = jobs[job] else { return refused("60", "kayıt bulunamadı") }
        let totals = Dictionary(grouping: rows) { messages[$0].status(at: moment) }
        return Deed(
            .json(
                200,
                [
                    "code": "00", "jobid": .string(job),
                    "stats": .array(
                        totals.sorted { $0.key < $1.key }
                            .map { ["status": .int($0.key), "count": .int($0.value.count)] }),
                ]))
    }

    private mutating func cancel(_ body: JSONValue, at moment: Moment) -> Deed {
        guard let job = body["jobid"]?.string else { return refused("70", "jobid") }
        let started = moment.monotonicMicroseconds + delay
        guard let rows = jobs[job],
            rows.allSatisfy({ messages[$0].dueMicroseconds > started && !messages[$0].cancelled })
        else { return refused("60", "görev yok ya da başladı") }
        for row in rows { messages[row].cancelled = true }
        return Deed(
            .json(200, ["code": "00", "jobid": .string(job), "description": "cancelled"]),
            subject: rows.first.map { messages[$0].phone }, effect: "sms cancelled")
    }

    private func balance(_ call: Call) -> Deed {
        guard call.isJSON, let body = JSONValue(call.body), let name = body["usercode"]?.string,
            let word = body["password"]?.string, let kind = body["stip"]?.int,
            (1...3).contains(kind)
        else { return refused("70", "usercode, password, stip") }
        guard name == user, word == password.reveal() else {
            return refused("30", "kullanıcı adı, şifre veya API izni hatalı")
        }
        let credit: JSONValue = ["amount": "500,000", "balance_name": "TL"]
        let packages: JSONValue = ["amount": 10_000, "balance_name": "Adet SMS"]
        switch kind {
        case 1: return Deed(.json(200, ["balance": [packages]]))
        case 2: return Deed(.json(200, ["code": "00", "balance": "500,000"]))
        default: return Deed(.json(200, ["balance": [packages, credit]]))
        }
    }
}
