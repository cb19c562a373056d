// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// The table of the double entry, with the triggers that keep it right whatever the code above it
/// believes: an amount moves from one account to another, never out of nothing, and no row is ever
/// changed or deleted.
extension Schema {
    private static let accounts = ["bank", "unallocated", "credit", "refund_due", "refunded"]

    static let bookings = """
        -- One row moves an amount out of `debit` into `credit`: the sum over all accounts is zero.
        CREATE TABLE booking (
            id INTEGER PRIMARY KEY,
            payment INTEGER NOT NULL REFERENCES payment (id),
            debit TEXT NOT NULL,
            credit TEXT NOT NULL,
            amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000000),
            currency TEXT NOT NULL,
            booked_at INTEGER NOT NULL,
            -- The registration that the step is about, also where neither account names it.
            about TEXT REFERENCES registration (id),
            decision INTEGER REFERENCES decision (id),
            CHECK (debit <> credit),
            CHECK (debit NOT GLOB 'registration:?*' OR substr(debit, 14) = about),
            CHECK (credit NOT GLOB 'registration:?*' OR substr(credit, 14) = about),
            CHECK (debit <> 'bank' OR credit = 'unallocated'),
            CHECK (credit <> 'bank' OR debit = 'unallocated'),
            CHECK (debit <> 'refunded' OR credit = 'refund_due'),
            CHECK (credit <> 'refunded' OR debit = 'refund_due'),
            CHECK (\(isOneOf(accounts, "debit")) OR debit GLOB 'registration:?*'),
            CHECK (\(isOneOf(accounts, "credit")) OR credit GLOB 'registration:?*')
        ) STRICT;
        CREATE INDEX booking_payment ON booking (payment);
        CREATE INDEX booking_about ON booking (about) WHERE about IS NOT NULL;
        CREATE INDEX booking_decision ON booking (decision) WHERE decision IS NOT NULL;
        CREATE INDEX booking_debit ON booking (debit) WHERE debit GLOB 'registration:?*';
        CREATE INDEX booking_credit ON booking (credit) WHERE credit GLOB 'registration:?*';

        CREATE TRIGGER booking_received_whole BEFORE INSERT ON booking WHEN NEW.debit = 'bank'
        BEGIN
            SELECT RAISE(ABORT, 'a payment is received whole')
            WHERE NOT EXISTS (
                    SELECT 1 FROM booking WHERE payment = NEW.payment AND debit = 'bank')
                AND (SELECT amount_minor FROM payment WHERE id = NEW.payment) <> NEW.amount_minor;
            SELECT RAISE(ABORT, 'a payment is received once')
            WHERE NEW.amount_minor + coalesce((
                    SELECT sum(iif(debit = 'bank', amount_minor, -amount_minor)) FROM booking
                    WHERE payment = NEW.payment AND 'bank' IN (debit, credit)), 0)
                > (SELECT amount_minor FROM payment WHERE id = NEW.payment);
            SELECT RAISE(ABORT, 'another notice of a transfer brings no money')
            WHERE (SELECT same_as FROM payment WHERE id = NEW.payment) IS NOT NULL;
        END;
        CREATE TRIGGER booking_currency BEFORE INSERT ON booking
        BEGIN
            SELECT RAISE(ABORT, 'a booking has the currency of its payment')
            WHERE (SELECT currency FROM payment WHERE id = NEW.payment) <> NEW.currency;
        END;
        -- For every payment, no account but the bank gives more than it got.
        CREATE TRIGGER booking_covered BEFORE INSERT ON booking WHEN NEW.debit <> 'bank'
        BEGIN
            SELECT RAISE(ABORT, 'no more is allocated than the payment brought')
            WHERE NEW.amount_minor > coalesce((
                SELECT sum(iif(credit = NEW.debit, amount_minor, -amount_minor))
                FROM booking
                WHERE payment = NEW.payment AND NEW.debit IN (debit, credit)
                    AND (NEW.debit = 'unallocated' OR about IS NEW.about)), 0);
        END;
        CREATE TRIGGER booking_registration BEFORE INSERT ON booking
            WHEN NEW.credit GLOB 'registration:?*'
        BEGIN
            SELECT RAISE(ABORT, 'a registration is paid in its own currency')
            WHERE NOT EXISTS (
                SELECT 1 FROM registration
                WHERE id = substr(NEW.credit, 14) AND currency = NEW.currency);
        END;
        CREATE TRIGGER booking_paid AFTER INSERT ON booking WHEN NEW.credit GLOB 'registration:?*'
        BEGIN
            UPDATE registration SET paid_minor = paid_minor + NEW.amount_minor
            WHERE id = substr(NEW.credit, 14);
        END;
        CREATE TRIGGER booking_unpaid AFTER INSERT ON booking WHEN NEW.debit GLOB 'registration:?*'
        BEGIN
            UPDATE registration SET paid_minor = paid_minor - NEW.amount_minor
            WHERE id = substr(NEW.debit, 14);
        END;
        CREATE TRIGGER booking_stays BEFORE UPDATE ON booking
        BEGIN
            SELECT RAISE(ABORT, 'a booking is undone by another one, never changed');
        END;
        CREATE TRIGGER booking_kept BEFORE DELETE ON booking
        BEGIN
            SELECT RAISE(ABORT, 'a booking is undone by another one, never deleted');
        END;
        CREATE TRIGGER payment_amount_stays BEFORE UPDATE OF amount_minor, currency ON payment
        BEGIN
            SELECT RAISE(ABORT, 'the amount of a payment is a fact');
        END;

        """
}
