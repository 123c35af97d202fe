-- An alert is told of at another amount; several alerts, or several payees, are removed by one yes.

ALTER FUNCTION apply_change(bigint, json, text[], text[], date, bigint) RENAME TO apply_change_of_one;

-- Makes one change; gives what it made, or why it was not made. Whoever calls undoes what was done of a refused one.
CREATE FUNCTION apply_change(
    owner bigint, it json, new_ids text[], new_ends text[], the_arrival date, at bigint,
    OUT refused text, OUT reference text
) LANGUAGE plpgsql AS $$
DECLARE
    what   text := it ->> 'change';
    wanted text;
BEGIN
    IF what = 'change_alert' THEN
        BEGIN
            UPDATE alerts a SET below_minor = (it -> 'below' ->> 'minor')::bigint, is_armed = true
            WHERE a.customer_pk = owner AND a.id = it -> 'alert' ->> 'id' AND a.removed_at IS NULL;
            IF NOT FOUND THEN
                refused := 'unknown';
            END IF;
        EXCEPTION WHEN unique_violation THEN
            -- There is one for that amount.
            refused := 'state';
        END;
    ELSIF what = 'remove_alerts' THEN
        FOR wanted IN SELECT a ->> 'id' FROM json_array_elements(it -> 'alerts') a LOOP
            UPDATE alerts a SET removed_at = at
            WHERE a.customer_pk = owner AND a.id = wanted AND a.removed_at IS NULL;
            IF NOT FOUND THEN
                refused := 'unknown';
                RETURN;
            END IF;
        END LOOP;
    ELSIF what = 'remove_payees' THEN
        FOR wanted IN SELECT json_array_elements_text(it -> 'payees') LOOP
            UPDATE payees p SET removed_at = at
            WHERE p.customer_pk = owner AND p.id = wanted AND p.removed_at IS NULL;
            IF NOT FOUND THEN
                refused := 'unknown';
                RETURN;
            END IF;
        END LOOP;
    ELSE
        SELECT o.refused, o.reference INTO refused, reference
        FROM apply_change_of_one(owner, it, new_ids, new_ends, the_arrival, at) o;
    END IF;
END
$$;
