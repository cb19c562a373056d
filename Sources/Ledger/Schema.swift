// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import GRDB

/// The tables, and how a database is brought to the version this program knows.
///
/// Times are whole milliseconds since 1970 in UTC, amounts whole minor units. `personal` and `raw`
/// are sealed with the key of the row's subject. Names of people stand nowhere else.
enum Schema {
    /// "muta" in ASCII, in the file's header: tells our files from other programs' (`file(1)`).
    static let applicationID = 0x6D75_7461
    /// One entry per version; `user_version` counts those that were run. Never change an entry
    /// that was released, add one.
    private static let steps: [String] = [version1]

    static var version: Int { steps.count }

    /// Runs before anything is changed in the file.
    static func refuseForeignOrNewer(_ db: Database) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let foundVersion = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard found == applicationID || found == 0 else {
            throw LedgerError(operation: "open", subject: "database", cause: .foreignDatabase)
        }
        if found == 0 {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard tables == 0, foundVersion == 0 else {
                throw LedgerError(operation: "open", subject: "database", cause: .foreignDatabase)
            }
        }
        guard foundVersion <= version else {
            throw LedgerError(
                operation: "open", subject: "database",
                cause: .newerVersion(found: foundVersion, known: version))
        }
    }

    /// Runs the missing steps, each in a transaction of its own.
    static func bringUp(_ db: Database) throws {
        for number in 1...version {
            try db.inTransaction(.immediate) {
                // Read inside: another process may have run the step meanwhile.
                let done = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                if done < number {
                    try db.execute(sql: steps[number - 1])
                    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                    try db.execute(sql: "PRAGMA user_version = \(number)")
                }
                return .commit
            }
        }
    }

    /// Whether a payment's mail was proven by nothing.
    static let isUnproven = isOneOf(
        Trust.allCases.filter { !$0.allowsAutomaticApproval }, "trust")

    /// `(state = 'a' OR state = 'b')`. For `IN` with more than two texts SQLite makes a table of
    /// them at every single insert, which costs more than the insert.
    static func isOneOf(_ names: [String], _ column: String) -> String {
        "(" + names.map { "\(column) = '\($0)'" }.joined(separator: " OR ") + ")"
    }

    static func isOneOf<Value: RawRepresentable<String>>(
        _ values: [Value], _ column: String
    ) -> String {
        isOneOf(values.map(\.rawValue), column)
    }
}

// MARK: - Version 1

extension Schema {
    private static let version1 = people + mails + payments + bookings + work + books + alarms

    private static let trusts = ["verified", "vouched", "unverified", "forged"]

    private static let people = """
        CREATE TABLE setting (
            name TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- One person, registrant or payer. Destroying the key makes all that is sealed unreadable.
        CREATE TABLE subject (
            id INTEGER PRIMARY KEY,
            wrapped_key BLOB,
            destroyed_at INTEGER,
            CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
        ) STRICT;

        -- Rows stand in the order in which they came: adding one ends no page in the middle.
        CREATE TABLE registration (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 200),
            event TEXT NOT NULL,
            subject INTEGER NOT NULL REFERENCES subject (id),
            due_minor INTEGER NOT NULL CHECK (due_minor BETWEEN 0 AND 10000000000000),
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            reference TEXT NOT NULL UNIQUE CHECK (length(reference) = 9),
            state TEXT NOT NULL CHECK \(isOneOf(RegistrationState.allCases, "state")),
            state_since INTEGER NOT NULL,
            registered_at INTEGER NOT NULL,
            -- The part of due_minor that only makes the sum unmistakable.
            own_minor INTEGER NOT NULL DEFAULT 0 CHECK (own_minor BETWEEN 0 AND due_minor),
            remembers_payer INTEGER NOT NULL DEFAULT 0 CHECK (remembers_payer IN (0, 1)),
            -- Kept by the triggers of booking.
            paid_minor INTEGER NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
            ticket_token TEXT NOT NULL UNIQUE CHECK (length(ticket_token) = 16),
            content_hash BLOB NOT NULL,
            email_hash BLOB,
            phone_hash BLOB,
            -- Names as keyed hashes (`PersonName.words`, `NameHandles`): near ones are found without
            -- reading every name. What was asked for stands beside them in the indexes, so that
            -- those who may owe a sum come first.
            name_hash INTEGER,
            given_hash INTEGER,
            surname_hash INTEGER,
            initials_hash INTEGER,
            personal BLOB NOT NULL
        ) STRICT;
        CREATE INDEX registration_name ON registration (name_hash);
        CREATE INDEX registration_given ON registration (given_hash, due_minor);
        CREATE INDEX registration_surname
            ON registration (surname_hash, initials_hash, due_minor);
        CREATE INDEX registration_initials ON registration (initials_hash, due_minor);
        CREATE INDEX registration_email ON registration (email_hash);
        CREATE INDEX registration_phone ON registration (phone_hash);
        CREATE INDEX registration_open ON registration (currency, due_minor - paid_minor)
            WHERE due_minor > paid_minor;
        -- Seats taken, and whose time to pay is over.
        CREATE INDEX registration_own ON registration (due_minor) WHERE own_minor > 0;
        CREATE INDEX registration_event ON registration (event, state, state_since);

        -- Who paid for whom before, as keyed hashes, for guests who agreed to it.
        CREATE TABLE payer_memory (
            payer BLOB NOT NULL,
            guest BLOB NOT NULL,
            -- The decision it was learned from, 0 for none: undone, it is forgotten.
            decision INTEGER NOT NULL,
            learned_at INTEGER NOT NULL,
            PRIMARY KEY (payer, guest, decision)
        ) STRICT, WITHOUT ROWID;

        """

