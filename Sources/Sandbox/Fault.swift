// SPDX-License-Identifier: Apache-2.0

/// A misfortune that the next calls of a place meet.
///
///     {"where":"luma.update-status","fault":"reset_after_effect","count":1,"seconds":0}
struct Fault: Sendable {
    enum Kind: Hashable, Sendable {
        case timeoutBeforeEffect, timeoutAfterEffect, resetAfterEffect
        case status429, status500, status500AfterEffect, status503HTML
        case slowBody, garbageJSON
        /// Netgsm, or the mail server, refuses with this code.
        case code(String)
        /// Netgsm takes the message, and its report ends with this status.
        case delivery(Int)
    }

    /// A place, `luma.*`, `netgsm.*`, `mail.*` or `*`.
    let place: String
    let name: String
    let kind: Kind
    var count: Int
    /// How long a reply is held back or drawn out.
    let seconds: Double

    /// Ten minutes: longer than any client waits.
    static let secondsMax = 600.0
    /// More than any test run sends.
    static let countMax = 1_000_000

    /// The fault of a control request, or what is wrong with it.
    static func read(_ value: JSONValue) -> Result<Fault, Problem> {
        let places = Place.allCases.map(\.rawValue) + ["luma.*", "netgsm.*", "mail.*", "*"]
        guard let place = value["where"]?.string, places.contains(place) else {
            return .failure(Problem("where: one of " + places.joined(separator: ", ")))
        }
        guard let name = value["fault"]?.string, let kind = Kind(name) else {
            return .failure(Problem("fault: one of " + Kind.names.joined(separator: ", ")))
        }
        let count = value["count"]?.int ?? 1
        let seconds = value["seconds"]?.number ?? kind.usualSeconds
        guard (1...countMax).contains(count), (0...secondsMax).contains(seconds) else {
            return .failure(Problem("count: 1 to \(countMax); seconds: 0 to \(Int(secondsMax))"))
        }
        return .success(
            Fault(place: place, name: name, kind: kind, count: count, seconds: seconds))
    }

    struct Problem: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    func strikes(_ other: Place) -> Bool {
        place == "*" || place == other.rawValue
            || (place.hasSuffix(".*") && other.rawValue.hasPrefix(place.dropLast()))
    }

    /// The reply that stands in for the real one, for faults that keep the effect from happening.
    var answerInstead: Answer? {
        switch kind {
        case .status429:
            .json(429, ["message": "Too many requests", "code": nil])
        case .status500:
            .json(500, ["message": "Internal server error", "code": nil])
        case .status503HTML:
            Answer(
                status: 503,
                body: "<!DOCTYPE html><html><head><title>503</title></head><body>"
                    + "<h1>Service temporarily unavailable</h1></body></html>\n",
                contentType: "text/html; charset=UTF-8")
        case .code(let code):
            .json(406, ["code": .string(code), "description": "fault", "jobid": nil])
        case .timeoutBeforeEffect:
            Answer(status: 0, body: "")
        case .timeoutAfterEffect, .resetAfterEffect, .status500AfterEffect, .slowBody,
            .garbageJSON, .delivery:
            nil
        }
    }

    /// The same for mail, whose replies are a line.
    var mailAnswerInstead: Answer? {
        switch kind {
        case .status429: MailDesk.reply(421, "4.7.0 too many connections")
        case .status500, .status503HTML: MailDesk.reply(451, "4.3.0 not now")
        case .code(let code): MailDesk.reply(Int(code) ?? 451, "fault")
        case .timeoutBeforeEffect: MailDesk.reply(0, "")
        case .timeoutAfterEffect, .resetAfterEffect, .status500AfterEffect, .slowBody,
            .garbageJSON, .delivery:
            nil
        }
    }

    /// What becomes of the reply after the effect took place.
    func spoiled(_ answer: Answer) -> Answer {
        switch kind {
        case .timeoutAfterEffect, .resetAfterEffect:
            return Answer(status: 0, body: "")
        case .status500AfterEffect:
            return .json(500, ["message": "Internal server error", "code": nil])
        case .garbageJSON:
            // Cut in the middle: JSON by its looks, and never valid.
            let half = answer.body.prefix(answer.body.count / 2)
            return Answer(status: answer.status, body: "{" + half, contentType: answer.contentType)
        case .slowBody, .delivery, .timeoutBeforeEffect, .status429, .status500, .status503HTML,
            .code:
            return answer
        }
    }

    /// What the connection does with the reply.
    var delivery: Delivery {
        switch kind {
        case .timeoutBeforeEffect, .timeoutAfterEffect: .never(after: seconds)
        case .resetAfterEffect: .reset
        case .slowBody: .drawnOut(over: seconds)
        case .status429, .status500, .status500AfterEffect, .status503HTML, .garbageJSON, .code,
            .delivery:
            .plain
        }
    }

    var json: JSONValue {
        [
            "where": .string(place), "fault": .string(name), "count": .int(count),
            "seconds": .double(seconds),
        ]
    }
}

/// How a reply leaves.
enum Delivery: Hashable, Sendable {
    case plain
    /// Silence, then the connection is closed.
    case never(after: Double)
    /// The connection is torn down at once.
    case reset
    case drawnOut(over: Double)
}

extension Fault.Kind {
    private static let fixed: [String: Fault.Kind] = [
        "timeout_before_effect": .timeoutBeforeEffect,
        "timeout_after_effect": .timeoutAfterEffect,
        "reset_after_effect": .resetAfterEffect,
        "status_429": .status429,
        "status_500": .status500,
        "status_500_after_effect": .status500AfterEffect,
        "status_503_html": .status503HTML,
        "slow_body": .slowBody,
        "garbage_json": .garbageJSON,
    ]

    static let names = fixed.keys.sorted() + ["code_NN", "delivery_NN"]

    init?(_ name: String) {
        if let kind = Self.fixed[name] {
            self = kind
            return
        }
        let parts = name.split(separator: "_")
        guard parts.count == 2, (2...4).contains(parts[1].utf8.count) || parts[0] == "delivery",
            let number = Int(parts[1]), (0...9999).contains(number)
        else { return nil }
        switch parts[0] {
        case "code": self = .code(String(parts[1]))
        case "delivery": self = .delivery(number)
        default: return nil
        }
    }

    /// A silent server outlasts the usual client; a slow one stays just bearable.
    var usualSeconds: Double {
        switch self {
        case .timeoutBeforeEffect, .timeoutAfterEffect: 60
        case .slowBody: 5
        case .resetAfterEffect, .status429, .status500, .status500AfterEffect, .status503HTML,
            .garbageJSON, .code, .delivery:
            0
        }
    }
}
