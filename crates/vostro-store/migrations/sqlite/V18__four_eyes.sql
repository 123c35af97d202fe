-- Orders to turn the money switch that take two administrators: one asks, another approves. That they are two is
-- held here as well; what was decided stays as it was.
CREATE TABLE switch_requests (
    pk           INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    stopped      INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    requested_by TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    status       TEXT    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'withdrawn')),
    decided_by   TEXT,
    decided_at   INTEGER,
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (status <> 'approved' OR decided_by <> requested_by)
) STRICT;
CREATE INDEX switch_requests_open ON switch_requests (pk) WHERE status = 'open';

CREATE TRIGGER switch_requests_are_decided_once BEFORE UPDATE ON switch_requests
WHEN OLD.status <> 'open' OR NEW.id IS NOT OLD.id OR NEW.stopped IS NOT OLD.stopped
    OR NEW.requested_by IS NOT OLD.requested_by OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'a request is decided once and stays what was asked');
END;
CREATE TRIGGER switch_requests_stay BEFORE DELETE ON switch_requests
BEGIN
    SELECT RAISE(ABORT, 'a request is decided, never removed');
END;
