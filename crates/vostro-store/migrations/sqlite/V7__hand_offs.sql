-- Conversations that a person takes over: the queue, and a thread of messages for each of its entries.
--
-- A session may have an entry before its first turn is recorded, so session_id names no row. Text is
-- masked before it comes here.
CREATE TABLE hand_offs (
    pk          INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    session_id  TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    turn_id     TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    priority    INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
    summary     TEXT    NOT NULL CHECK (json_valid(summary)),
    status      TEXT    NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'claimed', 'closed')),
    colleague   TEXT,
    opened_at   INTEGER NOT NULL,
    claimed_at  INTEGER,
    closed_at   INTEGER,
    ended       TEXT    CHECK (ended IN ('resolved', 'given_back')),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((status = 'closed') = (ended IS NOT NULL)),
    CHECK ((status = 'waiting') = (colleague IS NULL)),
    CHECK (status <> 'claimed' OR claimed_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX hand_offs_open ON hand_offs (session_id) WHERE status <> 'closed';
CREATE INDEX hand_offs_of_session ON hand_offs (session_id, pk);
CREATE INDEX hand_offs_queue ON hand_offs (status, priority, pk) WHERE status <> 'closed';
CREATE INDEX hand_offs_closed ON hand_offs (pk) WHERE status = 'closed';

CREATE TRIGGER hand_offs_close_once BEFORE UPDATE ON hand_offs
WHEN OLD.status = 'closed' OR NEW.session_id IS NOT OLD.session_id OR NEW.customer_id IS NOT OLD.customer_id
BEGIN
    SELECT RAISE(ABORT, 'a hand-off is closed once and stays its session''s');
END;

CREATE TABLE hand_off_messages (
    hand_off_pk INTEGER NOT NULL REFERENCES hand_offs (pk),
    number      INTEGER NOT NULL CHECK (number > 0),
    sender      TEXT    NOT NULL CHECK (sender IN ('customer', 'colleague')),
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (hand_off_pk, number)
) STRICT, WITHOUT ROWID;

CREATE VIEW hand_offs_seen AS
SELECT h.pk, h.id, h.session_id, h.customer_id, h.reason, h.priority, h.summary, h.status, h.colleague,
    h.opened_at, h.claimed_at, h.closed_at, h.ended,
    (SELECT coalesce(max(m.number), 0) FROM hand_off_messages m WHERE m.hand_off_pk = h.pk) AS messages
FROM hand_offs h;
