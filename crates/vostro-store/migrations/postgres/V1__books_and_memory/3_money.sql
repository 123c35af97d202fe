-- The money commands. Each is called as one statement and is one transaction at READ COMMITTED: posting,
-- confirmation, audit rows and outbox row are committed together or not at all. Locks are taken in
-- this order: the shared lock of `enter`, the confirmation, then those of `stand`.

CREATE TYPE money_outcome AS (
    outcome                text,
    decline                text,
    decline_status         text,
    limit_minor            bigint,
    left_minor             bigint,
    available_minor        bigint,
    transfer_id            text,
    posted_at              bigint,
    source_balance_minor   bigint,
    source_available_minor bigint
);

CREATE FUNCTION outcome_of(the_outcome text, it standing) RETURNS money_outcome LANGUAGE sql IMMUTABLE AS $$
    SELECT the_outcome, it.decline, it.decline_status, it.limit_minor, it.left_minor, it.available_minor,
        NULL::text, NULL::bigint, NULL::bigint, NULL::bigint
$$;

CREATE FUNCTION plain_outcome(the_outcome text) RETURNS money_outcome LANGUAGE sql IMMUTABLE AS $$
    SELECT the_outcome, NULL::text, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint,
        NULL::text, NULL::bigint, NULL::bigint, NULL::bigint
$$;

-- What was answered when a confirmation was posted.
CREATE FUNCTION receipt_of(the_outcome text, kept confirmations) RETURNS money_outcome LANGUAGE sql STABLE AS $$
    SELECT the_outcome, NULL::text, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint,
        t.id, kept.resolved_at, kept.source_balance_minor, kept.source_available_minor
    FROM transfers t WHERE t.pk = kept.transfer_pk
$$;

