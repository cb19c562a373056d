// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// What mails say was taken back of payments that the books do not know: their notices may come
/// later.
extension LedgerTransaction {
    /// Remembers that a mail took a payment back which is not there.
    ///
    /// - Parameter number: the bank's own; nil where the mail prints none.
    package func expectTakenBack(
        in mail: MailID, place: Int, bank: String, number: String?
    ) throws(LedgerError) {
        try attempt("retractions.expect", "mail \(mail)") {
            try run(
                """
                INSERT INTO retraction (mail, place, bank, transaction_hash) VALUES (?, ?, ?, ?)
                ON CONFLICT (mail, place) DO UPDATE SET transaction_hash = excluded.transaction_hash
                """,
                [
                    mail.number, place, bank,
                    number.map { keyring.hash($0, for: .transaction).blob },
                ])
        }
    }

    /// The mails of a bank that took a payment of this number back.
    ///
    /// - Returns: each with whether this is all that it took back.
    package func mails(
        takingBack number: String, bank: String
    ) throws(LedgerError) -> [(mail: MailID, isAll: Bool)] {
        try attempt("retractions.read", "mail") {
            try rows(
                """
                SELECT mail, NOT EXISTS (SELECT 1 FROM retraction AS other
                    WHERE other.mail = retraction.mail
                        AND other.transaction_hash IS NOT ?1) AS is_all
                FROM retraction WHERE transaction_hash = ?1 AND bank = ?2 ORDER BY mail
                """, [keyring.hash(number, for: .transaction).blob, bank]
            ).map { (MailID($0["mail"]), ($0["is_all"] as Int64) != 0) }
        }
    }
}
