-- Policies that a running bank changes, which takes two administrators: one asks, another approves. That they are
-- two is held here as well; what was decided stays as it was. (What a yes without a second factor may add to a day is
-- looked at by this driver itself, in the posting's own savepoint.)
CREATE TABLE policy_changes (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    kind         TEXT    NOT NULL CHECK (kind IN ('guardrails', 'step_up')),
    content      TEXT    NOT NULL,
    requested_by TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    status       TEXT    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'withdrawn')),
    decided_by   TEXT,
    decided_at   INTEGER,
    version      INTEGER UNIQUE,
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((status = 'approved') = (version IS NOT NULL)),
    CHECK (status <> 'approved' OR decided_by <> requested_by)
) STRICT;
CREATE INDEX policy_changes_open ON policy_changes (pk) WHERE status = 'open';

CREATE TRIGGER policy_changes_are_decided_once BEFORE UPDATE ON policy_changes
WHEN OLD.status <> 'open' OR NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.content IS NOT OLD.content
    OR NEW.requested_by IS NOT OLD.requested_by OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'a change is decided once and stays what was asked');
END;
CREATE TRIGGER policy_changes_stay BEFORE DELETE ON policy_changes
BEGIN
    SELECT RAISE(ABORT, 'a change is decided, never removed');
END;