-- Puts the reason into a detail that has "decline":null at its place.
CREATE FUNCTION declined_detail(detail text, it standing, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(detail, '"decline":null', '"decline":' || decline_text(it, currency))
$$;

-- Records a proposal, if it would be authorised as things stand: proposed or declined; taken when
-- the id belongs to another proposal.
CREATE FUNCTION propose(
    intent            money_intent,
    rules             money_rules,
    context           command_context,
    the_id            text,
    the_hash          bytea,
    the_intent_text   text,
    the_expiry        bigint,
    the_detail        text,
    the_decline_detail text,
    salt              bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    it standing;
BEGIN
    PERFORM enter();
    IF EXISTS (
        SELECT 1 FROM confirmations f JOIN customers c ON c.pk = f.customer_pk
        WHERE f.id = the_id AND c.id = intent.customer AND f.status = 'open' AND f.intent_hash = the_hash
    ) THEN
        RETURN plain_outcome('proposed');
    END IF;
    it := stand(intent, rules, false);
    IF it.decline IS NOT NULL THEN
        PERFORM record_decision('declined', context, intent.customer, salt,
            declined_detail(the_decline_detail, it, intent.currency));
        RETURN outcome_of('declined', it);
    END IF;
    INSERT INTO confirmations (id, customer_pk, intent, intent_hash, detail, created_at, expires_at)
    VALUES (the_id, it.customer_pk, the_intent_text::json, the_hash, the_detail, context.at, the_expiry)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        -- The same proposal at the same time, or another one under this id.
        IF EXISTS (
            SELECT 1 FROM confirmations f
            WHERE f.id = the_id AND f.customer_pk = it.customer_pk AND f.status = 'open'
                AND f.intent_hash = the_hash
        ) THEN
            RETURN plain_outcome('proposed');
        END IF;
        RETURN plain_outcome('taken');
    END IF;
    PERFORM record_decision('proposed', context, intent.customer, salt, the_detail);
    RETURN plain_outcome('proposed');
END
$$;

-- Counts a posted payment against the customer's open bills of the biller, the oldest first. What is paid
-- beyond them stays with the biller.
CREATE FUNCTION settle_bills(it standing, intent money_intent, the_transfer bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    bill record;
    rest bigint := intent.amount_minor;
    part bigint;
BEGIN
    FOR bill IN
        SELECT b.pk, b.amount_minor - b.paid_minor AS due
        FROM bills b
        WHERE b.customer_pk = it.customer_pk AND b.biller_pk = it.biller_pk
            AND b.currency = intent.currency AND b.paid_minor < b.amount_minor
        ORDER BY b.due_on, b.pk
        FOR NO KEY UPDATE
    LOOP
        EXIT WHEN rest <= 0;
        part := least(rest, bill.due);
        UPDATE bills b SET paid_minor = b.paid_minor + part WHERE b.pk = bill.pk;
        INSERT INTO bill_payments (bill_pk, transfer_pk, amount_minor) VALUES (bill.pk, the_transfer, part);
        rest := rest - part;
    END LOOP;
END
$$;

-- Adds to a customer's balance and gives the new one; NULL for the bank's own accounts, which are left alone.
CREATE FUNCTION add_to_balance(account bigint, owner bigint, amount bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    balance bigint;
BEGIN
    IF owner IS NOT NULL THEN
        UPDATE accounts a SET balance_minor = a.balance_minor + amount WHERE a.pk = account
        RETURNING a.balance_minor INTO STRICT balance;
    END IF;
    RETURN balance;
END
$$;

-- Writes the transfer, its two entries and the customers' balances; gives the transfer's pk and the
-- source's new balance.
CREATE FUNCTION post(
    it standing, intent money_intent, at bigint, the_transfer text, the_key text,
    OUT posted_pk bigint, OUT source_balance bigint
) LANGUAGE plpgsql AS $$
DECLARE
    destination_balance bigint;
BEGIN
    INSERT INTO transfers
        (id, idempotency_key, kind, status, customer_pk, source_pk, destination_pk, currency,
         amount_minor, created_at, resolved_at)
    VALUES (the_transfer, the_key, it.kind, 'posted', it.customer_pk, it.source_pk, it.destination_pk,
        intent.currency, intent.amount_minor, at, at)
    RETURNING pk INTO posted_pk;
    source_balance := add_to_balance(it.source_pk, it.customer_pk, -intent.amount_minor);
    destination_balance :=
        add_to_balance(it.destination_pk, it.destination_customer_pk, intent.amount_minor);
    INSERT INTO entries
        (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category,
         description, merchant)
    VALUES
        (posted_pk, it.source_pk, it.customer_pk, -intent.amount_minor, source_balance, at,
         it.category, it.source_reads, it.merchant),
        (posted_pk, it.destination_pk, it.destination_customer_pk, intent.amount_minor,
         destination_balance, at, it.category, it.destination_reads, it.merchant);
    IF it.biller_pk IS NOT NULL THEN
        PERFORM settle_bills(it, intent, posted_pk);
    END IF;
END
$$;

-- Consumes a confirmation: posts it, or spends it as declined or expired.
CREATE FUNCTION confirm_and_post(
    intent             money_intent,
    rules              money_rules,
    context            command_context,
    the_id             text,
    the_hash           bytea,
    the_transfer       text,
    the_key            text,
    the_detail         text,
    the_decline_detail text,
    the_posted_detail  text,
    the_payload        text,
    salts              bytea[]
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept   confirmations;
    it     standing;
    posted record;
BEGIN
    PERFORM enter();
    SELECT f.* INTO kept
    FROM confirmations f
    WHERE f.id = the_id AND f.customer_pk = (SELECT c.pk FROM customers c WHERE c.id = intent.customer)
    FOR NO KEY UPDATE;
    IF NOT FOUND OR kept.intent_hash <> the_hash THEN
        RETURN plain_outcome('not_open');
    END IF;
    IF kept.status = 'posted' THEN
        RETURN receipt_of('replayed', kept);
    ELSIF kept.status = 'expired' THEN
        RETURN plain_outcome('expired');
    ELSIF kept.status <> 'open' THEN
        RETURN plain_outcome('not_open');
    END IF;
    IF context.at >= kept.expires_at THEN
        UPDATE confirmations f SET status = 'expired', resolved_at = context.at WHERE f.pk = kept.pk;
        PERFORM record_decision('expired', context, intent.customer, salts[1], the_detail);
        RETURN plain_outcome('expired');
    END IF;
    PERFORM record_decision('confirmed', context, intent.customer, salts[1], the_detail);
    it := stand(intent, rules, true);
    IF it.decline IS NOT NULL THEN
        UPDATE confirmations f SET status = 'declined', resolved_at = context.at WHERE f.pk = kept.pk;
        PERFORM record_decision('declined', context, intent.customer, salts[2],
            declined_detail(the_decline_detail, it, intent.currency));
        RETURN outcome_of('declined', it);
    END IF;
    posted := post(it, intent, context.at, the_transfer, the_key);
    UPDATE confirmations f
    SET status = 'posted', resolved_at = context.at, transfer_pk = posted.posted_pk,
        source_balance_minor = posted.source_balance,
        source_available_minor = saturated(it.available_minor::numeric - intent.amount_minor)
    WHERE f.pk = kept.pk
    RETURNING f.* INTO kept;
    PERFORM record_decision('posted', context, intent.customer, salts[2], the_posted_detail);
    PERFORM publish('transfer.posted', the_payload, context.at);
    RETURN receipt_of('posted', kept);
END
$$;

-- Gives up an open proposal.
CREATE FUNCTION cancel(the_customer text, the_id text, context command_context, salt bytea)
RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept confirmations;
BEGIN
    PERFORM enter();
    SELECT f.* INTO kept
    FROM confirmations f
    WHERE f.id = the_id AND f.customer_pk = (SELECT c.pk FROM customers c WHERE c.id = the_customer)
    FOR NO KEY UPDATE;
    IF kept.status = 'posted' THEN
        RETURN receipt_of('already_posted', kept);
    ELSIF kept.status = 'open' THEN
        UPDATE confirmations f SET status = 'cancelled', resolved_at = context.at WHERE f.pk = kept.pk;
        PERFORM record_decision('cancelled', context, the_customer, salt, kept.detail);
        RETURN plain_outcome('cancelled');
    END IF;
    RETURN plain_outcome('not_open');
END
$$;

-- Ends proposals whose time is over, as many as there are salts; gives how many. One that is being
-- confirmed at this moment is left to whoever confirms it.
CREATE FUNCTION expire_proposals(due_by bigint, context command_context, salts bytea[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    overdue record;
    ended   bigint := 0;
BEGIN
    PERFORM enter();
    FOR overdue IN
        SELECT f.pk, f.detail, c.id AS customer
        FROM confirmations f
        JOIN customers c ON c.pk = f.customer_pk
        WHERE f.status = 'open' AND f.expires_at <= due_by
        ORDER BY f.expires_at, f.pk
        LIMIT cardinality(salts)
        FOR NO KEY UPDATE OF f SKIP LOCKED
    LOOP
        ended := ended + 1;
        UPDATE confirmations f SET status = 'expired', resolved_at = context.at WHERE f.pk = overdue.pk;
        PERFORM record_decision('expired', context, overdue.customer, salts[ended], overdue.detail);
    END LOOP;
    RETURN ended;
END
$$;
