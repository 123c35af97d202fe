-- The second factor, and what erasing a customer takes.

-- A customer's enrolment, and how they fared. secret is sealed with a key that is not in the database; it is
-- NULL for customers of whom only answers of the bank's own identity provider are counted.
CREATE TABLE second_factors (
    customer_pk   INTEGER PRIMARY KEY REFERENCES customers (pk),
    secret        BLOB,
    enrolled_at   INTEGER,
    -- The time step (RFC 6238) of the last code that was accepted: no code of it or before counts again.
    last_step     INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    blocked_until INTEGER,
    CHECK ((secret IS NULL) = (enrolled_at IS NULL))
) STRICT;

-- What waits for a second factor, bound to its content by subject_hash. 'open' is left once.
CREATE TABLE factor_demands (
    confirmation_id TEXT    NOT NULL PRIMARY KEY,
    customer_pk     INTEGER NOT NULL REFERENCES customers (pk),
    subject_hash    BLOB    NOT NULL CHECK (length(subject_hash) = 32),
    method          TEXT    NOT NULL CHECK (method IN ('code', 'approval')),
    -- For an approval: what the identity provider answers to.
    challenge_id    TEXT    UNIQUE,
    challenge_hash  BLOB    CHECK (length(challenge_hash) = 32),
    status          TEXT    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'passed', 'denied')),
    asked_at        INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    resolved_at     INTEGER,
    CHECK ((status = 'open') = (resolved_at IS NULL)),
    CHECK ((method = 'approval') = (challenge_id IS NOT NULL)),
    CHECK ((challenge_id IS NULL) = (challenge_hash IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_demands_of_customer ON factor_demands (customer_pk);

CREATE TRIGGER factor_demands_resolve_once BEFORE UPDATE ON factor_demands
WHEN OLD.status <> 'open'
    OR NEW.confirmation_id IS NOT OLD.confirmation_id
    OR NEW.customer_pk IS NOT OLD.customer_pk
    OR NEW.subject_hash IS NOT OLD.subject_hash
    OR NEW.method IS NOT OLD.method
    OR NEW.challenge_id IS NOT OLD.challenge_id
    OR NEW.challenge_hash IS NOT OLD.challenge_hash
    OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'a second factor is given once and keeps its terms');
END;

-- Whatever a program believes: what waits for a second factor moves no money without it, and a factor that
-- was given for something else is none.
CREATE TRIGGER confirmations_need_their_factor BEFORE UPDATE ON confirmations
WHEN NEW.status IN ('posted', 'placed') AND EXISTS (
    SELECT 1 FROM factor_demands d
    WHERE d.confirmation_id = NEW.id
        AND (d.status <> 'passed' OR d.customer_pk <> NEW.customer_pk OR d.subject_hash <> NEW.intent_hash)
)
BEGIN
    SELECT RAISE(ABORT, 'the second factor of this confirmation was not given');
END;

-- From then on the customer's names and texts are gone; what bookkeeping needs stays, under the bank's id.
ALTER TABLE customers ADD COLUMN erased_at INTEGER;

-- Entries stay as they are, but for the words on an erased customer's side.
DROP TRIGGER entries_are_final;
CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries
WHEN NEW.sequence IS NOT OLD.sequence
    OR NEW.transfer_pk IS NOT OLD.transfer_pk
    OR NEW.account_pk IS NOT OLD.account_pk
    OR NEW.customer_pk IS NOT OLD.customer_pk
    OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.balance_after_minor IS NOT OLD.balance_after_minor
    OR NEW.posted_at IS NOT OLD.posted_at
    OR NEW.category IS NOT OLD.category
    OR NEW.merchant IS NOT OLD.merchant
    OR NOT EXISTS (
        SELECT 1 FROM customers c WHERE c.pk = OLD.customer_pk AND c.erased_at IS NOT NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'entries are append-only');
END;

-- Erasing is setting erased_at: what bookkeeping does not need goes with it. What waits for an answer and the
-- standing orders end; that nothing is unsettled is looked at before.
CREATE TRIGGER customers_erased AFTER UPDATE OF erased_at ON customers
WHEN OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
BEGIN
    UPDATE confirmations SET status = 'cancelled', resolved_at = NEW.erased_at
    WHERE customer_pk = NEW.pk AND status = 'open';
    UPDATE schedules SET status = 'cancelled', ended_at = NEW.erased_at, next_due_on = NULL, next_at = NULL
    WHERE customer_pk = NEW.pk AND status IN ('proposed', 'active');
    DELETE FROM hand_off_messages
    WHERE hand_off_pk IN (SELECT h.pk FROM hand_offs h WHERE h.customer_id = NEW.id);
    DELETE FROM hand_offs WHERE customer_id = NEW.id;
    DELETE FROM turns WHERE customer_id = NEW.id;
    DELETE FROM sessions WHERE customer_id = NEW.id;
    DELETE FROM idempotent_requests WHERE customer_id = NEW.id;
    DELETE FROM contact_details WHERE customer_pk = NEW.pk;
    DELETE FROM travel_notices WHERE customer_pk = NEW.pk;
    DELETE FROM service_changes WHERE customer_pk = NEW.pk;
    DELETE FROM alerts WHERE customer_pk = NEW.pk;
    DELETE FROM factor_demands WHERE customer_pk = NEW.pk;
    DELETE FROM second_factors WHERE customer_pk = NEW.pk;
    UPDATE cases SET description = 'erased' WHERE customer_pk = NEW.pk;
    UPDATE payees SET name = 'erased', aliases = '[]', number = '0000',
        removed_at = coalesce(removed_at, NEW.erased_at)
    WHERE customer_pk = NEW.pk;
    UPDATE accounts SET name = 'erased' WHERE customer_pk = NEW.pk;
    -- Whom money went to, by name, stood on the customer's own side.
    UPDATE entries SET description = 'erased'
    WHERE customer_pk = NEW.pk AND description <> 'erased'
        AND transfer_pk IN (
            SELECT t.pk FROM transfers t WHERE t.kind IN ('payee_transfer', 'own_transfer')
        );
    DELETE FROM audit_details WHERE customer_id = NEW.id;
END;

-- Texts whose time is over are found by age; those that were emptied are not looked at again.
CREATE INDEX turns_with_text ON turns (at) WHERE message_masked <> '';
