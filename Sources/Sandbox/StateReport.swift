// SPDX-License-Identifier: Apache-2.0

/// What `GET /sandbox/state` says.
enum StateReport {
    static func make(
        luma: LumaDesk, netgsm: NetgsmDesk, mail: MailDesk, log: RequestLog, faults: [Fault],
        options: SandboxOptions, requests: Int, at moment: Moment
    ) -> JSONValue {
        let kept = log.requests
        return [
            "now": .string(moment.iso), "requests_total": .int(log.total),
            "requests_kept": .int(kept.count),
            "requests": .array(kept.suffix(max(0, requests)).map(\.json)),
            "effects": effects(luma, netgsm, mail), "guests": guests(luma),
            "messages": messages(netgsm, at: moment), "mails": mails(mail),
            "faults": .array(faults.map(\.json)),
            "limits": [
                "luma_requests_per_minute": .int(options.lumaRequestsPerMinute),
                "netgsm_sends_per_minute": .int(options.netgsmSendsPerMinute),
                "requests_kept_max": .int(RequestLog.kept),
                "guests_max": .int(LumaDesk.guestsMax),
                "messages_max": .int(NetgsmDesk.messagesMax),
            ],
        ]
    }

    /// The sums that promises are checked against.
    private static func effects(
        _ luma: LumaDesk, _ netgsm: NetgsmDesk, _ mail: MailDesk
    ) -> JSONValue {
        let guests = luma.guests.values
        return [
            "approvals": .int(guests.reduce(0) { $0 + $1.approvals }),
            "update_calls": .int(guests.reduce(0) { $0 + $1.updateCalls }),
            "guests_approved": .int(guests.count { $0.approvals > 0 }),
            "guests_approved_twice": .int(guests.count { $0.approvals > 1 }),
            "guests_updated_twice": .int(guests.count { $0.updateCalls > 1 }),
            "messages": .int(netgsm.messages.count),
            "phones_texted": .int(netgsm.byPhone.count),
            "phones_texted_twice": .int(netgsm.byPhone.values.count { $0.count > 1 }),
            "mails": .int(mail.mails.count), "addresses_mailed": .int(mail.byAddress.count),
            "mail_copies": .int(mail.copies),
        ]
    }

    private static func guests(_ luma: LumaDesk) -> JSONValue {
        .object(
            luma.guests.mapValues { guest in
                [
                    "event": .string(guest.seed.event), "status": .string(guest.status.rawValue),
                    "approvals": .int(guest.approvals), "update_calls": .int(guest.updateCalls),
                    "mails": .int(guest.mails),
                    "approved_at": JSONValue(guest.approvedAt?.iso),
                    "approved_us": guest.approvedAt.map { .int($0.wallMicroseconds) } ?? .null,
                ]
            })
    }

    private static func mails(_ mail: MailDesk) -> JSONValue {
        .object(
            mail.byAddress.mapValues { rows in
                .array(
                    rows.map { mail.mails[$0] }.map { mail in
                        [
                            "from": .string(mail.from), "id": .string(mail.id),
                            "subject": .string(mail.subject), "text": .string(mail.text),
                            "received_at": .string(mail.acceptedAt.iso),
                        ]
                    })
            })
    }

    private static func messages(_ netgsm: NetgsmDesk, at moment: Moment) -> JSONValue {
        .object(
            netgsm.byPhone.mapValues { rows in
                .array(
                    rows.map { netgsm.messages[$0] }.map { message in
                        [
                            "jobid": .string(message.job), "text": .string(message.text),
                            "reference": JSONValue(message.reference),
                            "received_at": .string(message.acceptedAt.iso),
                            "received_us": .int(message.acceptedAt.wallMicroseconds),
                            "status": .int(message.status(at: moment)),
                        ]
                    })
            })
    }
}
