-- The books, the confirmations, the conversations' memory, the audit trail and the outbox.
--
-- Amounts are whole minor units (cents). Instants are microseconds since 1970-01-01 UTC. Days are
-- 'YYYY-MM-DD'. JSON is TEXT. What money did is append-only, and triggers say so; what may change
-- (a transfer's status, a hold's, a confirmation's) changes once.

PRAGMA application_id = 1448301650; -- the bytes 'VSTR'

CREATE TABLE customers (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    display_name TEXT    NOT NULL,
    is_demo      INTEGER NOT NULL CHECK (is_demo IN (0, 1)),
    opened_at    INTEGER NOT NULL
) STRICT;

-- A customer's account has an owner, a number, a floor, and a balance that every posting updates.
-- The bank's own accounts have none of these: they are hot, so postings only append entries, and
-- balance_minor holds the entries up to sequence rolled_up_to.
CREATE TABLE accounts (
    pk            INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    customer_pk   INTEGER REFERENCES customers (pk),
    kind          TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    number        TEXT    UNIQUE,
    currency      TEXT    NOT NULL CHECK (length(currency) = 3),
    status        TEXT    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'frozen', 'closed')),
    balance_minor INTEGER NOT NULL DEFAULT 0,
    held_minor    INTEGER NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
    floor_minor   INTEGER,
    rolled_up_to  INTEGER,
    position      INTEGER NOT NULL DEFAULT 0,
    opened_at     INTEGER NOT NULL,
    CHECK ((customer_pk IS NULL) = (number IS NULL)),
    CHECK ((customer_pk IS NULL) = (floor_minor IS NULL)),
    CHECK ((customer_pk IS NULL) = (rolled_up_to IS NOT NULL)),
    CHECK (floor_minor IS NULL OR balance_minor - held_minor >= floor_minor)
) STRICT;
CREATE INDEX accounts_by_customer ON accounts (customer_pk, position) WHERE customer_pk IS NOT NULL;
CREATE INDEX accounts_of_bank ON accounts (kind, currency) WHERE customer_pk IS NULL;

CREATE TABLE payees (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    name        TEXT    NOT NULL,
    aliases     TEXT    NOT NULL CHECK (json_valid(aliases)),
    number      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    removed_at  INTEGER
) STRICT;
CREATE INDEX payees_by_customer ON payees (customer_pk, pk) WHERE removed_at IS NULL;

CREATE TABLE billers (
    pk         INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    aliases    TEXT    NOT NULL CHECK (json_valid(aliases)),
    category   TEXT    NOT NULL,
    account_pk INTEGER NOT NULL REFERENCES accounts (pk)
) STRICT;

CREATE TABLE customer_billers (
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    biller_pk   INTEGER NOT NULL REFERENCES billers (pk),
    reference   TEXT    NOT NULL,
    PRIMARY KEY (customer_pk, biller_pk)
) STRICT, WITHOUT ROWID;

CREATE TABLE bills (
    pk           INTEGER PRIMARY KEY,
    customer_pk  INTEGER NOT NULL,
    biller_pk    INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    paid_minor   INTEGER NOT NULL DEFAULT 0 CHECK (paid_minor BETWEEN 0 AND amount_minor),
    currency     TEXT    NOT NULL CHECK (length(currency) = 3),
    issued_on    TEXT    NOT NULL,
    due_on       TEXT    NOT NULL,
    FOREIGN KEY (customer_pk, biller_pk) REFERENCES customer_billers (customer_pk, biller_pk)
) STRICT;
CREATE INDEX bills_open ON bills (customer_pk, biller_pk, due_on) WHERE paid_minor < amount_minor;

-- One decision to move money. The order of pk is the order of the books. A transfer that waits
-- (pending, its funds held) resolves once: posted, voided or expired.
CREATE TABLE transfers (
    pk              INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    idempotency_key TEXT    UNIQUE,
    kind            TEXT    NOT NULL,
    status          TEXT    NOT NULL CHECK (status IN ('pending', 'posted', 'voided', 'expired')),
    customer_pk     INTEGER REFERENCES customers (pk),
    source_pk       INTEGER NOT NULL REFERENCES accounts (pk),
    destination_pk  INTEGER NOT NULL REFERENCES accounts (pk),
    currency        TEXT    NOT NULL CHECK (length(currency) = 3),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor > 0),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    resolved_at     INTEGER,
    reverses_pk     INTEGER REFERENCES transfers (pk),
    CHECK (source_pk <> destination_pk),
    CHECK ((status = 'pending') = (resolved_at IS NULL))
) STRICT;
CREATE INDEX transfers_outgoing ON transfers (customer_pk, created_at)
    WHERE kind IN ('payee_transfer', 'bill_payment');
