-- Requests with an Idempotency-Key. A request is answered when its turn is in `turns`; the reply is read
-- from there. Key and body are hashes with the key as part of both, so neither can be guessed from a row.
CREATE TABLE idempotent_requests (
    customer_id TEXT    NOT NULL,
    operation   TEXT    NOT NULL,
    key_hash    BLOB    NOT NULL CHECK (length(key_hash) = 32),
    body_hash   BLOB    NOT NULL CHECK (length(body_hash) = 32),
    -- The id that the turn has, or will have.
    turn_id     TEXT    NOT NULL,
    -- How often it was claimed: more than once when a holder was gone.
    attempts    INTEGER NOT NULL DEFAULT 1 CHECK (attempts > 0),
    claimed_at  INTEGER NOT NULL,
    lease_ends  INTEGER NOT NULL,
    -- A refusal that stands.
    status      INTEGER CHECK (status BETWEEN 400 AND 499),
    detail      TEXT CHECK ((detail IS NULL) = (status IS NULL)),
    PRIMARY KEY (customer_id, operation, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_requests_by_age ON idempotent_requests (claimed_at);
