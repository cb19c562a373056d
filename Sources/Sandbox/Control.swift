// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// The calls below `/sandbox`, by which tests and demos steer the stand-ins.
struct Control: Sendable {
    let stage: Stage

    func answer(_ call: Call, at moment: Moment) async -> Answer {
        switch "\(call.method) \(call.path)" {
        case "GET /":
            let refresh = Int(call.query["refresh"] ?? "") ?? Page.refreshSeconds
            let html = await stage.page(
                refreshSeconds: (0...3600).contains(refresh) ? refresh : Page.refreshSeconds,
                at: moment)
            return Answer(status: 200, body: html, contentType: "text/html; charset=utf-8")
        case "GET /sandbox/state":
            let requests = Int(call.query["requests"] ?? "") ?? RequestLog.kept
            return .json(200, await stage.state(requests: requests, at: moment))
        case "POST /sandbox/reset":
            await stage.reset(at: moment)
            return .json(200, [:])
        case "POST /sandbox/faults":
            return await arm(call)
        case "POST /sandbox/guests":
            return await seed(call, at: moment)
        default:
            return .json(404, ["message": "no such page"])
        }
    }

    private func arm(_ call: Call) async -> Answer {
        guard let body = JSONValue(call.body) else { return bad("the body must be JSON") }
        switch Fault.read(body) {
        case .failure(let problem): return bad(problem.text)
        case .success(let fault):
            guard await stage.arm(fault) else { return bad("too many faults are waiting") }
            return .json(200, fault.json)
        }
    }

    /// An array of guests, or an object with the array under `guests`.
    private func seed(_ call: Call, at moment: Moment) async -> Answer {
        guard let body = JSONValue(call.body), let rows = body.array ?? body["guests"]?.array
        else { return bad("guests: an array is expected") }
        var guests: [SandboxGuest] = []
        for row in rows {
            guard let id = row["id"]?.string, let event = row["event"]?.string,
                Self.isPlain(id), Self.isPlain(event)
            else { return bad("each guest needs id and event") }
            let status = row["status"]?.string ?? GuestStatus.pendingApproval.rawValue
            guard let status = GuestStatus(rawValue: status) else { return bad("status") }
            guests.append(
                SandboxGuest(
                    id: id, event: event, name: row["name"]?.string ?? "Konuk",
                    email: row["email"]?.string ?? "\(id)@example.org",
                    phone: row["phone"]?.string.flatMap(PhoneNumber.init), status: status))
        }
        return .json(200, ["added": .int(await stage.seed(guests, at: moment))])
    }

    /// Ids stand in addresses and on the page; 100 bytes is twice what Luma uses.
    private static func isPlain(_ id: String) -> Bool {
        (1...100).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private func bad(_ message: String) -> Answer { .json(400, ["message": .string(message)]) }
}