CREATE INDEX transfers_pending ON transfers (expires_at) WHERE status = 'pending';

CREATE TRIGGER transfers_resolve_once BEFORE UPDATE ON transfers
WHEN OLD.status <> 'pending'
    OR NEW.pk IS NOT OLD.pk
    OR NEW.id IS NOT OLD.id
    OR NEW.idempotency_key IS NOT OLD.idempotency_key
    OR NEW.kind IS NOT OLD.kind
    OR NEW.customer_pk IS NOT OLD.customer_pk
    OR NEW.source_pk IS NOT OLD.source_pk
    OR NEW.destination_pk IS NOT OLD.destination_pk
    OR NEW.currency IS NOT OLD.currency
    OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.reverses_pk IS NOT OLD.reverses_pk
BEGIN
    SELECT RAISE(ABORT, 'a transfer resolves once and keeps its terms');
END;
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'transfers are not deleted');
END;

-- The lines of posted transfers. Their sum per transfer and currency is zero.
CREATE TABLE entries (
    sequence            INTEGER PRIMARY KEY,
    transfer_pk         INTEGER NOT NULL REFERENCES transfers (pk),
    account_pk          INTEGER NOT NULL REFERENCES accounts (pk),
    customer_pk         INTEGER REFERENCES customers (pk),
    amount_minor        INTEGER NOT NULL CHECK (amount_minor <> 0),
    balance_after_minor INTEGER,
    posted_at           INTEGER NOT NULL,
    category            TEXT    NOT NULL,
    description         TEXT    NOT NULL,
    merchant            TEXT,
    CHECK ((customer_pk IS NULL) = (balance_after_minor IS NULL))
) STRICT;
CREATE INDEX entries_by_transfer ON entries (transfer_pk);
CREATE INDEX entries_by_account ON entries (account_pk, sequence);
CREATE INDEX entries_by_customer ON entries (customer_pk, sequence) WHERE customer_pk IS NOT NULL;
CREATE INDEX entries_by_time ON entries (customer_pk, posted_at, sequence)
    WHERE customer_pk IS NOT NULL;

CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are append-only');
END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are append-only');
END;

CREATE TABLE bill_payments (
    bill_pk      INTEGER NOT NULL REFERENCES bills (pk),
    transfer_pk  INTEGER NOT NULL REFERENCES transfers (pk),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (bill_pk, transfer_pk)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_payments_by_transfer ON bill_payments (transfer_pk);

-- Funds put aside; accounts.held_minor is the sum of those that are still held.
CREATE TABLE holds (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    account_pk   INTEGER NOT NULL REFERENCES accounts (pk),
    transfer_pk  INTEGER REFERENCES transfers (pk),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    reason       TEXT    NOT NULL,
    status       TEXT    NOT NULL DEFAULT 'held'
                 CHECK (status IN ('held', 'captured', 'released', 'expired')),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    resolved_at  INTEGER,
    CHECK ((status = 'held') = (resolved_at IS NULL))
) STRICT;
CREATE INDEX holds_active ON holds (account_pk) WHERE status = 'held';
CREATE INDEX holds_expiring ON holds (expires_at) WHERE status = 'held';

CREATE TRIGGER holds_resolve_once BEFORE UPDATE ON holds
WHEN OLD.status <> 'held'
    OR NEW.account_pk IS NOT OLD.account_pk
    OR NEW.amount_minor IS NOT OLD.amount_minor
BEGIN
    SELECT RAISE(ABORT, 'a hold resolves once and keeps its terms');
END;

-- What a customer was asked and answered. 'open' is left once; receipt is what was answered then.
CREATE TABLE confirmations (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    intent      TEXT    NOT NULL CHECK (json_valid(intent)),
    intent_hash BLOB    NOT NULL CHECK (length(intent_hash) = 32),
    status      TEXT    NOT NULL DEFAULT 'open'
                CHECK (status IN ('open', 'posted', 'declined', 'cancelled', 'expired')),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    resolved_at INTEGER,
    transfer_pk INTEGER UNIQUE REFERENCES transfers (pk),
    receipt     TEXT    CHECK (json_valid(receipt)),
    CHECK ((status = 'open') = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (transfer_pk IS NOT NULL)),
    CHECK ((status = 'posted') = (receipt IS NOT NULL))
) STRICT;
CREATE INDEX confirmations_open ON confirmations (expires_at) WHERE status = 'open';
CREATE INDEX confirmations_by_customer ON confirmations (customer_pk);

CREATE TRIGGER confirmations_single_use BEFORE UPDATE ON confirmations
WHEN OLD.status <> 'open'
    OR NEW.id IS NOT OLD.id
    OR NEW.customer_pk IS NOT OLD.customer_pk
    OR NEW.intent IS NOT OLD.intent
    OR NEW.intent_hash IS NOT OLD.intent_hash
    OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'a confirmation is used once and keeps its terms');
