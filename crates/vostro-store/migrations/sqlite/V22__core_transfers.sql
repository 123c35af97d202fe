-- Movements that a core banking system carries out: what a customer was shown and confirmed, and what came of it.
-- The customer and the accounts are the core's, so they name no rows.
CREATE TABLE core_transfers (
    pk              INTEGER PRIMARY KEY,
    confirmation_id TEXT    NOT NULL UNIQUE,
    customer_id     TEXT    NOT NULL,
    intent          TEXT    NOT NULL CHECK (json_valid(intent)),
    intent_hash     BLOB    NOT NULL CHECK (length(intent_hash) = 32),
    status          TEXT    NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'sent', 'posted', 'declined', 'cancelled', 'expired', 'given_up')),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    resolved_at     INTEGER,
    receipt         TEXT    CHECK (json_valid(receipt)),
    CHECK ((status IN ('open', 'sent')) = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (receipt IS NOT NULL)),
    CHECK (status NOT IN ('sent', 'posted', 'declined', 'given_up') OR sent_at IS NOT NULL)
) STRICT;
CREATE INDEX core_transfers_sent ON core_transfers (sent_at) WHERE status = 'sent';

CREATE TRIGGER core_transfers_end_once BEFORE UPDATE ON core_transfers
WHEN OLD.status NOT IN ('open', 'sent')
    OR (OLD.status = 'sent' AND NEW.status NOT IN ('posted', 'declined', 'given_up'))
    OR NEW.confirmation_id IS NOT OLD.confirmation_id
    OR NEW.customer_id IS NOT OLD.customer_id
    OR NEW.intent IS NOT OLD.intent
    OR NEW.intent_hash IS NOT OLD.intent_hash
BEGIN
    SELECT RAISE(ABORT, 'a movement ends once and keeps its terms');
END;
CREATE TRIGGER core_transfers_stay BEFORE DELETE ON core_transfers
BEGIN
    SELECT RAISE(ABORT, 'movements are not deleted');
END;
