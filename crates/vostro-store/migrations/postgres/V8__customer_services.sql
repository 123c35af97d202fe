-- What a customer may change besides moving money: cards, contact details, alerts, trips, cases. Payees
-- are in V1.
--
-- A change is made by its confirmation and keeps its row in service_changes, so that the same confirmation
-- does nothing twice.

CREATE TABLE service_changes (
    pk          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text    NOT NULL UNIQUE,
    customer_pk bigint  NOT NULL REFERENCES customers (pk),
    change      json    NOT NULL,
    change_hash bytea   NOT NULL CHECK (length(change_hash) = 32),
    reference   text,
    at          bigint  NOT NULL
);
CREATE TRIGGER service_changes_are_final BEFORE UPDATE ON service_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change('a change is made once and keeps its terms');

-- Only the end of a card's number is ever kept.
CREATE TABLE cards (
    pk          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text    NOT NULL UNIQUE,
    customer_pk bigint  NOT NULL REFERENCES customers (pk),
    account_pk  bigint  NOT NULL REFERENCES accounts (pk),
    kind        text    NOT NULL CHECK (kind IN ('debit', 'credit')),
    name        text    NOT NULL,
    last_four   text    NOT NULL CHECK (length(last_four) = 4),
    status      text    NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'frozen', 'blocked', 'ordered')),
    limit_minor bigint  NOT NULL CHECK (limit_minor >= 0),
    arrives_on  date,
    replaces_pk bigint  UNIQUE REFERENCES cards (pk)
);
CREATE INDEX cards_of_customer ON cards (customer_pk, pk);
CREATE TRIGGER cards_stay_blocked BEFORE UPDATE ON cards FOR EACH ROW
    WHEN (OLD.status = 'blocked' AND NEW.status <> 'blocked')
    EXECUTE FUNCTION refuse_change('a blocked card stays blocked');

CREATE TABLE contact_details (
    customer_pk bigint  NOT NULL REFERENCES customers (pk),
    contact     text    NOT NULL CHECK (contact IN ('email', 'phone', 'address')),
    value       text    NOT NULL,
    changed_at  bigint  NOT NULL,
    PRIMARY KEY (customer_pk, contact)
);

-- is_armed: whether the balance was at the amount or above it since the alert was last told of.
CREATE TABLE alerts (
    pk          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text    NOT NULL UNIQUE,
    customer_pk bigint  NOT NULL REFERENCES customers (pk),
    account_pk  bigint  NOT NULL REFERENCES accounts (pk),
    below_minor bigint  NOT NULL CHECK (below_minor > 0),
    is_armed    boolean NOT NULL DEFAULT true,
    created_at  bigint  NOT NULL,
    removed_at  bigint
);
CREATE INDEX alerts_of_customer ON alerts (customer_pk, pk) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX alerts_once ON alerts (account_pk, below_minor) WHERE removed_at IS NULL;

CREATE TABLE travel_notices (
    pk          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_pk bigint  NOT NULL REFERENCES customers (pk),
    place       text    NOT NULL,
    from_on     date    NOT NULL,
    until_on    date    NOT NULL,
    CHECK (until_on >= from_on)
);
CREATE INDEX travel_notices_of_customer ON travel_notices (customer_pk, until_on);

