// SPDX-License-Identifier: Apache-2.0

/// A name for one thing of one kind; the kind keeps a guest's id from being used as an event's.
package struct Identifier<Kind>: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
}

/// The kind of `RegistrationID`. Kinds have no values.
package enum RegistrationKind {}
/// The kind of `EventID`.
package enum EventKind {}
/// The kind of `RuleID`.
package enum RuleKind {}

/// A registration, by the organizer's own name for it (the `id` column of a registration file).
package typealias RegistrationID = Identifier<RegistrationKind>
/// An event, by the name it has in the configuration.
package typealias EventID = Identifier<EventKind>
/// A variant of a rule, written `folder/variant`: `garanti-bbva/incoming-transfer`.
package typealias RuleID = Identifier<RuleKind>
