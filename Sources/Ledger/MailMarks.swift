// SPDX-License-Identifier: Apache-2.0

internal import Domain

// A mail that came two ways is known again by its marks, where no signature says that both are one.

extension LedgerTransaction {
    /// Keeps by what a proven mail is known again. What is kept already stays.
    ///
    /// - Parameter marks: 32 bytes each.
    package func mark(_ mail: MailID, with marks: [[UInt8]]) throws(LedgerError) {
        try attempt("mails.mark", "mail \(mail)") {
            for mark in marks {
                try run(
                    "INSERT INTO mail_mark (mark, mail) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [mark.blob, mail.number])
            }
        }
    }

    /// The first settled mail with this mark that is no copy itself, other than `mail`.
    package func settledMail(
        marked mark: [UInt8], otherThan mail: MailID?
    ) throws(LedgerError) -> MailID? {
        try attempt("mails.marked", "mail") {
            try number(
                """
                SELECT min(mail.id) FROM mail_mark JOIN mail ON mail.id = mail_mark.mail
                WHERE mark = ? AND state = 'settled' AND copy_of IS NULL AND mail.id <> ?
                """, [mark.blob, mail?.number ?? 0]
            ).map { MailID($0) }
        }
    }
}
