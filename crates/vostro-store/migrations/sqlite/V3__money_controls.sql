-- Transfers in two phases, reversals, and the stop of all money.

-- A pending transfer is posted from settles_at on, and given up from expires_at on. posted_minor is what
-- was posted where that is less than what was confirmed.
ALTER TABLE transfers ADD COLUMN settles_at INTEGER;
ALTER TABLE transfers ADD COLUMN posted_minor INTEGER CHECK (posted_minor BETWEEN 1 AND amount_minor);
CREATE INDEX transfers_settling ON transfers (settles_at) WHERE status = 'pending';
CREATE INDEX transfers_waiting ON transfers (customer_pk, pk) WHERE status = 'pending';
CREATE UNIQUE INDEX transfers_reversed_once ON transfers (reverses_pk) WHERE reverses_pk IS NOT NULL;

-- A confirmation may also have been used to place a transfer: its receipt is then the placement's.
CREATE TABLE confirmations_next (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    intent      TEXT    NOT NULL CHECK (json_valid(intent)),
    intent_hash BLOB    NOT NULL CHECK (length(intent_hash) = 32),
    status      TEXT    NOT NULL DEFAULT 'open'
                CHECK (status IN ('open', 'posted', 'placed', 'declined', 'cancelled', 'expired')),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    resolved_at INTEGER,
    transfer_pk INTEGER UNIQUE REFERENCES transfers (pk),
    receipt     TEXT    CHECK (json_valid(receipt)),
    CHECK ((status = 'open') = (resolved_at IS NULL)),
    CHECK ((status IN ('posted', 'placed')) = (transfer_pk IS NOT NULL)),
    CHECK ((status = 'posted') = (receipt IS NOT NULL))
) STRICT;
INSERT INTO confirmations_next
    (pk, id, customer_pk, intent, intent_hash, status, created_at, expires_at, resolved_at, transfer_pk, receipt)
SELECT pk, id, customer_pk, intent, intent_hash, status, created_at, expires_at, resolved_at, transfer_pk, receipt
FROM confirmations;
DROP TABLE confirmations;
ALTER TABLE confirmations_next RENAME TO confirmations;
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

-- What posting a pending transfer takes, kept from when it was confirmed; receipt is what was answered
-- when it was posted.
CREATE TABLE placements (
    transfer_pk       INTEGER PRIMARY KEY REFERENCES transfers (pk),
    confirmation_pk   INTEGER NOT NULL UNIQUE REFERENCES confirmations (pk),
    hold_pk           INTEGER NOT NULL UNIQUE REFERENCES holds (pk),
    biller_pk         INTEGER REFERENCES billers (pk),
    category          TEXT    NOT NULL,
    merchant          TEXT,
    source_reads      TEXT    NOT NULL,
    destination_reads TEXT    NOT NULL,
    receipt           TEXT    CHECK (json_valid(receipt))
) STRICT;

CREATE TRIGGER placements_resolve_once BEFORE UPDATE ON placements
WHEN OLD.receipt IS NOT NULL
    OR NEW.transfer_pk IS NOT OLD.transfer_pk
    OR NEW.confirmation_pk IS NOT OLD.confirmation_pk
    OR NEW.hold_pk IS NOT OLD.hold_pk
BEGIN
    SELECT RAISE(ABORT, 'a placement is posted once and keeps its terms');
END;
CREATE TRIGGER placements_stay BEFORE DELETE ON placements
BEGIN
    SELECT RAISE(ABORT, 'placements are not deleted');
END;

CREATE VIEW placed AS
SELECT t.pk AS transfer_pk, t.id AS transfer_id, t.status, t.customer_pk, c.id AS customer_id,
       t.created_at, t.settles_at, t.expires_at, p.confirmation_pk, f.id AS confirmation_id, f.intent,
       p.hold_pk, p.biller_pk, p.category, p.merchant, p.source_reads, p.destination_reads, p.receipt,
       s.id AS source_id, d.id AS destination_id
FROM transfers t
JOIN placements p ON p.transfer_pk = t.pk
JOIN confirmations f ON f.pk = p.confirmation_pk
JOIN customers c ON c.pk = t.customer_pk
JOIN accounts s ON s.pk = t.source_pk
JOIN accounts d ON d.pk = t.destination_pk;

-- What a reversal took back from a bill; beside bill_payments, which stay.
CREATE TABLE bill_reopenings (
    bill_pk      INTEGER NOT NULL REFERENCES bills (pk),
    transfer_pk  INTEGER NOT NULL REFERENCES transfers (pk),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (bill_pk, transfer_pk)
) STRICT, WITHOUT ROWID;

-- Whether money commands are carried out, and who ordered it last: the one row.
CREATE TABLE money_switch (
    only_one   INTEGER PRIMARY KEY CHECK (only_one = 1),
    stopped    INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    ordered_by TEXT,
    reason     TEXT,
    ordered_at INTEGER
) STRICT;
INSERT INTO money_switch (only_one, stopped) VALUES (1, 0);

CREATE TRIGGER money_switch_stays BEFORE DELETE ON money_switch
BEGIN
    SELECT RAISE(ABORT, 'the switch is turned, never removed');
END;
