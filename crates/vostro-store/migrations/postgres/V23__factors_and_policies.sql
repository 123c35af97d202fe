-- What a yes without a second factor may add to a day, looked at in the posting's own transaction.

-- `confirm_and_post` for a yes that counts without a factor only while no more than `day_minor` leaves in a day, this
-- movement included; else factor_needed, and nothing is done. It takes its locks in the order of `confirm_and_post`.
CREATE FUNCTION confirm_within_a_day(
    intent             money_intent,
    rules              money_rules,
    context            command_context,
    the_id             text,
    the_hash           bytea,
    the_transfer       text,
    the_key            text,
    the_detail         text,
    the_decline_detail text,
    the_done_detail    text,
    the_payload        text,
    salts              bytea[],
    terms              settling,
    the_plain_detail   text,
    day_minor          bigint,
    day_currency       text
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    it standing;
BEGIN
    PERFORM enter();
    PERFORM 1
    FROM confirmations f
    WHERE f.id = the_id AND f.customer_pk = (SELECT c.pk FROM customers c WHERE c.id = intent.customer)
        AND f.intent_hash = the_hash AND f.status = 'open' AND f.expires_at > context.at
    FOR NO KEY UPDATE;
    IF FOUND THEN
        it := stand(intent, rules, true);
        -- What is left of the day's limit tells what was sent: where nothing declines, none of it was cut off.
        IF it.decline IS NULL AND it.kind <> 'own_transfer' AND (
            day_currency <> intent.currency
            OR rules.per_day_minor::numeric - it.left_minor + intent.amount_minor > day_minor
        ) THEN
            RETURN plain_outcome('factor_needed');
        END IF;
    END IF;
    RETURN confirm_and_post(intent, rules, context, the_id, the_hash, the_transfer, the_key, the_detail,
        the_decline_detail, the_done_detail, the_payload, salts, terms, the_plain_detail);
END
$$;

-- Policies that a running bank changes, which takes two administrators: one asks, another approves. That they are
-- two is held here as well; what was decided stays as it was.
CREATE TABLE policy_changes (
    pk           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text    NOT NULL UNIQUE,
    kind         text    NOT NULL CHECK (kind IN ('guardrails', 'step_up')),
    content      text    NOT NULL,
    requested_by text    NOT NULL,
    reason       text    NOT NULL,
    requested_at bigint  NOT NULL,
    expires_at   bigint  NOT NULL,
    status       text    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'withdrawn')),
    decided_by   text,
    decided_at   bigint,
    version      bigint  UNIQUE,
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((status = 'approved') = (version IS NOT NULL)),
    CHECK (status <> 'approved' OR decided_by <> requested_by)
);
CREATE INDEX policy_changes_open ON policy_changes (pk) WHERE status = 'open';

CREATE TRIGGER policy_changes_are_decided_once BEFORE UPDATE ON policy_changes FOR EACH ROW
    WHEN (OLD.status <> 'open' OR (OLD.id, OLD.kind, OLD.content, OLD.requested_by, OLD.expires_at)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.content, NEW.requested_by, NEW.expires_at))
    EXECUTE FUNCTION refuse_change('a change is decided once and stays what was asked');
CREATE TRIGGER policy_changes_stay BEFORE DELETE ON policy_changes FOR EACH ROW
    EXECUTE FUNCTION refuse_change('a change is decided, never removed');

-- What the audit trail says of a change: its text by its hash, since the text stays here.
CREATE FUNCTION policy_particulars(kept policy_changes) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT json_build_object('request', kept.id, 'policy', kept.kind,
        'sha256', encode(sha256(convert_to(kept.content, 'UTF8')), 'hex'))::text
$$;

-- Asks for a change. An id that is there stays what it was.
CREATE FUNCTION request_policy(
    the_id text, the_kind text, the_content text, the_orderer text, the_reason text, ends_at bigint,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept policy_changes;
BEGIN
    PERFORM enter();
    INSERT INTO policy_changes (id, kind, content, requested_by, reason, requested_at, expires_at)
    VALUES (the_id, the_kind, the_content, the_orderer, the_reason, context.at, ends_at)
    ON CONFLICT (id) DO NOTHING
    RETURNING * INTO kept;
    IF FOUND THEN
        PERFORM note('policy_requested', NULL, context, now_reads, '(bank)', salt,
            merged(policy_particulars(kept), the_order));
    END IF;
END
$$;

-- Approves a change, or takes its request back: in_force, withdrawn, same_person or not_open. Changes take turns, so
-- that each has a version of its own.
CREATE FUNCTION decide_policy(
    the_id text, is_approved boolean, the_decider text,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept policy_changes;
    next bigint;
BEGIN
    PERFORM enter();
    LOCK TABLE policy_changes IN SHARE ROW EXCLUSIVE MODE;
    SELECT p.* INTO kept FROM policy_changes p WHERE p.id = the_id;
    IF NOT FOUND OR kept.status <> 'open' OR kept.expires_at <= context.at THEN
        RETURN 'not_open';
    ELSIF is_approved AND kept.requested_by = the_decider THEN
        RETURN 'same_person';
    END IF;
    IF NOT is_approved THEN
        UPDATE policy_changes p
        SET status = 'withdrawn', decided_by = the_decider, decided_at = context.at
        WHERE p.pk = kept.pk;
        PERFORM note('policy_withdrawn', NULL, context, now_reads, '(bank)', salt,
            merged(policy_particulars(kept), the_order));
        RETURN 'withdrawn';
    END IF;
    SELECT coalesce(max(p.version), 0) + 1 INTO next FROM policy_changes p;
    UPDATE policy_changes p
    SET status = 'approved', decided_by = the_decider, decided_at = context.at, version = next
    WHERE p.pk = kept.pk;
    PERFORM note('policy_changed', NULL, context, now_reads, '(bank)', salt,
        merged(merged(policy_particulars(kept), json_build_object('requested_by', kept.requested_by,
            'requested_for', kept.reason, 'version', next)::text), the_order));
    RETURN 'in_force';
END
$$;
