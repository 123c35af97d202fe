-- The ledger's rules again, with the stop of all money first; and those on holds and captures, which answer
-- as `vostro_ledger::authorise_hold` and `authorise_capture` do.

ALTER TYPE money_rules ADD ATTRIBUTE money_stopped boolean;

-- A canonical JSON object with the members of another in it; those win.
CREATE FUNCTION merged(detail text, more text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C"), '') || '}'
    FROM (
        SELECT DISTINCT ON (key) key, value
        FROM (
            SELECT m.key, m.value, 1 AS place FROM json_each(more::json) m
            UNION ALL
            SELECT d.key, d.value, 2 FROM json_each(detail::json) d
        ) all_of
        ORDER BY key, place
    ) members
$$;

-- Puts a decision on record and, where there is a topic, tells the outside.
CREATE FUNCTION note(
    the_kind text, the_topic text, context command_context, now_reads text, the_customer text,
    the_salt bytea, the_detail text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_decision(the_kind, context, the_customer, the_salt, the_detail);
    IF the_topic IS NOT NULL THEN
        PERFORM publish(the_topic,
            merged(the_detail, json_build_object('customer', the_customer, 'at', now_reads)::text), context.at);
    END IF;
END
$$;

CREATE FUNCTION money_is_stopped(by_configuration boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT by_configuration OR m.stopped FROM money_switch m
$$;

CREATE OR REPLACE FUNCTION decline_text(it standing, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{'
        || CASE WHEN it.decline = 'insufficient_funds' THEN
            format('"available":{"currency":"%s","minor":%s},', currency, it.available_minor) ELSE '' END
        || CASE WHEN it.decline = 'over_held_amount' THEN
            format('"held":{"currency":"%s","minor":%s},', currency, it.limit_minor) ELSE '' END
        || CASE WHEN it.decline = 'over_daily_limit' THEN
            format('"left":{"currency":"%s","minor":%s},', currency, it.left_minor) ELSE '' END
        || CASE WHEN it.decline IN ('over_daily_limit', 'over_transfer_limit') THEN
            format('"limit":{"currency":"%s","minor":%s},', currency, it.limit_minor) ELSE '' END
        || format('"reason":"%s"', it.decline)
        || CASE WHEN it.decline = 'source_not_open' THEN
            format(',"status":"%s"', it.decline_status) ELSE '' END
        || '}'
$$;

CREATE OR REPLACE FUNCTION stand(intent money_intent, rules money_rules, for_posting boolean) RETURNS standing
LANGUAGE plpgsql AS $$
DECLARE
    it          standing;
    source      accounts;
    destination accounts;
    one         accounts;
    stopped     boolean;
    spent       numeric;
    available   numeric;
BEGIN
    SELECT m.stopped OR rules.money_stopped, c.pk INTO stopped, it.customer_pk
    FROM money_switch m LEFT JOIN customers c ON c.id = intent.customer;
    IF stopped THEN
        it.decline := 'money_stopped';
        RETURN it;
    END IF;
    IF intent.amount_minor <= 0 THEN
        it.decline := 'amount_not_positive';
        RETURN it;
    END IF;
    SELECT a.* INTO source FROM accounts a WHERE a.id = intent.source AND a.customer_pk = it.customer_pk;
    IF NOT FOUND THEN
        it.decline := 'source_unknown';
        RETURN it;
    END IF;
    it.source_pk := source.pk;
    it := resolve(it, intent, source);
    IF for_posting THEN
        IF it.kind <> 'own_transfer' THEN
            PERFORM 1 FROM customers c WHERE c.pk = it.customer_pk FOR NO KEY UPDATE;
        END IF;
        FOR one IN
            SELECT a.* FROM accounts a
            WHERE a.pk IN (it.source_pk, it.destination_pk) AND a.customer_pk IS NOT NULL
            ORDER BY a.pk
            FOR NO KEY UPDATE
        LOOP
            IF one.pk = it.source_pk THEN
                source := one;
            END IF;
            IF one.pk = it.destination_pk THEN
                destination := one;
            END IF;
        END LOOP;
    END IF;
    IF destination.pk IS NULL THEN
        SELECT a.* INTO destination FROM accounts a WHERE a.pk = it.destination_pk;
    END IF;

    IF source.status <> 'open' THEN
        it.decline := 'source_not_open';
        it.decline_status := source.status;
        RETURN it;
    END IF;
    IF destination.pk IS NULL THEN
        it.decline := 'target_unknown';
        RETURN it;
    END IF;
    IF destination.status <> 'open' THEN
        it.decline := 'target_not_open';
        RETURN it;
    END IF;
    IF source.pk = destination.pk THEN
        it.decline := 'same_account';
        RETURN it;
    END IF;
    IF source.currency <> intent.currency OR destination.currency <> intent.currency THEN
        it.decline := 'currency_mismatch';
        RETURN it;
    END IF;
    IF it.kind <> 'own_transfer' THEN
        IF rules.per_transfer_currency <> intent.currency OR rules.per_day_currency <> intent.currency THEN
            it.decline := 'currency_mismatch';
            RETURN it;
        END IF;
        IF intent.amount_minor > rules.per_transfer_minor THEN
            it.decline := 'over_transfer_limit';
            it.limit_minor := rules.per_transfer_minor;
            RETURN it;
        END IF;
        -- A statement of its own, after the lock: it sees what was committed before the lock was given.
        -- What was reversed since was sent all the same; what was voided or expired was not.
        SELECT coalesce(sum(coalesce(t.posted_minor, t.amount_minor)), 0) INTO spent
        FROM transfers t
        WHERE t.customer_pk = it.customer_pk
            AND t.kind IN ('payee_transfer', 'bill_payment')
            AND t.status IN ('pending', 'posted')
            AND t.currency = rules.per_day_currency
            AND t.created_at >= rules.day_begins
            AND t.created_at < rules.day_ends;
        it.left_minor := greatest(saturated(rules.per_day_minor - spent), 0);
        IF intent.amount_minor > it.left_minor THEN
            it.decline := 'over_daily_limit';
            it.limit_minor := rules.per_day_minor;
            RETURN it;
        END IF;
    END IF;
    available := saturated(saturated(source.balance_minor::numeric - source.floor_minor) - source.held_minor);
    it.available_minor := greatest(available, 0);
    IF intent.amount_minor > available THEN
        it.decline := 'insufficient_funds';
        RETURN it;
    END IF;
    IF destination.balance_minor::numeric + intent.amount_minor > 9223372036854775807 THEN
        it.decline := 'amount_too_large';
        RETURN it;
    END IF;
    RETURN it;
END
$$;

-- What an account has available, zero or more.
CREATE FUNCTION available_of(account accounts) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT greatest(saturated(saturated(account.balance_minor::numeric - account.floor_minor)
        - account.held_minor), 0)::bigint
$$;

-- May this amount be put aside? As `vostro_ledger::authorise_hold`.
CREATE FUNCTION hold_standing(amount bigint, code text, account accounts) RETURNS standing
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    it standing;
BEGIN
    it.decline := CASE
        WHEN amount <= 0 THEN 'amount_not_positive'
        WHEN account.customer_pk IS NULL THEN 'source_unknown'
        WHEN account.status = 'closed' THEN 'source_not_open'
        WHEN account.currency <> code THEN 'currency_mismatch'
        WHEN amount > available_of(account) THEN 'insufficient_funds'
    END;
    it.decline_status := account.status;
    it.available_minor := available_of(account);
    RETURN it;
END
$$;

-- May so much of what is held be paid out? As `vostro_ledger::authorise_capture`.
CREATE FUNCTION capture_standing(
    amount bigint, code text, held bigint, held_code text, source accounts, destination accounts,
    stopped boolean
) RETURNS standing LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    it standing;
BEGIN
    it.decline := CASE
        WHEN stopped THEN 'money_stopped'
        WHEN amount <= 0 THEN 'amount_not_positive'
        WHEN source.status <> 'open' THEN 'source_not_open'
        WHEN destination.status <> 'open' THEN 'target_not_open'
        WHEN source.pk = destination.pk THEN 'same_account'
        WHEN source.currency <> code OR destination.currency <> code OR held_code <> code
            THEN 'currency_mismatch'
        WHEN amount > held THEN 'over_held_amount'
        WHEN destination.balance_minor::numeric + amount > 9223372036854775807 THEN 'amount_too_large'
    END;
    it.decline_status := source.status;
    it.limit_minor := held;
    RETURN it;
END
$$;

-- The two accounts of a transfer, the customers' locked in the order of pk; read afresh behind the locks.
CREATE FUNCTION lock_accounts(source_pk bigint, destination_pk bigint, OUT source accounts, OUT destination accounts)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts a
    WHERE a.pk IN (source_pk, destination_pk) AND a.customer_pk IS NOT NULL
    ORDER BY a.pk
    FOR NO KEY UPDATE;
    SELECT a.* INTO source FROM accounts a WHERE a.pk = source_pk;
    SELECT a.* INTO destination FROM accounts a WHERE a.pk = destination_pk;
END
$$;

-- Writes two entries and the customers' balances; gives the first account's new balance.
CREATE FUNCTION write_entries(
    the_transfer bigint, source accounts, destination accounts, amount bigint, at bigint,
    the_category text, the_merchant text, source_reads text, destination_reads text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    source_balance      bigint := add_to_balance(source.pk, source.customer_pk, -amount);
    destination_balance bigint := add_to_balance(destination.pk, destination.customer_pk, amount);
BEGIN
    INSERT INTO entries
        (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category,
         description, merchant)
    VALUES
        (the_transfer, source.pk, source.customer_pk, -amount, source_balance, at, the_category,
         source_reads, the_merchant),
        (the_transfer, destination.pk, destination.customer_pk, amount, destination_balance, at,
         the_category, destination_reads, the_merchant);
    RETURN source_balance;
END
$$;
