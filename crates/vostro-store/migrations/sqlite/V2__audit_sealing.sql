-- The audit trail's seals as they are written, and what a replay and the reconciliation need.
--
-- Nothing had written audit_seals before, so it is made anew. A seal is one link of the chain: a stretch of
-- rows, or the key that signs from there on. Two seals cannot follow the same one.
DROP TABLE audit_seals;

CREATE TABLE audit_seals (
    number         INTEGER PRIMARY KEY CHECK (number >= 1),
    kind           TEXT    NOT NULL CHECK (kind IN ('key', 'rows')),
    first_sequence INTEGER UNIQUE,
    last_sequence  INTEGER NOT NULL CHECK (last_sequence >= first_sequence),
    content        BLOB    NOT NULL,
    previous_hash  BLOB    NOT NULL UNIQUE CHECK (length(previous_hash) = 32),
    hash           BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    key_id         TEXT    NOT NULL,
    signature      BLOB    NOT NULL CHECK (length(signature) = 64),
    proof          BLOB    CHECK (length(proof) = 64),
    sealed_at      INTEGER NOT NULL,
    CHECK ((kind = 'rows') = (first_sequence IS NOT NULL)),
    CHECK ((kind = 'key') = (proof IS NOT NULL))
) STRICT;
CREATE INDEX audit_seals_of_keys ON audit_seals (number) WHERE kind = 'key';

CREATE TRIGGER audit_seals_are_final BEFORE UPDATE ON audit_seals
BEGIN
    SELECT RAISE(ABORT, 'seals are append-only');
END;
CREATE TRIGGER audit_seals_stay BEFORE DELETE ON audit_seals
BEGIN
    SELECT RAISE(ABORT, 'seals are append-only');
END;

-- What a turn was decided upon besides its commands, and the hash of the memory after it; NULL in turns
-- that were recorded before.
ALTER TABLE turns ADD COLUMN evidence TEXT CHECK (json_valid(evidence));
ALTER TABLE turns ADD COLUMN state_hash TEXT;

-- When the customer's audit details were last erased: of postings until then, no audit row can be named.
ALTER TABLE customers ADD COLUMN audit_erased_at INTEGER;
