-- What a customer may change besides moving money: cards, contact details, alerts, trips, cases. Payees
-- are in V1.
--
-- A change is made by its confirmation and keeps its row in service_changes, so that the same confirmation
-- does nothing twice.

CREATE TABLE service_changes (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    change      TEXT    NOT NULL CHECK (json_valid(change)),
    change_hash BLOB    NOT NULL CHECK (length(change_hash) = 32),
    reference   TEXT,
    at          INTEGER NOT NULL
) STRICT;
CREATE TRIGGER service_changes_are_final BEFORE UPDATE ON service_changes
BEGIN
    SELECT RAISE(ABORT, 'a change is made once and keeps its terms');
END;

-- Only the end of a card's number is ever kept.
CREATE TABLE cards (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    account_pk  INTEGER NOT NULL REFERENCES accounts (pk),
    kind        TEXT    NOT NULL CHECK (kind IN ('debit', 'credit')),
    name        TEXT    NOT NULL,
    last_four   TEXT    NOT NULL CHECK (length(last_four) = 4),
    status      TEXT    NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'frozen', 'blocked', 'ordered')),
    limit_minor INTEGER NOT NULL CHECK (limit_minor >= 0),
    arrives_on  TEXT,
    replaces_pk INTEGER UNIQUE REFERENCES cards (pk)
) STRICT;
CREATE INDEX cards_of_customer ON cards (customer_pk, pk);
CREATE TRIGGER cards_stay_blocked BEFORE UPDATE ON cards
WHEN OLD.status = 'blocked' AND NEW.status <> 'blocked'
BEGIN
    SELECT RAISE(ABORT, 'a blocked card stays blocked');
END;

CREATE TABLE contact_details (
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    contact     TEXT    NOT NULL CHECK (contact IN ('email', 'phone', 'address')),
    value       TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (customer_pk, contact)
) STRICT, WITHOUT ROWID;

-- is_armed: whether the balance was at the amount or above it since the alert was last told of.
CREATE TABLE alerts (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    account_pk  INTEGER NOT NULL REFERENCES accounts (pk),
    below_minor INTEGER NOT NULL CHECK (below_minor > 0),
    is_armed    INTEGER NOT NULL DEFAULT 1 CHECK (is_armed IN (0, 1)),
    created_at  INTEGER NOT NULL,
    removed_at  INTEGER
) STRICT;
CREATE INDEX alerts_of_customer ON alerts (customer_pk, pk) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX alerts_once ON alerts (account_pk, below_minor) WHERE removed_at IS NULL;

CREATE TABLE travel_notices (
    pk          INTEGER PRIMARY KEY,
    customer_pk INTEGER NOT NULL REFERENCES customers (pk),
    place       TEXT    NOT NULL,
    from_on     TEXT    NOT NULL,
    until_on    TEXT    NOT NULL,
    CHECK (until_on >= from_on)
) STRICT;
CREATE INDEX travel_notices_of_customer ON travel_notices (customer_pk, until_on);

CREATE TABLE cases (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    customer_pk  INTEGER NOT NULL REFERENCES customers (pk),
    transfer_pk  INTEGER NOT NULL REFERENCES transfers (pk),
    description  TEXT    NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency     TEXT    NOT NULL CHECK (length(currency) = 3),
    reason       TEXT    NOT NULL,
    status       TEXT    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    opened_at    INTEGER NOT NULL,
    closed_at    INTEGER,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
) STRICT;
CREATE INDEX cases_of_customer ON cases (customer_pk, pk);
CREATE UNIQUE INDEX cases_once ON cases (customer_pk, transfer_pk) WHERE status = 'open';
