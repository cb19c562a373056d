// SPDX-License-Identifier: Apache-2.0

/// A password, key or token. It prints as `•••`, so that no log or error can show it by accident.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The only way to the text. Call it where the value leaves for its destination, nowhere else.
    package func reveal() -> String { value }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
