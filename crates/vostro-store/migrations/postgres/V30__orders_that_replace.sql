-- An order that is changed ends as the one that takes its place begins; two never take the same place.
CREATE UNIQUE INDEX schedules_replace_once ON schedules ((terms ->> 'replaces'))
    WHERE terms ->> 'replaces' IS NOT NULL AND status IN ('active', 'completed');

-- Consumes the confirmation of an order that takes another's place: as the one of the same name, and `cancelled` of
-- the other in the same call. not_open when that one is in force no more. Without another it is the same.
CREATE FUNCTION confirm_schedule(
    intent money_intent, rules money_rules, context command_context,
    the_id text, the_hash bytea, the_first date, the_first_at bigint,
    the_detail text, the_decline_detail text, salt bytea, the_replaced text, the_replaced_detail text
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept    schedules;
    outcome money_outcome;
BEGIN
    outcome := confirm_schedule(intent, rules, context, the_id, the_hash, the_first, the_first_at,
        the_detail, the_decline_detail, salt);
    IF outcome.outcome <> 'scheduled' OR the_replaced IS NULL THEN
        RETURN outcome;
    END IF;
    kept := lock_schedule(intent.customer, the_replaced);
    IF kept.pk IS NULL OR kept.status <> 'active' THEN
        RAISE EXCEPTION 'the order to be replaced is in force no more' USING ERRCODE = 'VR001';
    END IF;
    UPDATE schedules s
    SET status = 'cancelled', ended_at = context.at, next_due_on = NULL, next_at = NULL WHERE s.pk = kept.pk;
    PERFORM record_decision('cancelled', context, intent.customer, salt, the_replaced_detail);
    RETURN outcome;
EXCEPTION
    -- Nothing of the confirmation is kept.
    WHEN SQLSTATE 'VR001' OR unique_violation THEN
        RETURN plain_outcome('not_open');
END
$$;
