// SPDX-License-Identifier: Apache-2.0

package import Domain

/// A guest that stands on the list of a stand-in event.
package struct SandboxGuest: Hashable, Sendable {
    /// `gst-…`, as Luma writes it.
    package let id: String
    /// `evt-…`; the event exists as soon as a guest of it does.
    package let event: String
    package var name: String
    package var email: String
    /// Links text messages to this guest on the page and in the state.
    package var phone: PhoneNumber?
    package var status: GuestStatus

    package init(
        id: String, event: String, name: String, email: String, phone: PhoneNumber? = nil,
        status: GuestStatus = .pendingApproval
    ) {
        self.id = id
        self.event = event
        self.name = name
        self.email = email
        self.phone = phone
        self.status = status
    }
}

/// Where a guest stands at Luma. Source: docs.luma.com, guests/list, `approval_status`.
package enum GuestStatus: String, Sendable, CaseIterable {
    case approved, session, invited, declined, waitlist
    case pendingApproval = "pending_approval"

    /// What `update-status` may set; a registered guest never goes back to `invited`.
    static let settable: Set<GuestStatus> = [.approved, .declined, .pendingApproval, .waitlist]
}

/// How a stand-in is set up.
package struct SandboxOptions: Sendable {
    /// Only loopback is accepted: `127.0.0.1`, `::1` or `localhost`.
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 0
    /// Where mail is taken; 0 takes a free port.
    package var mailPort = 0
    package var lumaKey: Secret
    package var netgsmUser: String
    package var netgsmPassword: Secret
    /// The one sender name that the account may use; others are refused with code 40.
    package var netgsmHeader: String
    /// Each request to a provider is appended here as one line of JSON, secrets blanked.
    package var recordFile: String?
    /// Reads and writes together; 0 lifts the limit. Source: Luma's OpenAPI text, 200 a minute.
    package var lumaRequestsPerMinute = 200
    /// 0 lifts the limit. Source: Netgsm's code 80, 100 a minute.
    package var netgsmSendsPerMinute = 100
    /// 0 lifts the limit. Source: the report call is limited to 10 a minute.
    package var netgsmReportsPerMinute = 10
    /// How long a message stays pending before its report says delivered.
    package var deliveryDelay: Duration = .seconds(3)
    package var guests: [SandboxGuest] = []
    /// An unknown `gst-…` of an event `evt-demo…` springs up as pending, for demos and load tests.
    package var autoGuests = false

    package init(
        lumaKey: Secret, netgsmUser: String, netgsmPassword: Secret, netgsmHeader: String
    ) {
        self.lumaKey = lumaKey
        self.netgsmUser = netgsmUser
        self.netgsmPassword = netgsmPassword
        self.netgsmHeader = netgsmHeader
    }

    /// The stand-in answers whoever asks and forgets nothing, so it never leaves this machine.
    func checked() throws(SandboxError) -> SandboxOptions {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw SandboxError(
                operation: "options", subject: "host", cause: "only loopback may be listened on",
                hint: "Use 127.0.0.1.")
        }
        for port in [port, mailPort] where !(0...65_535).contains(port) {
            throw SandboxError(
                operation: "options", subject: "port", cause: "\(port) is not a port",
                hint: "Use 1 to 65535, or 0 for a free one.")
        }
        return self
    }
}