    private static let mails = """
        CREATE TABLE mail (
            id INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL,
            -- Counts the folder's numberings: some servers set UIDs back under one UIDVALIDITY.
            epoch INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            identity BLOB CHECK (length(identity) = 32),
            size_bytes INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK \(isOneOf(MailState.names, "state")),
            outcome TEXT NOT NULL,
            rule TEXT,
            rule_digest BLOB,
            trust TEXT NOT NULL CHECK \(isOneOf(trusts, "trust")),
            trust_by TEXT,
            policy TEXT,
            reasons TEXT NOT NULL CHECK (json_valid(reasons)),
            explanation TEXT,
            retry_at INTEGER,
            -- What a held mail waits for: KeyWait.
            key_rank INTEGER CHECK (key_rank BETWEEN 0 AND 3),
            key_domain TEXT CHECK (length(key_domain) <= 253),
            copy_of INTEGER REFERENCES mail (id),
            subject INTEGER REFERENCES subject (id),
            -- What the server calls the mail in every folder, if it does.
            lasting_name TEXT CHECK (length(lasting_name) <= 300),
            shape TEXT CHECK (length(shape) = 16),
            -- What was noticed while reading: names with commas between them.
            notes TEXT NOT NULL CHECK (length(notes) <= 300),
            -- Only its beginning was fetched.
            is_truncated INTEGER NOT NULL CHECK (is_truncated IN (0, 1)),
            -- Of a mail that the server did not hand out: from then on it is asked for again.
            ask_again_at INTEGER CHECK (ask_again_at IS NULL OR is_truncated = 1),
            UNIQUE (account, folder, uidvalidity, epoch, uid),
            CHECK ((state = 'held') = (retry_at IS NOT NULL)),
            CHECK (key_rank IS NULL OR state = 'held')
        ) STRICT;
        CREATE UNIQUE INDEX mail_identity ON mail (identity)
            WHERE state = 'settled' AND copy_of IS NULL AND identity IS NOT NULL;
        CREATE INDEX mail_lasting_name ON mail (account, lasting_name)
            WHERE lasting_name IS NOT NULL;
        CREATE INDEX mail_sha256 ON mail (sha256);
        -- What waits to be read: new mails, those whose key may be had now, and those that rules
        -- did not understand.
        CREATE INDEX mail_stored ON mail (id) WHERE state = 'stored';
        CREATE INDEX mail_held ON mail (retry_at) WHERE state = 'held';
        CREATE INDEX mail_unread ON mail (rule_digest, id)
            WHERE outcome IN ('unread', 'unclear') AND copy_of IS NULL
                AND state <> 'stored' AND state <> 'held';
        CREATE INDEX mail_missing ON mail (account, folder, ask_again_at)
            WHERE ask_again_at IS NOT NULL;
        CREATE INDEX mail_subject ON mail (subject) WHERE subject IS NOT NULL;

        -- By what a proven mail is known again that came a second way: digests of what it says, and
        -- of its Message-ID and Date.
        CREATE TABLE mail_mark (
            mark BLOB NOT NULL CHECK (length(mark) = 32),
            mail INTEGER NOT NULL REFERENCES mail (id),
            PRIMARY KEY (mark, mail)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mail_mark_mail ON mail_mark (mail);

        -- Apart, so that lists of mails do not read through the raw bytes.
        CREATE TABLE mail_raw (
            mail INTEGER PRIMARY KEY REFERENCES mail (id),
            raw BLOB NOT NULL
        ) STRICT;

        """

