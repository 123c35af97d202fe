-- What every writing command shares, and the ledger's rules: may this money movement be posted?
--
-- `stand` answers as `vostro_ledger::authorise` does, rule by rule in the same order; a test runs the
-- ledger's own case table through both.

CREATE TYPE money_intent AS (
    customer      text,
    source        text,
    target        text,   -- own, payee, new_payee, biller
    target_id     text,   -- the account, the payee, the biller
    target_number text,   -- the account number, or the reference at the biller
    amount_minor  bigint,
    currency      text
);

CREATE TYPE money_rules AS (
    per_transfer_minor    bigint,
    per_transfer_currency text,
    per_day_minor         bigint,
    per_day_currency      text,   -- also the bank's currency
    day_begins            bigint,
    day_ends              bigint
);

-- Where a command came from, and when it is.
CREATE TYPE command_context AS (
    at         bigint,
    session_id text,
    turn_id    text
);

CREATE TYPE standing AS (
    decline                 text,   -- NULL: it may be posted
    decline_status          text,
    limit_minor             bigint,
    left_minor              bigint,
    available_minor         bigint, -- what the source has available, zero or more
    customer_pk             bigint,
    source_pk               bigint,
    destination_pk          bigint,
    destination_customer_pk bigint,
    biller_pk               bigint,
    kind                    text,
    category                text,
    merchant                text,
    source_reads            text,
    destination_reads       text
);

-- Every writing command begins here, before any other lock. Who takes the same lock exclusively (see
-- `settled`) waits for the commands under way and holds up the next ones until then.
CREATE FUNCTION enter() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(7308895158390480242)
$$;

-- Sequences are given out before their rows are committed, so a reader may see 7 before 6 is there.
-- These are the last sequences of entries and of the audit trail up to which nothing can still appear.
CREATE FUNCTION settled(OUT entries bigint, OUT audit bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7308895158390480242);
    SELECT coalesce(max(e.sequence), 0) INTO entries FROM entries e;
    SELECT coalesce(max(a.sequence), 0) INTO audit FROM audit_events a;
END
$$;

