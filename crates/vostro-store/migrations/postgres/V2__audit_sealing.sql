-- The audit trail's seals as they are written, and what a replay and the reconciliation need.
--
-- Nothing had written audit_seals before, so it is made anew. A seal is one link of the chain: a stretch of
-- rows, or the key that signs from there on. Two seals cannot follow the same one.
DROP TABLE audit_seals;

CREATE TABLE audit_seals (
    number         bigint PRIMARY KEY CHECK (number >= 1),
    kind           text   NOT NULL CHECK (kind IN ('key', 'rows')),
    first_sequence bigint UNIQUE,
    last_sequence  bigint NOT NULL CHECK (last_sequence >= first_sequence),
    content        bytea  NOT NULL,
    previous_hash  bytea  NOT NULL UNIQUE CHECK (length(previous_hash) = 32),
    hash           bytea  NOT NULL UNIQUE CHECK (length(hash) = 32),
    key_id         text   NOT NULL,
    signature      bytea  NOT NULL CHECK (length(signature) = 64),
    proof          bytea  CHECK (length(proof) = 64),
    sealed_at      bigint NOT NULL,
    CHECK ((kind = 'rows') = (first_sequence IS NOT NULL)),
    CHECK ((kind = 'key') = (proof IS NOT NULL))
);
CREATE INDEX audit_seals_of_keys ON audit_seals (number) WHERE kind = 'key';

CREATE TRIGGER audit_seals_are_final BEFORE UPDATE OR DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change('seals are append-only');
CREATE TRIGGER audit_seals_stay BEFORE TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('seals are append-only');

-- The last sequence of the audit trail before which nothing can still appear; NULL when a transaction that
-- may still write an earlier one is not over in time.
--
-- Sequences are given out before their rows are committed. But whoever inserts into audit_events holds the
-- table's RowExclusiveLock from before its sequence is taken until its transaction ends. So: note the
-- largest sequence that is there, note who holds the lock, and wait until those have ended. Every
-- sequence up to the noted one was given out before; its row is there now or never. Nobody is held up.
CREATE FUNCTION audit_horizon(patience interval) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    horizon  bigint;
    writers  text[];
    deadline timestamptz := clock_timestamp() + patience;
BEGIN
    SELECT coalesce(max(a.sequence), 0) INTO horizon FROM audit_events a;
    SELECT array_agg(l.virtualtransaction) INTO writers FROM audit_writers() l;
    WHILE EXISTS (SELECT 1 FROM audit_writers() l WHERE l.virtualtransaction = ANY (writers)) LOOP
        IF clock_timestamp() >= deadline THEN
            RETURN NULL;
        END IF;
        PERFORM pg_sleep(0.002);
    END LOOP;
    RETURN horizon;
END
$$;

-- The transactions that may be writing audit rows.
CREATE FUNCTION audit_writers() RETURNS TABLE (virtualtransaction text) LANGUAGE sql AS $$
    SELECT l.virtualtransaction
    FROM pg_locks l
    WHERE l.locktype = 'relation'
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND l.relation = 'audit_events'::regclass
        AND l.mode = 'RowExclusiveLock'
        AND l.granted
$$;

-- What a turn was decided upon besides its commands, and the hash of the memory after it; NULL in turns
-- that were recorded before.
ALTER TABLE turns ADD COLUMN evidence json;
ALTER TABLE turns ADD COLUMN state_hash text;

-- When the customer's audit details were last erased: of postings until then, no audit row can be named.
ALTER TABLE customers ADD COLUMN audit_erased_at bigint;

-- As before, with the two new columns.
CREATE OR REPLACE FUNCTION commit_turn(the_session sessions, the_turn json, audit decisions, at bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    IF EXISTS (SELECT 1 FROM turns t WHERE t.id = the_turn ->> 'id') THEN
        RETURN false;
    END IF;
    IF the_session.version <= 1 THEN
        INSERT INTO sessions SELECT the_session.* ON CONFLICT (id) DO NOTHING;
    ELSE
        UPDATE sessions s
        SET version = the_session.version, state = the_session.state,
            last_seen_at = the_session.last_seen_at
        WHERE s.id = the_session.id AND s.customer_id = the_session.customer_id
            AND s.version = the_session.version - 1;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO turns
        (id, session_id, customer_id, version, at, message_masked, reply_masked, guardrails_passed,
         intent, commands, events, evidence, state_hash)
    SELECT t.id, the_session.id, the_session.customer_id, the_session.version, t.at, t.message_masked,
        t.reply_masked, t.guardrails_passed, t.intent, t.commands, t.events, t.evidence, t.state_hash
    FROM json_to_record(the_turn) AS t (
        id text, at bigint, message_masked text, reply_masked text, guardrails_passed boolean, intent text,
        commands json, events json, evidence json, state_hash text
    );
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;