    private static let payments = """
        CREATE TABLE payment (
            id INTEGER PRIMARY KEY,
            mail INTEGER NOT NULL REFERENCES mail (id),
            movement INTEGER NOT NULL CHECK (movement >= 1),
            subject INTEGER NOT NULL REFERENCES subject (id),
            amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000000),
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            occurred_at INTEGER NOT NULL,
            time_from TEXT NOT NULL CHECK (time_from IN ('body', 'arrival')),
            reference TEXT,
            transaction_hash BLOB,
            trust TEXT NOT NULL CHECK \(isOneOf(trusts, "trust")),
            rule TEXT NOT NULL,
            state TEXT NOT NULL CHECK \(isOneOf(PaymentState.allCases, "state")),
            verdict TEXT NOT NULL CHECK \(isOneOf(Verdict.Kind.allCases, "verdict")),
            reasons TEXT NOT NULL CHECK (json_valid(reasons)),
            -- Another notice of the same transfer; this row then holds no money.
            same_as INTEGER REFERENCES payment (id) CHECK (same_as <> id),
            payer_hash BLOB,
            personal BLOB NOT NULL,
            CHECK (same_as IS NULL OR state = 'ignored'),
            UNIQUE (mail, movement)
        ) STRICT;
        CREATE INDEX payment_transaction ON payment (transaction_hash, occurred_at)
            WHERE transaction_hash IS NOT NULL;
        CREATE INDEX payment_state ON payment (state);
        CREATE INDEX payment_subject ON payment (subject);
        CREATE INDEX payment_amount ON payment (amount_minor, occurred_at, rule);
        CREATE INDEX payment_rule ON payment (amount_minor, rule);
        CREATE INDEX payment_unproven ON payment (amount_minor, occurred_at) WHERE \(isUnproven);
        CREATE INDEX payment_same ON payment (same_as) WHERE same_as IS NOT NULL;

        -- One answer of the agent or of a person: what it changed is found from here and can be
        -- taken back as a whole, once.
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 100),
            payment INTEGER REFERENCES payment (id),
            payment_before TEXT,
            decided_at INTEGER NOT NULL,
            undoes INTEGER UNIQUE REFERENCES decision (id),
            CHECK ((payment IS NULL) = (payment_before IS NULL))
        ) STRICT;
        CREATE INDEX decision_payment ON decision (payment);

        -- A registration as it was before a decision changed it.
        CREATE TABLE state_change (
            id INTEGER PRIMARY KEY,
            decision INTEGER NOT NULL REFERENCES decision (id),
            registration TEXT NOT NULL REFERENCES registration (id),
            state_before TEXT NOT NULL,
            since_before INTEGER NOT NULL,
            due_before INTEGER NOT NULL,
            own_before INTEGER NOT NULL,
            state_after TEXT NOT NULL
        ) STRICT;
        CREATE INDEX state_change_decision ON state_change (decision);
        CREATE INDEX state_change_registration ON state_change (registration);

        """

