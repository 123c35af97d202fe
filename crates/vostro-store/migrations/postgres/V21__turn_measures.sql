-- How a turn went, for figures over many: names from closed sets, times and sums; no text. Turns that were
-- recorded before have none.
ALTER TABLE turns ADD COLUMN disposition text;
ALTER TABLE turns ADD COLUMN verdict text;
ALTER TABLE turns ADD COLUMN by_model boolean;
ALTER TABLE turns ADD COLUMN took_us bigint CHECK (took_us >= 0);
ALTER TABLE turns ADD COLUMN model_tokens bigint NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN model_micro_dollars bigint NOT NULL DEFAULT 0;
CREATE INDEX turns_by_time ON turns (at);

-- As before, and with the measures.
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
         intent, commands, events, evidence, state_hash, disposition, verdict, by_model, took_us,
         model_tokens, model_micro_dollars)
    SELECT t.id, the_session.id, the_session.customer_id, the_session.version, t.at, t.message_masked,
        t.reply_masked, t.guardrails_passed, t.intent, t.commands, t.events, t.evidence, t.state_hash,
        t.disposition, t.verdict, t.by_model, t.took_us, t.model_tokens, t.model_micro_dollars
    FROM json_to_record(the_turn) AS t (
        id text, at bigint, message_masked text, reply_masked text, guardrails_passed boolean, intent text,
        commands json, events json, evidence json, state_hash text, disposition text, verdict text,
        by_model boolean, took_us bigint, model_tokens bigint, model_micro_dollars bigint
    );
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;
