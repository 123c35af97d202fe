-- The conversations' memory, the roll-up, and the opening of a demo customer: each one statement too.

-- Decisions that a turn leaves behind beside the money commands' own: parallel arrays.
CREATE TYPE decisions AS (
    kinds     text[],
    customers text[],
    sessions  text[],
    turns     text[],
    details   text[],
    salts     bytea[],
    topics    text[],  -- an element is NULL where the outside is not told
    payloads  text[]
);

CREATE FUNCTION record_decisions(all_of decisions, at bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..coalesce(cardinality(all_of.kinds), 0) LOOP
        PERFORM record_decision(all_of.kinds[i],
            ROW(at, all_of.sessions[i], all_of.turns[i])::command_context,
            all_of.customers[i], all_of.salts[i], all_of.details[i]);
        IF all_of.topics[i] IS NOT NULL THEN
            PERFORM publish(all_of.topics[i], all_of.payloads[i], at);
        END IF;
    END LOOP;
END
$$;

-- Records a turn and the session's new state, unless another turn came between; gives whether it did.
-- Version 1 opens a session, any later one replaces the version before it.
CREATE FUNCTION commit_turn(the_session sessions, the_turn json, audit decisions, at bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
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
         intent, commands, events)
    SELECT t.id, the_session.id, the_session.customer_id, the_session.version, t.at, t.message_masked,
        t.reply_masked, t.guardrails_passed, t.intent, t.commands, t.events
    FROM json_to_record(the_turn) AS t (
        id text, at bigint, message_masked text, reply_masked text, guardrails_passed boolean, intent text,
        commands json, events json
    );
    PERFORM record_decisions(audit, at);
    RETURN true;
END
$$;

-- Adds the entries up to a settled sequence to the balances of the bank's own accounts; gives how many
-- accounts were brought up to date.
CREATE FUNCTION roll_up(up_to bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    PERFORM 1 FROM accounts a WHERE a.rolled_up_to < up_to ORDER BY a.pk FOR NO KEY UPDATE;
    UPDATE accounts a
    SET balance_minor = a.balance_minor + coalesce((
            SELECT sum(e.amount_minor) FROM entries e
            WHERE e.account_pk = a.pk AND -e.sequence < -a.rolled_up_to AND -e.sequence >= -up_to
        ), 0)::bigint,
        rolled_up_to = up_to
    WHERE a.rolled_up_to < up_to;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- Opens a customer of the demo bank from its plan (the shape is the driver's `demo.rs`), unless there is one
-- of that id; gives whether it did. An account takes the first of the plan's numbers that is free.
CREATE FUNCTION open_demo_customer(
    plan json, context command_context, the_detail text, salt bytea
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    owner    bigint;
    code     text := plan ->> 'currency';
    opened   bigint := plan ->> 'opened_at';
    numbers  text[] := ARRAY(SELECT json_array_elements_text(plan -> 'numbers'));
    tried    integer := 0;
    account  record;
BEGIN
    PERFORM enter();
    INSERT INTO customers (id, display_name, is_demo, opened_at)
    VALUES (plan ->> 'customer', plan ->> 'display_name', true, opened)
    ON CONFLICT (id) DO NOTHING
    RETURNING pk INTO owner;
    IF owner IS NULL THEN
        RETURN false;
    END IF;
    FOR account IN
        SELECT * FROM json_to_recordset(plan -> 'accounts')
            AS a (id text, kind text, name text, floor_minor bigint, balance_minor bigint, position bigint)
    LOOP
        LOOP
            tried := tried + 1;
            IF tried > cardinality(numbers) THEN
                RAISE EXCEPTION 'no account number is free' USING ERRCODE = 'unique_violation';
            END IF;
            EXIT WHEN NOT EXISTS (SELECT 1 FROM accounts a WHERE a.number = numbers[tried]);
        END LOOP;
        INSERT INTO accounts
            (id, customer_pk, kind, name, number, currency, balance_minor, floor_minor, position, opened_at)
        VALUES (account.id, owner, account.kind, account.name, numbers[tried], code,
            account.balance_minor, account.floor_minor, account.position, opened);
    END LOOP;
    INSERT INTO payees (id, customer_pk, name, aliases, number, created_at)
    SELECT p.id, owner, p.name, p.aliases, p.number, opened
    FROM json_to_recordset(plan -> 'payees') AS p (id text, name text, aliases json, number text);
    -- The billers are the bank's, with an account each; the customer's part is the reference and the bill.
    INSERT INTO accounts (id, kind, name, currency, rolled_up_to, opened_at)
    SELECT b.account_id, 'biller', b.name, code, 0, opened
    FROM json_to_recordset(plan -> 'billers') AS b (account_id text, name text)
    ON CONFLICT (id) DO NOTHING;
    INSERT INTO billers (id, name, aliases, category, account_pk)
    SELECT b.id, b.name, b.aliases, b.category, a.pk
    FROM json_to_recordset(plan -> 'billers')
        AS b (id text, name text, aliases json, category text, account_id text)
    JOIN accounts a ON a.id = b.account_id
    ORDER BY a.pk
    ON CONFLICT (id) DO NOTHING;
    INSERT INTO customer_billers (customer_pk, biller_pk, reference)
    SELECT owner, k.pk, b.reference
    FROM json_to_recordset(plan -> 'billers') AS b (id text, reference text)
    JOIN billers k ON k.id = b.id;
    INSERT INTO bills (customer_pk, biller_pk, amount_minor, currency, issued_on, due_on)
    SELECT owner, k.pk, b.amount_minor, code, b.issued_on, b.due_on
    FROM json_to_recordset(plan -> 'billers')
        AS b (id text, amount_minor bigint, issued_on date, due_on date)
    JOIN billers k ON k.id = b.id
    WHERE b.amount_minor IS NOT NULL;
    PERFORM open_demo_books(plan, owner, code);
    PERFORM record_decision('customer_opened', context, plan ->> 'customer', salt, the_detail);
    RETURN true;
END
$$;

-- The demo customer's movements, oldest first; every running balance is the plan's.
CREATE FUNCTION open_demo_books(plan json, owner bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO transfers
        (id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at,
         resolved_at)
    SELECT m.id, m.kind, 'posted', owner, s.pk, d.pk, code, m.amount_minor, m.at, m.at
    FROM json_to_recordset(plan -> 'movements') AS m (
        place integer, id text, kind text, source text, destination text, amount_minor bigint, at bigint)
    JOIN accounts s ON s.id = m.source
    JOIN accounts d ON d.id = m.destination
    ORDER BY m.place;
    INSERT INTO entries
        (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category,
         description, merchant)
    SELECT t.pk, a.pk, a.customer_pk, e.amount_minor, e.balance_after_minor, t.created_at, e.category,
        e.description, e.merchant
    FROM json_to_recordset(plan -> 'entries') AS e (
        place integer, transfer text, account text, amount_minor bigint, balance_after_minor bigint,
        category text, description text, merchant text)
    JOIN transfers t ON t.id = e.transfer
    JOIN accounts a ON a.id = e.account
    ORDER BY e.place;
END
$$;
