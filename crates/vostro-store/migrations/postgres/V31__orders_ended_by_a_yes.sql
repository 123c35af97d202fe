-- Ending a standing order and leaving out its next payment are changes of a customer's records: confirmed, made once.

-- Makes one: NULL, or 'unknown' or 'state' where it is not made.
CREATE FUNCTION apply_order_change(the_customer text, it json, the_next date, the_next_at bigint, at bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept schedules := lock_schedule(the_customer, it ->> 'order');
BEGIN
    IF kept.pk IS NULL THEN
        RETURN 'unknown';
    ELSIF kept.status <> 'active' THEN
        RETURN 'state';
    ELSIF it ->> 'change' = 'end_order' THEN
        UPDATE schedules s
        SET status = 'cancelled', ended_at = at, next_due_on = NULL, next_at = NULL WHERE s.pk = kept.pk;
    ELSIF kept.next_due_on IS DISTINCT FROM (it ->> 'due')::date THEN
        RETURN 'state';
    ELSE
        PERFORM record_run(kept, 'skipped', 0, NULL, NULL, at);
        PERFORM advance_schedule(kept, at, the_next, the_next_at);
    END IF;
    RETURN NULL;
END
$$;

-- Makes a confirmed change, once. `the_next` is the due day after the one that is left out, `the_next_at` when it begins.
CREATE FUNCTION carry_out_change(
    the_customer text, the_id text, the_hash bytea, the_change text, new_ids text[], new_ends text[],
    the_arrival date, the_next date, the_next_at bigint, audit decisions, at bigint
) RETURNS change_outcome LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
    kept  service_changes;
    made  record;
BEGIN
    PERFORM enter();
    -- The changes of one customer take turns.
    SELECT c.pk INTO owner FROM customers c WHERE c.id = the_customer FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN ROW('unknown', NULL, NULL, NULL)::change_outcome;
    END IF;
    SELECT s.* INTO kept FROM service_changes s WHERE s.id = the_id;
    IF FOUND THEN
        IF kept.customer_pk <> owner OR kept.change_hash <> the_hash THEN
            RETURN ROW('state', NULL, NULL, NULL)::change_outcome;
        END IF;
        RETURN ROW('replayed', kept.change::text, kept.reference, kept.at)::change_outcome;
    END IF;
    BEGIN
        IF the_change::json ->> 'change' IN ('end_order', 'skip_payment') THEN
            SELECT apply_order_change(the_customer, the_change::json, the_next, the_next_at, at) AS refused,
                NULL::text AS reference
            INTO made;
        ELSE
            SELECT * INTO made
            FROM apply_change(owner, the_change::json, new_ids, new_ends, the_arrival, at);
        END IF;
        IF made.refused IS NOT NULL THEN
            RAISE EXCEPTION 'refused' USING ERRCODE = 'VS001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'VS001' THEN
        -- What was done of it before is undone.
        RETURN ROW(made.refused, NULL, NULL, NULL)::change_outcome;
    END;
    INSERT INTO service_changes (id, customer_pk, change, change_hash, reference, at)
    VALUES (the_id, owner, the_change::json, the_hash, made.reference, at);
    PERFORM record_decisions(audit, at);
    RETURN ROW('done', the_change, made.reference, at)::change_outcome;
END
$$;

-- As replicas of the version before call it.
CREATE OR REPLACE FUNCTION carry_out_change(
    the_customer text, the_id text, the_hash bytea, the_change text, new_ids text[], new_ends text[],
    the_arrival date, audit decisions, at bigint
) RETURNS change_outcome LANGUAGE sql AS $$
    SELECT carry_out_change(the_customer, the_id, the_hash, the_change, new_ids, new_ends, the_arrival,
        NULL::date, NULL::bigint, audit, at)
$$;