-- Puts a decision on record. The commitment is that of `vostro_bank::audit_commitment`; the detail comes
-- as its canonical text.
CREATE FUNCTION record_decision(
    the_kind text, context command_context, the_customer text, the_salt bytea, the_detail text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    customer_bytes bytea := convert_to(the_customer, 'UTF8');
    placed         bigint;
BEGIN
    INSERT INTO audit_events (kind, at, session_id, turn_id, commitment)
    VALUES (
        the_kind, context.at, context.session_id, context.turn_id,
        sha256('vostro.audit.v1'::bytea
            || int8send(length(the_salt)) || the_salt
            || int8send(length(customer_bytes)) || customer_bytes
            || convert_to(the_detail, 'UTF8'))
    )
    RETURNING sequence INTO placed;
    INSERT INTO audit_details (sequence, customer_id, salt, detail)
    VALUES (placed, the_customer, the_salt, the_detail::json);
END
$$;

CREATE FUNCTION publish(the_topic text, the_payload text, at bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO outbox (topic, payload, created_at, due_at) VALUES (the_topic, the_payload::json, at, at)
$$;

-- The end of an account number behind an ellipsis, as `vostro_types::mask_number` shows it.
CREATE FUNCTION masked(number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(number) > 4 THEN '…' || right(number, 4) ELSE number END
$$;

-- What a sum of amounts is once it is held within 64 bits, as saturating arithmetic does.
CREATE FUNCTION saturated(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT greatest(least(amount, 9223372036854775807), -9223372036854775808)
$$;

-- Which account an intent's target means and what both sides read about it. Leaves destination_pk NULL when
-- the customer has no such account, payee or biller, or when the payee's number or the biller's
-- reference is no longer the one that was confirmed.
CREATE FUNCTION resolve(it standing, intent money_intent, source accounts) RETURNS standing
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_name text;
BEGIN
    it.category := 'transfers';
    IF intent.target = 'own' THEN
        SELECT a.pk, a.customer_pk, a.name INTO it.destination_pk, it.destination_customer_pk, found_name
        FROM accounts a WHERE a.id = intent.target_id AND a.customer_pk = it.customer_pk;
        it.kind := 'own_transfer';
        it.source_reads := 'Transfer to ' || found_name;
        it.destination_reads := 'Transfer from ' || source.name;
        RETURN it;
    END IF;
    IF intent.target = 'biller' THEN
        SELECT b.pk, b.account_pk, b.name, b.category
        INTO it.biller_pk, it.destination_pk, it.merchant, it.category
        FROM customer_billers cb
        JOIN billers b ON b.pk = cb.biller_pk
        WHERE cb.customer_pk = it.customer_pk AND b.id = intent.target_id
            AND cb.reference = intent.target_number;
        it.kind := 'bill_payment';
        it.source_reads := 'Bill payment to ' || it.merchant;
        it.destination_reads := it.source_reads;
        RETURN it;
    END IF;
    it.kind := 'payee_transfer';
    IF intent.target = 'payee' THEN
        SELECT p.name INTO found_name
        FROM payees p
        WHERE p.customer_pk = it.customer_pk AND p.id = intent.target_id AND p.removed_at IS NULL
            AND p.number = intent.target_number;
        IF NOT FOUND THEN
            RETURN it;
        END IF;
    ELSE
        found_name := 'account ' || masked(intent.target_number);
    END IF;
    -- To an account at this bank if there is one of that number, else out through the clearing account.
    SELECT a.pk, a.customer_pk INTO it.destination_pk, it.destination_customer_pk
    FROM accounts a WHERE a.number = intent.target_number;
    IF NOT FOUND THEN
        SELECT a.pk INTO it.destination_pk
        FROM accounts a
        WHERE a.customer_pk IS NULL AND a.kind = 'clearing' AND a.currency = source.currency
        ORDER BY a.pk LIMIT 1;
    END IF;
    it.source_reads := 'Transfer to ' || found_name;
    it.destination_reads := 'Transfer from account ' || masked(source.number);
    RETURN it;
END
$$;

-- What an intent stands on, and whether it may be posted. For a posting it takes its locks in this
-- order: the customer (whose daily limit it uses), then the customers' accounts by pk. The bank's own
-- accounts are never locked.
CREATE FUNCTION stand(intent money_intent, rules money_rules, for_posting boolean) RETURNS standing
LANGUAGE plpgsql AS $$
DECLARE
    it          standing;
    source      accounts;
    destination accounts;
    one         accounts;
    spent       numeric;
    available   numeric;
BEGIN
    IF intent.amount_minor <= 0 THEN
        it.decline := 'amount_not_positive';
        RETURN it;
    END IF;
    SELECT c.pk INTO it.customer_pk FROM customers c WHERE c.id = intent.customer;
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
        SELECT coalesce(sum(t.amount_minor), 0) INTO spent
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

-- A decline as the audit trail keeps it: canonical JSON of `vostro_ledger::Decline`.
CREATE FUNCTION decline_text(it standing, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{'
        || CASE WHEN it.decline = 'insufficient_funds' THEN
            format('"available":{"currency":"%s","minor":%s},', currency, it.available_minor) ELSE '' END
        || CASE WHEN it.decline = 'over_daily_limit' THEN
            format('"left":{"currency":"%s","minor":%s},', currency, it.left_minor) ELSE '' END
        || CASE WHEN it.decline IN ('over_daily_limit', 'over_transfer_limit') THEN
            format('"limit":{"currency":"%s","minor":%s},', currency, it.limit_minor) ELSE '' END
        || format('"reason":"%s"', it.decline)
        || CASE WHEN it.decline = 'source_not_open' THEN
            format(',"status":"%s"', it.decline_status) ELSE '' END
        || '}'
$$;
