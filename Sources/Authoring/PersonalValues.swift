// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Mail
package import Rules

extension RuleBook {
    /// What the rules find in a mail that a person chose: the payer's name, the payer's words.
    package func personalValues(in message: Message, receivedAt: Date) -> [String] {
        let found = explain(message, receivedAt: receivedAt).filter(\.isForSender)
            .flatMap(\.variants).filter { $0.verdict != .no }.flatMap(\.captures)
            .filter { $0.field == .payer || $0.field == .description }.map(\.value)
        let read = read(message, receivedAt: receivedAt).notices.flatMap {
            [$0.payer, $0.description].compactMap(\.self)
        }
        return Array(Set(found + read)).sorted()
    }
}
