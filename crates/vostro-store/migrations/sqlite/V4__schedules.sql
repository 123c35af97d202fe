-- Standing orders and their occurrences.
--
-- A schedule is its own confirmation record: 'proposed' is left once, and its terms (what its customer said
-- yes to) never change. While it is active, next_due_on is the occurrence that comes next, the one numbered
-- next_number from 0, and next_at is when it is tried. The numbers only go up, so no clock brings an
-- occurrence back.

CREATE TABLE schedules (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    customer_pk  INTEGER NOT NULL REFERENCES customers (pk),
    terms        TEXT    NOT NULL CHECK (json_valid(terms)),
    terms_hash   BLOB    NOT NULL CHECK (length(terms_hash) = 32),
    status       TEXT    NOT NULL DEFAULT 'proposed'
                 CHECK (status IN ('proposed', 'active', 'completed', 'cancelled', 'declined', 'expired')),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    ended_at     INTEGER,
    next_number  INTEGER NOT NULL DEFAULT 0 CHECK (next_number BETWEEN 0 AND 4294967295),
    next_due_on  TEXT,
    next_at      INTEGER,
    CHECK ((status IN ('proposed', 'active')) = (ended_at IS NULL)),
    CHECK (status NOT IN ('active', 'completed') OR confirmed_at IS NOT NULL),
    CHECK ((status = 'active') = (next_due_on IS NOT NULL)),
    CHECK ((status = 'active') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX schedules_due ON schedules (next_at, pk) WHERE status = 'active';
CREATE INDEX schedules_unanswered ON schedules (expires_at) WHERE status = 'proposed';
CREATE INDEX schedules_of_customer ON schedules (customer_pk, pk) WHERE status = 'active';

CREATE TRIGGER schedules_keep_their_terms BEFORE UPDATE ON schedules
WHEN OLD.status NOT IN ('proposed', 'active')
    OR NEW.status = 'proposed'
    OR NEW.id IS NOT OLD.id
    OR NEW.customer_pk IS NOT OLD.customer_pk
    OR NEW.terms IS NOT OLD.terms
    OR NEW.terms_hash IS NOT OLD.terms_hash
    OR NEW.expires_at IS NOT OLD.expires_at
    OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NOT OLD.confirmed_at)
    OR NEW.next_number < OLD.next_number
BEGIN
    SELECT RAISE(ABORT, 'a schedule is confirmed once, keeps its terms and goes forward');
END;
CREATE TRIGGER schedules_stay BEFORE DELETE ON schedules
BEGIN
    SELECT RAISE(ABORT, 'schedules are not deleted');
END;

-- One row per occurrence, from its first try on. 'waiting' is left once.
CREATE TABLE schedule_runs (
    schedule_pk INTEGER NOT NULL REFERENCES schedules (pk),
    due_on      TEXT    NOT NULL,
    status      TEXT    NOT NULL
                CHECK (status IN ('waiting', 'posted', 'failed', 'missed', 'skipped')),
    tries       INTEGER NOT NULL CHECK (tries >= 0),
    reason      TEXT,
    transfer_pk INTEGER UNIQUE REFERENCES transfers (pk),
    first_at    INTEGER NOT NULL,
    resolved_at INTEGER,
    PRIMARY KEY (schedule_pk, due_on),
    CHECK ((status = 'waiting') = (resolved_at IS NULL)),
    CHECK ((status = 'posted') = (transfer_pk IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER schedule_runs_resolve_once BEFORE UPDATE ON schedule_runs
WHEN OLD.status <> 'waiting' OR NEW.schedule_pk IS NOT OLD.schedule_pk OR NEW.due_on IS NOT OLD.due_on
BEGIN
    SELECT RAISE(ABORT, 'an occurrence resolves once');
END;
CREATE TRIGGER schedule_runs_stay BEFORE DELETE ON schedule_runs
BEGIN
    SELECT RAISE(ABORT, 'occurrences are not deleted');
END;
