// SPDX-License-Identifier: Apache-2.0

/// What the codes of a send and the status numbers of a report mean for the effect.
enum NetgsmCodes {
    enum Meaning {
        case decided(EffectOutcome)
        /// Whether a copy is on its way, only the report can tell.
        case unknown(label: String)
    }

    /// After a code for "too fast" the account has to be quiet for a minute.
    private static let quietTime: Duration = .seconds(60)

    static func meaning(of reply: NetgsmAPI.SendReply) -> Meaning {
        switch (reply.code, reply.jobID) {
        case ("00", _), ("01", .some), ("02", .some):
            .decided(.done(handle: reply.jobID))
        case ("01", nil), ("02", nil):
            .decided(
                .refused(
                    label: "netgsm_\(reply.code)",
                    hint: "Netgsm did not take the message; look for it in Netgsm's panel."))
        case ("20", _):
            .decided(
                .refused(
                    label: "netgsm_20",
                    hint: "The text is too long or has letters that Netgsm refuses; shorten it."))
        case ("30", _):
            .decided(
                .askOperator(
                    label: "netgsm_30",
                    hint: "Check usercode and API password, the API permission of the sub-user "
                        + "and the list of allowed IP addresses."))
        case ("40", _), ("41", _):
            .decided(
                .askOperator(
                    label: "netgsm_\(reply.code)",
                    hint: "The sender name is not approved for this account."))
        case ("50", _), ("51", _):
            .decided(
                .askOperator(
                    label: "netgsm_\(reply.code)",
                    hint: "The account is not set up for IYS; ask Netgsm."))
        case ("70", _):
            .decided(
                .refused(
                    label: "netgsm_70",
                    hint: "Netgsm finds the request wrong; report this as a bug."
                ))
        case ("80", _), ("85", _):
            .decided(.retry(after: quietTime, label: "netgsm_\(reply.code)"))
        case ("100", _), ("101", _):
            .unknown(label: "netgsm_\(reply.code)")
        default:
            .unknown(label: "netgsm_code_unknown")
        }
    }

    /// Netgsm took the message; some final states still mean that the guest has nothing.
    static func outcome(of row: NetgsmAPI.Row) -> EffectOutcome {
        switch row.status?.text {
        case "14":
            .askOperator(label: "netgsm_report_14", hint: "The account has no credit; top it up.")
        case "4", "12", "17", "103":
            .refused(
                label: "netgsm_report_failed",
                hint: "The message failed on its way to the operator; start it again by hand.")
        case "2", "3", "11", "15", "16":
            .refused(
                label: "netgsm_report_refused",
                hint: "The number cannot be reached by SMS; send the ticket by mail.")
        case "22":
            .refused(
                label: "netgsm_report_22",
                hint: "The account may not send abroad; send the ticket by mail.")
        default:
            .done(handle: row.jobid?.text)
        }
    }
}
