// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Luma's side of the events and guests that mutabik deals with.
///
/// Source: docs.luma.com/reference and its OpenAPI document, state of autumn 2026.
struct LumaDesk: Sendable {
    /// A guest, and what was done to it.
    struct Guest: Sendable {
        let seed: SandboxGuest
        let registeredAt: Moment
        var status: GuestStatus
        /// How often the guest became approved: more than one means "approved twice".
        var approvals = 0
        /// How often `update-status` was accepted, whether it changed anything or not.
        var updateCalls = 0
        /// How often Luma would have mailed the guest.
        var mails = 0
        var approvedAt: Moment?
    }

    /// Far above any load test, and still small in memory.
    static let guestsMax = 200_000
    /// Luma caps a page without saying where; 100 is the most that clients ask for.
    static let pageMax = 100
    /// Source: the OpenAPI text of `update-status`.
    static let messageCharactersMax = 200

    private let key: Secret
    private let autoGuests: Bool
    private var window: MinuteWindow
    private var lockedUntil = 0
    private(set) var guests: [String: Guest] = [:]
    /// In the order of registration.
    private(set) var order: [String: [String]] = [:]
    private var byPhone: [String: String] = [:]
    private var byEmail: [String: String] = [:]

    init(options: SandboxOptions, at moment: Moment) {
        key = options.lumaKey
        autoGuests = options.autoGuests
        window = MinuteWindow(limit: options.lumaRequestsPerMinute)
        for guest in options.guests { add(guest, at: moment) }
    }

    /// False when there is no room or the guest is there already.
    @discardableResult
    mutating func add(_ guest: SandboxGuest, at moment: Moment) -> Bool {
        guard guests.count < Self.guestsMax, guests[guest.id] == nil else { return false }
        guests[guest.id] = Guest(seed: guest, registeredAt: moment, status: guest.status)
        order[guest.event, default: []].append(guest.id)
        if let phone = guest.phone { byPhone[phone.digits] = guest.id }
        byEmail[guest.email.lowercased()] = guest.id
        return true
    }

    func guest(phone digits: String) -> String? { byPhone[digits] }
    func guest(email: String) -> String? { byEmail[email.lowercased()] }

    mutating func answer(_ place: Place, _ call: Call, at moment: Moment) -> Deed {
        guard call.headers["x-luma-api-key"] == key.reveal() else {
            return Deed(Self.problem(401, "missing or wrong API key"))
        }
        guard moment.monotonicMicroseconds >= lockedUntil, window.admits(at: moment) else {
            // All sources agree on a lock-out of about a minute.
            if moment.monotonicMicroseconds >= lockedUntil {
                lockedUntil = moment.monotonicMicroseconds + MinuteWindow.microseconds
            }
            return Deed(Self.problem(429, "too many requests for this calendar"))
        }
        switch place {
        case .lumaGetSelf: return Deed(.json(200, Self.own))
        case .lumaEvent: return event(call)
        case .lumaList: return list(call)
        case .lumaGet: return get(call, at: moment)
        case .lumaUpdateStatus: return update(call, at: moment)
        case .netgsmSend, .netgsmReport, .netgsmCancel, .netgsmStats, .netgsmHeaders,
            .netgsmBalance, .mailRecipient, .mailData:
            return Deed(Self.problem(404, "not found"))
        }
    }

    private func knows(event: String) -> Bool {
        order[event] != nil || (autoGuests && event.hasPrefix("evt-demo"))
    }

    private static let noAccess = problem(403, "no access to this event")

    private func event(_ call: Call) -> Deed {
        guard let id = call.query["event_id"], !id.isEmpty else {
            return Deed(Self.problem(400, "event_id is required"))
        }
        guard knows(event: id) else { return Deed(Self.noAccess) }
        let statuses = (order[id] ?? []).compactMap { guests[$0]?.status }
        return Deed(.json(200, Self.shown(event: id, statuses: statuses)))
    }

    // MARK: - Guests

