// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// One effect as a connector gets it: what to do, to whom, and what earlier attempts left.
package struct EffectTask: Sendable {
    /// What the effect is aimed at.
    package enum Target: Sendable {
        case luma(LumaTarget)
        case sms(SMSTarget)
        case email(EmailTarget)
    }

    /// The effect's unique key in the ledger.
    package let key: String
    package let kind: Effect.Kind
    /// 1 for the first.
    package let attempt: Int
    /// The last handle written to the ledger for this effect: by `attemptHandle` before a call or
    /// by an outcome after it.
    package let handle: String?
    /// When the attempt began whose outcome is unknown.
    package let startedAt: Date?
    /// How often that attempt has been looked up.
    package let reconcileCount: Int
    package let registration: Registration
    package let target: Target

    package init(
        key: String, kind: Effect.Kind, attempt: Int = 1, handle: String? = nil,
        startedAt: Date? = nil, reconcileCount: Int = 0, registration: Registration,
        target: Target
    ) {
        self.key = key
        self.kind = kind
        self.attempt = attempt
        self.handle = handle
        self.startedAt = startedAt
        self.reconcileCount = reconcileCount
        self.registration = registration
        self.target = target
    }
}

/// A guest of a Luma event, by id when it is known.
package struct LumaTarget: Sendable {
    /// `evt-…`
    package let eventID: String
    /// `gst-…`
    package let guestID: String?
    /// Looked for in the guest list when the id is not known; it never goes into an address.
    package let email: String?

    package init(eventID: String, guestID: String? = nil, email: String? = nil) {
        self.eventID = eventID
        self.guestID = guestID
        self.email = email
    }
}

/// A text message to one phone. A repeated attempt must carry the same text.
package struct SMSTarget: Sendable {
    package let phone: PhoneNumber
    package let text: String

    package init(phone: PhoneNumber, text: String) {
        self.phone = phone
        self.text = text
    }
}

/// A mail to one mailbox: the same content as text and as HTML.
package struct EmailTarget: Sendable {
    /// As the registration has it; nothing has been checked.
    package let address: String
    package let name: String?
    package let subject: String
    package let text: String
    package let html: String

    package init(address: String, name: String?, subject: String, text: String, html: String) {
        self.address = address
        self.name = name
        self.subject = subject
        self.text = text
        self.html = html
    }
}
