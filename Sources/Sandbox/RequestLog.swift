// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// One request to a provider, as kept and shown: without any secret.
struct LoggedRequest: Sendable {
    let number: Int
    let receivedAt: Moment
    let place: Place?
    let method: String
    let url: String
    let headers: [String: String]
    let body: JSONValue
    /// 0 when no reply was sent.
    let status: Int
    let fault: String?
    let subject: String?
    let effect: String?
    let text: String?

    /// A line of the record file.
    var recordLine: String {
        JSONValue.object([
            "method": .string(method), "url": .string(url), "headers": shownHeaders,
            "body": body, "status": .int(status),
        ]).text + "\n"
    }

    var json: JSONValue {
        [
            "seq": .int(number), "received_at": .string(receivedAt.iso),
            "received_us": .int(receivedAt.wallMicroseconds),
            "monotonic_us": .int(receivedAt.monotonicMicroseconds),
            "place": JSONValue(place?.rawValue), "method": .string(method), "url": .string(url),
            "headers": shownHeaders, "body": body, "status": .int(status),
            "fault": JSONValue(fault), "subject": JSONValue(subject),
            "effect": JSONValue(effect),
        ]
    }

    private var shownHeaders: JSONValue { .object(headers.mapValues(JSONValue.string)) }
}

/// The last requests, oldest first.
struct RequestLog: Sendable {
    /// About 30 MB when full; a demo or a load test of 5,000 payments fits.
    static let kept = 20_000
    /// Longer bodies are cut here, in the log only.
    static let bodyBytesMax = 8192

    private var ring: [LoggedRequest] = []
    private(set) var total = 0

    var requests: [LoggedRequest] {
        let start = ring.count < Self.kept ? 0 : total % Self.kept
        return Array(ring[start...] + ring[..<start])
    }

    mutating func append(_ request: LoggedRequest) {
        if ring.count < Self.kept {
            ring.append(request)
        } else {
            ring[total % Self.kept] = request
        }
        total += 1
    }
}

/// Takes secrets out of what is kept: by the name of the field, and by their value anywhere.
struct Blanking: Sendable {
    static let blank = "•••"
    /// A shorter word (`demo`) stands in ordinary texts too, and is no secret.
    static let secretBytesMin = 8
    private let secrets: [Secret]

    init(_ secrets: [Secret]) {
        self.secrets = secrets.filter { $0.reveal().utf8.count >= Self.secretBytesMin }
    }

    func headers(_ headers: [String: String]) -> [String: String] {
        var shown = headers.mapValues(text)
        for name in ["x-luma-api-key", "authorization"] where shown[name] != nil {
            shown[name] = Self.blank
        }
        return shown
    }

    func text(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1.reveal(), with: Self.blank) }
    }

    func body(_ bytes: [UInt8]) -> JSONValue {
        guard !bytes.isEmpty else { return .null }
        guard bytes.count <= RequestLog.bodyBytesMax, let value = JSONValue(bytes) else {
            // Blanked before it is cut, or half a secret could remain.
            let shown = text(String(decoding: bytes, as: UTF8.self))
            return .string(String(shown.prefix(RequestLog.bodyBytesMax)))
        }
        return cleaned(value)
    }

    private func cleaned(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let words): .string(text(words))
        case .array(let values): .array(values.map(cleaned))
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        (
                            name,
                            name.lowercased() == "password" ? .string(Self.blank) : cleaned(value)
                        )
                    }))
        case .null, .bool, .int, .double: value
        }
    }
}