    private func list(_ call: Call) -> Deed {
        let query = call.query
        guard let event = query["event_id"], !event.isEmpty else {
            return Deed(Self.problem(400, "event_id is required"))
        }
        guard knows(event: event) else { return Deed(Self.noAccess) }
        let filter = query["approval_status"].map(GuestStatus.init(rawValue:))
        let column = query["sort_column"] ?? "registered_at"
        let direction = query["sort_direction"] ?? "asc"
        let limit = Int(query["pagination_limit"] ?? "50") ?? 0
        let start = query["pagination_cursor"].map { Int($0.dropFirst(2)) ?? -1 } ?? 0
        guard filter != .some(nil), Self.columns.contains(column),
            Self.directions.contains(direction), limit > 0, start >= 0,
            query["pagination_cursor"]?.hasPrefix("c_") != false
        else { return Deed(Self.problem(400, "invalid query parameter")) }

        var found = (order[event] ?? []).compactMap { guests[$0] }
        if case .some(.some(let status)) = filter { found = found.filter { $0.status == status } }
        switch column {
        case "name": found.sort { $0.seed.name < $1.seed.name }
        case "email": found.sort { $0.seed.email < $1.seed.email }
        default: break
        }
        if direction.hasPrefix("desc") { found.reverse() }
        let page = found.dropFirst(start).prefix(min(limit, Self.pageMax))
        let more = start + page.count < found.count
        var reply: [String: JSONValue] = [
            "entries": .array(page.map { Self.shown($0) }), "has_more": .bool(more),
        ]
        if more { reply["next_cursor"] = .string("c_\(start + page.count)") }
        return Deed(.json(200, .object(reply)))
    }

    private static let columns: Set<String> = [
        "name", "email", "created_at", "registered_at", "checked_in_at",
    ]
    private static let directions: Set<String> = [
        "asc", "desc", "asc nulls last", "desc nulls last",
    ]

    private mutating func get(_ call: Call, at moment: Moment) -> Deed {
        let query = call.query
        guard let event = query["event_id"], !event.isEmpty, let id = query["id"], !id.isEmpty
        else { return Deed(Self.problem(400, "event_id and id are required")) }
        guard knows(event: event) else { return Deed(Self.noAccess) }
        guard let guest = find(id, of: event, at: moment) else {
            return Deed(Self.problem(404, "guest not found"))
        }
        return Deed(.json(200, Self.shown(guest, withOrders: true)), subject: guest.seed.id)
    }

    /// A guest by `gst-…`, guest key, ticket key or e-mail address.
    private mutating func find(_ id: String, of event: String, at moment: Moment) -> Guest? {
        if let guest = guests[id] { return guest.seed.event == event ? guest : nil }
        if autoGuests, event.hasPrefix("evt-demo"), id.hasPrefix("gst-"), id.utf8.count <= 64 {
            add(
                SandboxGuest(
                    id: id, event: event, name: "Konuk \(id.dropFirst(4))",
                    email: "\(id)@example.org"), at: moment)
            return guests[id]
        }
        let suffix =
            id.hasPrefix("g-") ? id.dropFirst(2) : id.dropFirst(id.hasPrefix("tkt-") ? 4 : 0)
        if suffix.utf8.count < id.utf8.count, let guest = guests["gst-" + suffix] {
            return guest.seed.event == event ? guest : nil
        }
        guard id.contains("@") else { return nil }
        let wanted = id.lowercased()
        let match = (order[event] ?? []).first { guests[$0]?.seed.email.lowercased() == wanted }
        return match.flatMap { guests[$0] }
    }

    private mutating func update(_ call: Call, at moment: Moment) -> Deed {
        guard call.isJSON, let body = JSONValue(call.body), case .object = body else {
            return Deed(Self.problem(400, "the body must be a JSON object"))
        }
        guard let event = body["event_id"]?.string, !event.isEmpty,
            let id = body["guest_id"]?.string, !id.isEmpty,
            let status = body["status"]?.string.flatMap(GuestStatus.init(rawValue:)),
            GuestStatus.settable.contains(status)
        else { return Deed(Self.problem(400, "event_id, guest_id and status are required")) }
        if let flaw = Self.flaw(of: body) { return Deed(Self.problem(400, flaw)) }
        guard knows(event: event) else { return Deed(Self.noAccess) }
        guard var guest = find(id, of: event, at: moment) else {
            return Deed(Self.problem(404, "guest not found"))
        }
        guest.updateCalls += 1
        let changed = guest.status != status
        if changed, status == .approved {
            guest.approvals += 1
            guest.approvedAt = guest.approvedAt ?? moment
        }
        if body["send_email"]?.bool != false { guest.mails += 1 }
        guest.status = status
        guests[guest.seed.id] = guest
        return Deed(
            .json(200, [:]), subject: guest.seed.id,
            effect: changed ? status.rawValue : "\(status.rawValue) (again)",
            text: body["message"]?.string)
    }

    /// What is wrong with the optional fields; nil when they are in order.
    private static func flaw(of body: JSONValue) -> String? {
        if let refund = body["should_refund"], refund.bool == nil {
            return "should_refund must be a boolean"
        }
        let mail = body["send_email"] ?? .null
        if mail != .null, mail.bool == nil { return "send_email must be a boolean or null" }
        guard let message = body["message"] else { return nil }
        guard let text = message.string else { return "message must be a string" }
        if text.utf16.count > messageCharactersMax { return "message is longer than 200" }
        return mail.bool == false ? "message is not allowed when send_email is false" : nil
    }
}
