// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// What Luma's replies look like. Source: its OpenAPI document.
extension LumaDesk {
    static func problem(_ status: Int, _ message: String) -> Answer {
        .json(status, ["message": .string(message), "code": nil])
    }

    static let own: JSONValue = [
        "id": "usr-sandbox", "name": "Ada Yılmaz", "first_name": "Ada", "last_name": "Yılmaz",
        "avatar_url": "https://images.example/a.png", "email": "ada@example.org",
    ]

    /// An event; `spots_remaining` is null, for the stand-in sets no limit.
    static func shown(event id: String, statuses: [GuestStatus]) -> JSONValue {
        var counts: [String: JSONValue] = ["checked_in": ["guests": 0, "tickets": 0]]
        for status in GuestStatus.allCases where status != .session {
            let count = JSONValue.int(statuses.count { $0 == status })
            counts[status.rawValue] = ["guests": count, "tickets": count]
        }
        return [
            "platform": "luma", "id": .string(id), "calendar_id": "cal-sandbox",
            "name": .string("Sandbox \(id)"), "start_at": "2026-12-04T16:00:00.000Z",
            "end_at": "2026-12-04T19:00:00.000Z", "timezone": "Europe/Istanbul",
            "url": "https://luma.example/sandbox", "visibility": "public",
            "waitlist_status": "enabled", "registration_open": true, "require_approval": true,
            "spots_remaining": nil, "registration_questions": [], "guest_counts": .object(counts),
            "hosts": [],
        ]
    }

    /// A guest as lists show it; a single one carries its orders too.
    static func shown(_ guest: Guest, withOrders: Bool = false) -> JSONValue {
        let seed = guest.seed
        let key = seed.id.hasPrefix("gst-") ? String(seed.id.dropFirst(4)) : seed.id
        let names = seed.name.split(separator: " ").map(String.init)
        let registered = String(guest.registeredAt.iso.dropLast(4)) + "Z"
        var object: [String: JSONValue] = [
            "id": .string(seed.id), "user_id": .string("usr-\(key)"),
            "user_email": .string(seed.email), "user_name": .string(seed.name),
            "user_first_name": JSONValue(names.first),
            "user_last_name": JSONValue(names.count > 1 ? names.last : nil),
            "approval_status": .string(guest.status.rawValue),
            "registered_at": .string(registered), "invited_at": nil, "joined_at": nil,
            "phone_number": JSONValue(
                seed.phone.map { $0.isTurkishMobile ? "+90\($0.digits)" : $0.digits }),
            "registration_answers": [],
            "event_tickets": [
                [
                    "id": .string("tkt-\(key)"), "event_ticket_type_id": "ttype-1",
                    "name": "Standart", "amount": 0, "amount_discount": 0, "amount_tax": 0,
                    "currency": nil, "checked_in_at": nil, "is_captured": true,
                ]
            ],
            "check_in_qr_code": .string("https://luma.example/check-in/x?pk=g-\(key)"),
            "eth_address": nil, "solana_address": nil, "utm_source": nil,
        ]
        if withOrders { object["event_ticket_orders"] = [] }
        return .object(object)
    }
}