    private static let work = """
        CREATE TABLE review (
            id INTEGER PRIMARY KEY,
            payment INTEGER REFERENCES payment (id),
            mail INTEGER REFERENCES mail (id),
            kind TEXT NOT NULL,
            reasons TEXT NOT NULL CHECK (json_valid(reasons)),
            candidates TEXT NOT NULL CHECK (json_valid(candidates)),
            -- What the mail says went back, where the question is how much of which payment.
            amount_minor INTEGER CHECK (amount_minor > 0),
            currency TEXT,
            opened_at INTEGER NOT NULL,
            closed_at INTEGER,
            decision TEXT,
            -- Counts changes, so that an answer to an older question is noticed.
            revision INTEGER NOT NULL DEFAULT 1,
            opened_by INTEGER REFERENCES decision (id),
            closed_by INTEGER REFERENCES decision (id),
            -- The undoing of the answer that it had.
            reopened_by INTEGER REFERENCES decision (id),
            CHECK ((payment IS NULL) <> (mail IS NULL)),
            CHECK ((amount_minor IS NULL) = (currency IS NULL)),
            CHECK ((closed_at IS NULL) = (decision IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX review_payment ON review (payment)
            WHERE closed_at IS NULL AND payment IS NOT NULL;
        CREATE UNIQUE INDEX review_mail ON review (mail)
            WHERE closed_at IS NULL AND mail IS NOT NULL;

        -- What a mail says was taken back of a payment that was not known then: its notice may come
        -- later.
        CREATE TABLE retraction (
            mail INTEGER NOT NULL REFERENCES mail (id),
            place INTEGER NOT NULL,
            bank TEXT NOT NULL,
            transaction_hash BLOB,
            PRIMARY KEY (mail, place)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX retraction_number ON retraction (transaction_hash, bank)
            WHERE transaction_hash IS NOT NULL;

        CREATE TABLE effect (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            registration TEXT NOT NULL REFERENCES registration (id),
            after_key TEXT REFERENCES effect (key),
            round INTEGER NOT NULL DEFAULT 1 CHECK (round >= 1),
            decision INTEGER REFERENCES decision (id),
            -- Its reason was taken back: the next one of its kind is a new round.
            revoked_at INTEGER,
            -- The decision that took its reason away; undone, the effect is meant again.
            withheld_by INTEGER REFERENCES decision (id),
            state TEXT NOT NULL CHECK \(isOneOf(EffectState.allCases, "state")),
            attempts INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER,
            handle TEXT,
            started_at INTEGER,
            reconcile_count INTEGER NOT NULL DEFAULT 0,
            last_error TEXT CHECK (length(last_error) <= 64),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK (state NOT IN ('waiting', 'unknown') OR not_before IS NOT NULL),
            CHECK (state <> 'running' OR started_at IS NOT NULL)
        ) STRICT;
        CREATE INDEX effect_due ON effect (kind, state, not_before);
        CREATE INDEX effect_registration ON effect (registration);
        CREATE INDEX effect_decision ON effect (decision) WHERE decision IS NOT NULL;
        CREATE INDEX effect_withheld ON effect (withheld_by) WHERE withheld_by IS NOT NULL;

        CREATE TABLE cursor (
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            floor INTEGER NOT NULL,
            -- UIDs up to here are older than the look-back of this epoch. Null: not known yet.
            base INTEGER,
            uid_next INTEGER,
            seen_at INTEGER NOT NULL,
            recent_scan_at INTEGER,
            full_scan_at INTEGER,
            PRIMARY KEY (account, folder)
        ) STRICT, WITHOUT ROWID;

        -- Mails that are still to be flagged or moved on the server; gone when that is done.
        CREATE TABLE after_care (
            mail INTEGER PRIMARY KEY REFERENCES mail (id),
            account TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            last_error TEXT CHECK (length(last_error) <= 200)
        ) STRICT;
        CREATE INDEX after_care_due ON after_care (account, not_before);

        -- How each folder is being watched, as the running agent last said.
        CREATE TABLE watch_state (
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            state TEXT NOT NULL CHECK (length(state) <= 32),
            since INTEGER NOT NULL,
            detail TEXT CHECK (length(detail) <= 32),
            PRIMARY KEY (account, folder)
        ) STRICT, WITHOUT ROWID;

        """

    private static let books = """
        -- What DNS answered for a signing key and when; kept, so that old mail still verifies.
        CREATE TABLE dns_key (
            name TEXT NOT NULL,
            fetched_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            answer TEXT,
            PRIMARY KEY (name, fetched_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            what TEXT NOT NULL,
            detail TEXT NOT NULL CHECK (json_valid(detail)),
            prev BLOB NOT NULL CHECK (length(prev) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is only added to');
        END;
        CREATE TRIGGER audit_kept BEFORE DELETE ON audit
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is only added to');
        END;

        """
}
