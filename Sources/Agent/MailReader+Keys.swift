// SPDX-License-Identifier: Apache-2.0

package import Mail
internal import Rules

// The keys that a mail leads to.

extension MailReader {
    /// Keys that are asked for because of one mail. Those that it passes on are of one bank or two;
    /// a third of what is asked for at once.
    private static let keyNamesMax = 30

    /// The DNS names that `read` will ask for: of keys, and of the policies of senders that a rule
    /// knows, of the mail itself and of those attached to it.
    package func keyNames(_ raw: [UInt8]) -> KeyNames {
        if inForce != nil { return pinned.keyNames(raw) }
        var names = ownNames(raw)
        if Self.mayCarryMails(raw), let message = try? MessageParser.parse(raw) {
            for (_, raw) in Self.attachedMails(of: message) { names.add(ownNames(raw)) }
        }
        return names.first(Self.keyNamesMax)
    }

    private func ownNames(_ raw: [UInt8]) -> KeyNames {
        guard let sender = MessageParser.sender(raw) else { return authenticator.keyNames(raw) }
        guard rules.isFor(sender) else {
            // Who confirms a forwarding is no rule's, and proven all the same.
            return authenticator.keyNames(
                raw, sender: sender.domain, domains: [ForwardingConfirmation.domain])
        }
        var names = authenticator.keyNames(
            raw, sender: sender.domain, domains: rules.signers(of: sender))
        for name in DMARC.names(for: sender.domain) { names.add(name, proves: true) }
        return names
    }

    /// Words of which one stands in every mail that others are attached to: the type of a mail, the
    /// types under which programs that know no better attach an `.eml` file, those of forms, and of
    /// what is signed as a whole.
    private static let attachedMarks = [
        "rfc822", "octet-stream", "download", "form-", "pkcs7-mime",
    ].map { Array($0.utf8) }

    /// Whether parsing the mail for its attached ones is worth it.
    private static func mayCarryMails(_ raw: [UInt8]) -> Bool {
        raw.withUnsafeBufferPointer { bytes in
            bytes.indices.contains { place in
                attachedMarks.contains { mark in
                    bytes[place] | 32 == mark[0] && place + mark.count <= bytes.count
                        && mark.indices.allSatisfy { bytes[place + $0] | 32 == mark[$0] | 32 }
                }
            }
        }
    }
}
