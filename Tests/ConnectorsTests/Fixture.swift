// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import ScriptedServer
import Testing
import Wire

/// A recorded reply of `Tests/Fixtures/http`, written with plain line ends and without a length.
func reply(_ name: String, replacing old: String = "", by new: String = "") throws
    -> ScriptedServer.Step
{
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/http/\(name).txt")
    var text = try String(contentsOf: file, encoding: .utf8)
    if !old.isEmpty { text = text.replacingOccurrences(of: old, with: new) }
    let split = try #require(text.range(of: "\n\n"))
    let body = text[split.upperBound...]
    let head =
        text[..<split.lowerBound].split(separator: "\n").map(String.init)
        + ["Content-Length: \(body.utf8.count)"]
    return .send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
}

func sampleRegistration() throws -> Registration {
    Registration(
        id: RegistrationID("reg-17"), event: EventID("swift-12"), name: PersonName("Can Demir"),
        email: "can@example.org", phone: PhoneNumber("0532 111 22 33"),
        due: Money(minorUnits: 125_000, currency: .turkishLira),
        reference: try #require(ReferenceCode("KTF6HV349")),
        registeredAt: Date(timeIntervalSince1970: 1_795_600_000))
}

extension EffectTask {
    static func luma(
        guest: String? = "gst-41", email: String? = nil, startedAt: Date? = nil,
        handle: String? = nil
    ) throws -> EffectTask {
        EffectTask(
            key: "luma.approve:reg-17", kind: .lumaApprove, handle: handle, startedAt: startedAt,
            registration: try sampleRegistration(),
            target: .luma(LumaTarget(eventID: "evt-7Qp", guestID: guest, email: email)))
    }

    static func sms(
        attempt: Int = 1, handle: String?, startedAt: Date? = nil, phone: String = "05321112233"
    ) throws -> EffectTask {
        EffectTask(
            key: "ticket.sms:reg-17", kind: .message(.ticket, by: .sms), attempt: attempt,
            handle: handle,
            startedAt: startedAt, registration: try sampleRegistration(),
            target: .sms(
                SMSTarget(
                    phone: try #require(PhoneNumber(phone)), text: "Kaydınız onaylandı")))
    }
}

extension EffectOutcome {
    /// The case's name and label, which is what tables of replies are about.
    var summary: String {
        switch self {
        case .done(let handle): "done \(handle ?? "-")"
        case .retry(let after, let label):
            "retry \(label)" + (after.map { " \($0.components.seconds)s" } ?? "")
        case .askOperator(let label, _): "ask \(label)"
        case .refused(let label, _): "refused \(label)"
        case .givenUp(let label, _): "given up \(label)"
        case .unknown(_, _, let label): "unknown \(label)"
        case .notThere: "not there"
        }
    }
}
