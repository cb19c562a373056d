// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A text message in the letters that a phone network carries, and how much room it takes.
package struct SMSText: Hashable, Sendable {
    /// Normalised: NFC, plain quotes, dashes and blanks, no emoji.
    package let text: String
    /// Room it takes, in 7-bit units.
    package let units: Int

    /// - Parameter link: put in place of `{link}` as it is.
    package init(template: String, link: String = "") {
        self.text = template
        self.units = 0
    }

    /// Whether it is one message by every counting rule in use.
    package var fitsOneSegment: Bool { units <= 150 }
}
