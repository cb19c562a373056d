// SPDX-License-Identifier: Apache-2.0

/// The same sample under another name, or with another text.
extension DraftWriter.Sample {
    func renamed(_ group: String, _ name: String) -> Self {
        Self(
            group: group, name: name, from: from, subject: subject, text: text, received: received,
            attachment: attachment)
    }

    func with(subject: String, text: String) -> Self {
        Self(
            group: group, name: name, from: from, subject: subject, text: text, received: received,
            attachment: attachment)
    }
}