CREATE TABLE cases (
    pk           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text    NOT NULL UNIQUE,
    customer_pk  bigint  NOT NULL REFERENCES customers (pk),
    transfer_pk  bigint  NOT NULL REFERENCES transfers (pk),
    description  text    NOT NULL,
    amount_minor bigint  NOT NULL,
    currency     text    NOT NULL CHECK (length(currency) = 3),
    reason       text    NOT NULL,
    status       text    NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    opened_at    bigint  NOT NULL,
    closed_at    bigint,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX cases_of_customer ON cases (customer_pk, pk);
CREATE UNIQUE INDEX cases_once ON cases (customer_pk, transfer_pk) WHERE status = 'open';

CREATE TYPE change_outcome AS (
    outcome   text,    -- done, replayed, unknown, state
    change    text,
    reference text,
    at        bigint
);

-- Orders a new card in the place of one; NULL where one was ordered already. The demo bank's numbers: only
-- their ends, which the program draws.
CREATE FUNCTION order_card(old cards, the_id text, the_last_four text, the_arrival date) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cards
        (id, customer_pk, account_pk, kind, name, last_four, status, limit_minor, arrives_on, replaces_pk)
    VALUES (the_id, old.customer_pk, old.account_pk, old.kind, old.name, the_last_four, 'ordered',
        old.limit_minor, the_arrival, old.pk)
    ON CONFLICT (replaces_pk) DO NOTHING;
    RETURN CASE WHEN FOUND THEN the_last_four END;
END
$$;

-- Makes one change; gives what it made, or raises 'unknown' or 'state' as `refused`.
CREATE FUNCTION apply_change(
    owner bigint, it json, new_ids text[], new_ends text[], the_arrival date, at bigint,
    OUT refused text, OUT reference text
) LANGUAGE plpgsql AS $$
DECLARE
    what    text := it ->> 'change';
    kept    cards;
    account bigint;
    place   integer := 0;
    wanted  text;
    ends    text[] := '{}';
BEGIN
    IF what IN ('freeze_card', 'unfreeze_card', 'replace_card', 'set_card_limit') THEN
        SELECT c.* INTO kept FROM cards c
        WHERE c.customer_pk = owner AND c.id = it ->> 'card' FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            refused := 'unknown';
        ELSIF what = 'freeze_card' AND kept.status = 'active' THEN
            UPDATE cards c SET status = 'frozen' WHERE c.pk = kept.pk;
        ELSIF what = 'unfreeze_card' AND kept.status = 'frozen' THEN
            UPDATE cards c SET status = 'active' WHERE c.pk = kept.pk;
        ELSIF what = 'replace_card' AND kept.status IN ('active', 'frozen') THEN
            reference := order_card(kept, new_ids[1], new_ends[1], the_arrival);
            IF reference IS NULL THEN
                refused := 'state';
            END IF;
        ELSIF what = 'set_card_limit' AND kept.status IN ('active', 'frozen') THEN
            UPDATE cards c SET limit_minor = (it -> 'limit' ->> 'minor')::bigint WHERE c.pk = kept.pk;
        ELSE
            refused := 'state';
        END IF;
    ELSIF what = 'block_cards' THEN
        FOR wanted IN SELECT json_array_elements_text(it -> 'cards') LOOP
            place := place + 1;
            SELECT c.* INTO kept FROM cards c
            WHERE c.customer_pk = owner AND c.id = wanted FOR NO KEY UPDATE;
            IF NOT FOUND THEN
                refused := 'unknown';
                RETURN;
            ELSIF kept.status NOT IN ('active', 'frozen') THEN
                refused := 'state';
                RETURN;
            END IF;
            UPDATE cards c SET status = 'blocked' WHERE c.pk = kept.pk;
            ends := ends || order_card(kept, new_ids[place], new_ends[place], the_arrival);
        END LOOP;
        reference := array_to_string(ends, ',');
    ELSIF what = 'add_travel' THEN
        INSERT INTO travel_notices (customer_pk, place, from_on, until_on)
        VALUES (owner, it ->> 'place', (it ->> 'from')::date, (it ->> 'until')::date);
    ELSIF what = 'add_payee' THEN
        IF EXISTS (SELECT 1 FROM payees p
                   WHERE p.customer_pk = owner AND p.removed_at IS NULL AND p.number = it ->> 'number') THEN
            refused := 'state';
            RETURN;
        END IF;
        reference := new_ids[1];
        INSERT INTO payees (id, customer_pk, name, aliases, number, created_at)
        VALUES (reference, owner, it ->> 'name', '[]'::json, it ->> 'number', at);
    ELSIF what = 'remove_payee' THEN
        UPDATE payees p SET removed_at = at
        WHERE p.customer_pk = owner AND p.id = it ->> 'payee' AND p.removed_at IS NULL;
        IF NOT FOUND THEN
            refused := 'unknown';
        END IF;
    ELSIF what = 'set_contact' THEN
        INSERT INTO contact_details (customer_pk, contact, value, changed_at)
        VALUES (owner, it ->> 'contact', it ->> 'value', at)
        ON CONFLICT (customer_pk, contact) DO UPDATE
        SET value = excluded.value, changed_at = excluded.changed_at;
    ELSIF what = 'set_alert' THEN
        SELECT a.pk INTO account FROM accounts a WHERE a.customer_pk = owner AND a.id = it ->> 'account';
        IF NOT FOUND THEN
            refused := 'unknown';
            RETURN;
        END IF;
        reference := new_ids[1];
        INSERT INTO alerts (id, customer_pk, account_pk, below_minor, created_at)
        VALUES (reference, owner, account, (it -> 'below' ->> 'minor')::bigint, at)
        ON CONFLICT (account_pk, below_minor) WHERE removed_at IS NULL DO NOTHING;
        IF NOT FOUND THEN
            refused := 'state';
        END IF;
    ELSIF what = 'remove_alert' THEN
        UPDATE alerts a SET removed_at = at
        WHERE a.customer_pk = owner AND a.id = it ->> 'alert' AND a.removed_at IS NULL;
        IF NOT FOUND THEN
            refused := 'unknown';
        END IF;
    ELSIF what = 'open_dispute' THEN
        IF NOT EXISTS (SELECT 1 FROM entries e JOIN transfers t ON t.pk = e.transfer_pk
                       WHERE t.id = it ->> 'transfer' AND e.customer_pk = owner) THEN
            refused := 'unknown';
            RETURN;
        END IF;
        reference := new_ids[1];
        INSERT INTO cases (id, customer_pk, transfer_pk, description, amount_minor, currency, reason, opened_at)
        SELECT reference, owner, t.pk, e.description, e.amount_minor, t.currency, it ->> 'reason', at
        FROM entries e JOIN transfers t ON t.pk = e.transfer_pk
        WHERE t.id = it ->> 'transfer' AND e.customer_pk = owner
        ORDER BY e.amount_minor, e.sequence
        LIMIT 1
        ON CONFLICT (customer_pk, transfer_pk) WHERE status = 'open' DO NOTHING;
        IF NOT FOUND THEN
            refused := 'state';
        END IF;
    ELSE
        refused := 'unknown';
    END IF;
END
$$;

-- Makes a confirmed change, once.
CREATE FUNCTION carry_out_change(
    the_customer text, the_id text, the_hash bytea, the_change text, new_ids text[], new_ends text[],
    the_arrival date, audit decisions, at bigint
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
        SELECT * INTO made
        FROM apply_change(owner, the_change::json, new_ids, new_ends, the_arrival, at);
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

-- Tells of one alert, if it is still to be told of.
CREATE FUNCTION fire_alert(the_id text, audit decisions, at bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enter();
    UPDATE alerts a SET is_armed = false
    FROM accounts k
    WHERE a.id = the_id AND a.removed_at IS NULL AND a.is_armed AND k.pk = a.account_pk
        AND k.balance_minor < a.below_minor;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Opens a customer of the demo bank with cards and contact details, all of them made up.
CREATE FUNCTION open_demo_bank_customer(
    plan json, context command_context, the_detail text, salt bytea
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
BEGIN
    IF NOT open_demo_customer(plan, context, the_detail, salt) THEN
        RETURN false;
    END IF;
    SELECT c.pk INTO owner FROM customers c WHERE c.id = plan ->> 'customer';
    INSERT INTO cards (id, customer_pk, account_pk, kind, name, last_four, limit_minor)
    SELECT d.id, owner, a.pk, d.kind, d.name, d.last_four, d.limit_minor
    FROM json_to_recordset(plan -> 'cards')
        AS d (place integer, id text, account text, kind text, name text, last_four text, limit_minor bigint)
    JOIN accounts a ON a.id = d.account
    ORDER BY d.place;
    INSERT INTO contact_details (customer_pk, contact, value, changed_at)
    SELECT owner, d.contact, d.value, context.at
    FROM json_to_recordset(plan -> 'contacts') AS d (contact text, value text);
    RETURN true;
END
$$;
