// SPDX-License-Identifier: Apache-2.0

import Domain

@testable import Mailbox

extension MailboxAccount {
    /// An account with a password, as most tests have it.
    init(
        name: String, host: String, port: UInt16, security: Security, user: String,
        password: Secret, folders: [String] = ["INBOX"], caFile: String? = nil,
        pollInterval: Duration = .seconds(60), idleRenewal: Duration = .seconds(85),
        mailBytesMax: Int = 25 << 20
    ) {
        self.init(
            name: name, host: host, port: port, security: security, user: user,
            credentials: .password(password), folders: folders, caFile: caFile,
            pollInterval: pollInterval, idleRenewal: idleRenewal, mailBytesMax: mailBytesMax)
    }
}