END;
CREATE TRIGGER confirmations_stay BEFORE DELETE ON confirmations
BEGIN
    SELECT RAISE(ABORT, 'confirmations are not deleted');
END;

-- One row per decision: what, when, in which turn, and a commitment to the particulars.
CREATE TABLE audit_events (
    sequence   INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    session_id TEXT,
    turn_id    TEXT,
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32)
) STRICT;
CREATE INDEX audit_events_by_session ON audit_events (session_id) WHERE session_id IS NOT NULL;

CREATE TRIGGER audit_events_are_final BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- What the commitment is over. Deleted when the customer is erased; never changed.
CREATE TABLE audit_details (
    sequence    INTEGER PRIMARY KEY REFERENCES audit_events (sequence),
    customer_id TEXT    NOT NULL,
    salt        BLOB    NOT NULL CHECK (length(salt) = 32),
    detail      TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE INDEX audit_details_by_customer ON audit_details (customer_id);

CREATE TRIGGER audit_details_are_final BEFORE UPDATE ON audit_details
BEGIN
    SELECT RAISE(ABORT, 'audit details are erased or kept, never changed');
END;

-- The chain over the commitments, filled in the background: one row per sealed stretch of the trail.
CREATE TABLE audit_seals (
    pk             INTEGER PRIMARY KEY,
    first_sequence INTEGER NOT NULL UNIQUE,
    last_sequence  INTEGER NOT NULL UNIQUE,
    previous_hash  BLOB    NOT NULL CHECK (length(previous_hash) = 32),
    hash           BLOB    NOT NULL CHECK (length(hash) = 32),
    key_id         TEXT    NOT NULL,
    signature      BLOB    NOT NULL,
    sealed_at      INTEGER NOT NULL,
    CHECK (last_sequence >= first_sequence)
) STRICT;

CREATE TRIGGER audit_seals_are_final BEFORE UPDATE ON audit_seals
BEGIN
    SELECT RAISE(ABORT, 'seals are append-only');
END;
CREATE TRIGGER audit_seals_stay BEFORE DELETE ON audit_seals
BEGIN
    SELECT RAISE(ABORT, 'seals are append-only');
END;

-- Events for the outside. A row is due from due_at on; taking it moves due_at past the lease.
-- AUTOINCREMENT, since receivers drop repeats by sequence and delivered rows may be pruned.
CREATE TABLE outbox (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    topic        TEXT    NOT NULL,
    payload      TEXT    NOT NULL CHECK (json_valid(payload)),
    status       TEXT    NOT NULL DEFAULT 'pending'
                 CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    resolved_at  INTEGER
) STRICT;
CREATE INDEX outbox_pending ON outbox (sequence) WHERE status = 'pending';

CREATE TABLE sessions (
    id           TEXT    PRIMARY KEY,
    customer_id  TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (json_valid(state)),
    opened_at    INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_customer ON sessions (customer_id, last_seen_at);

CREATE TABLE turns (
    pk                INTEGER PRIMARY KEY,
    id                TEXT    NOT NULL UNIQUE,
    session_id        TEXT    NOT NULL REFERENCES sessions (id),
    customer_id       TEXT    NOT NULL,
    version           INTEGER NOT NULL,
    at                INTEGER NOT NULL,
    message_masked    TEXT    NOT NULL,
    reply_masked      TEXT    NOT NULL,
    guardrails_passed INTEGER NOT NULL CHECK (guardrails_passed IN (0, 1)),
    intent            TEXT,
    commands          TEXT    NOT NULL CHECK (json_valid(commands)),
    events            TEXT    NOT NULL CHECK (json_valid(events)),
    UNIQUE (session_id, version)
) STRICT;
CREATE INDEX turns_by_customer ON turns (customer_id);
