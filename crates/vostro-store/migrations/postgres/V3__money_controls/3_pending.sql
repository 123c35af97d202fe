-- Transfers in two phases. Locks: the shared lock of `enter`, the confirmation or the transfer, the customer,
-- the customers' accounts by pk, the hold, bills.

-- When a confirmed transfer is to be posted, and the id of its hold; all NULL for at once.
CREATE TYPE settling AS (
    settles_at bigint,
    expires_at bigint,
    hold_id    text
);

-- Writes a pending transfer with its hold and its placement.
CREATE FUNCTION place(
    the_confirmation bigint, it standing, intent money_intent, at bigint, the_transfer text, the_key text,
    terms settling, the_detail text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    placed_pk bigint;
    the_hold  bigint;
BEGIN
    INSERT INTO transfers
        (id, idempotency_key, kind, status, customer_pk, source_pk, destination_pk, currency,
         amount_minor, created_at, settles_at, expires_at)
    VALUES (the_transfer, the_key, it.kind, 'pending', it.customer_pk, it.source_pk, it.destination_pk,
        intent.currency, intent.amount_minor, at, terms.settles_at, terms.expires_at)
    RETURNING pk INTO placed_pk;
    INSERT INTO holds (id, account_pk, transfer_pk, amount_minor, reason, created_at, expires_at)
    VALUES (terms.hold_id, it.source_pk, placed_pk, intent.amount_minor, it.source_reads, at, terms.expires_at)
    RETURNING pk INTO the_hold;
    UPDATE accounts a SET held_minor = a.held_minor + intent.amount_minor WHERE a.pk = it.source_pk;
    INSERT INTO placements
        (transfer_pk, confirmation_pk, hold_pk, biller_pk, category, merchant, source_reads,
         destination_reads, detail)
    VALUES (placed_pk, the_confirmation, the_hold, it.biller_pk, it.category, it.merchant, it.source_reads,
        it.destination_reads, the_detail);
    RETURN placed_pk;
END
$$;

DROP FUNCTION confirm_and_post(money_intent, money_rules, command_context, text, bytea, text, text, text,
    text, text, text, bytea[]);

-- Consumes a confirmation: posts it, places it where `terms` say when it settles, or spends it as declined
-- or expired.
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
    the_done_detail    text,
    the_payload        text,
    salts              bytea[],
    terms              settling,
    the_plain_detail   text
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept   confirmations;
    it     standing;
    posted record;
    placed bigint;
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
    ELSIF kept.status = 'placed' THEN
        RETURN plain_outcome('was_placed');
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
    IF terms.settles_at IS NOT NULL THEN
        placed := place(kept.pk, it, intent, context.at, the_transfer, the_key, terms, the_plain_detail);
        UPDATE confirmations f SET status = 'placed', resolved_at = context.at, transfer_pk = placed
        WHERE f.pk = kept.pk;
        PERFORM record_decision('placed', context, intent.customer, salts[2], the_done_detail);
        PERFORM publish('transfer.pending', the_payload, context.at);
        RETURN plain_outcome('placed');
    END IF;
    posted := post(it, intent, context.at, the_transfer, the_key);
    UPDATE confirmations f
    SET status = 'posted', resolved_at = context.at, transfer_pk = posted.posted_pk,
        source_balance_minor = posted.source_balance,
        source_available_minor = saturated(it.available_minor::numeric - intent.amount_minor)
    WHERE f.pk = kept.pk
    RETURNING f.* INTO kept;
    PERFORM record_decision('posted', context, intent.customer, salts[2], the_done_detail);
    PERFORM publish('transfer.posted', the_payload, context.at);
    RETURN receipt_of('posted', kept);
END
$$;

-- The transfer of this id, locked, if it was placed and is within reach of the order.
CREATE FUNCTION lock_placed(the_transfer text, only_of text) RETURNS transfers LANGUAGE sql AS $$
    SELECT t.*
    FROM transfers t
    WHERE t.id = the_transfer
        AND EXISTS (SELECT 1 FROM placements p WHERE p.transfer_pk = t.pk)
        AND (only_of IS NULL OR t.customer_pk = (SELECT c.pk FROM customers c WHERE c.id = only_of))
    FOR NO KEY UPDATE OF t
$$;

-- Frees the funds of a pending transfer and resolves it.
CREATE FUNCTION resolve_placed(
    kept transfers, the_hold bigint, transfer_status text, hold_status text, posted bigint, at bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE holds h SET status = hold_status, resolved_at = at WHERE h.pk = the_hold;
    UPDATE accounts a SET held_minor = a.held_minor - kept.amount_minor WHERE a.pk = kept.source_pk;
    UPDATE transfers t
    SET status = transfer_status, resolved_at = at, posted_minor = nullif(posted, t.amount_minor)
    WHERE t.pk = kept.pk;
END
$$;

-- Posts a pending transfer, all of it or less: posted, declined, not_pending.
CREATE FUNCTION post_pending(
    the_transfer text, only_of text, asked_minor bigint, asked_code text, by_configuration boolean,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept    transfers;
    p       placements;
    sides    record;
    it      standing;
    intent  money_intent;
    owner   text;
    balance bigint;
BEGIN
    PERFORM enter();
    SELECT t.* INTO kept FROM lock_placed(the_transfer, only_of) t;
    it.decline_status := kept.status;
    IF kept.pk IS NULL OR kept.status <> 'pending' THEN
        RETURN outcome_of('not_pending', it);
    END IF;
    SELECT q.* INTO p FROM placements q WHERE q.transfer_pk = kept.pk;
    SELECT c.id INTO owner FROM customers c WHERE c.pk = kept.customer_pk;
    SELECT * INTO sides FROM lock_accounts(kept.source_pk, kept.destination_pk);
    intent.amount_minor := coalesce(asked_minor, kept.amount_minor);
    intent.currency := coalesce(asked_code, kept.currency);
    it := capture_standing(intent.amount_minor, intent.currency, kept.amount_minor, kept.currency,
        sides.source, sides.destination, money_is_stopped(by_configuration));
    IF it.decline IS NOT NULL THEN
        PERFORM note('declined', NULL, context, now_reads, owner, salt,
            merged(merged(p.detail, the_order), '{"decline":' || decline_text(it, kept.currency) || '}'));
        RETURN outcome_of('declined', it);
    END IF;
    PERFORM resolve_placed(kept, p.hold_pk, 'posted', 'captured', intent.amount_minor, context.at);
    balance := write_entries(kept.pk, sides.source, sides.destination, intent.amount_minor, context.at,
        p.category, p.merchant, p.source_reads, p.destination_reads);
    IF p.biller_pk IS NOT NULL THEN
        it.biller_pk := p.biller_pk;
        it.customer_pk := kept.customer_pk;
        PERFORM settle_bills(it, intent, kept.pk);
    END IF;
    UPDATE placements q
    SET source_balance_minor = balance,
        source_available_minor = (SELECT available_of(a) FROM accounts a WHERE a.pk = kept.source_pk)
    WHERE q.transfer_pk = kept.pk;
    PERFORM note('posted', 'transfer.posted', context, now_reads, owner, salt,
        merged(merged(p.detail, the_order), format('{"amount_minor":%s}', intent.amount_minor)));
    RETURN plain_outcome('posted');
END
$$;

-- Ends a pending transfer without a posting: ended, not_pending.
CREATE FUNCTION end_pending(
    the_transfer text, only_of text, is_expired boolean, context command_context, now_reads text,
    the_order text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept  transfers;
    p     placements;
    it    standing;
    owner text;
BEGIN
    PERFORM enter();
    SELECT t.* INTO kept FROM lock_placed(the_transfer, only_of) t;
    it.decline_status := kept.status;
    IF kept.pk IS NULL OR kept.status <> 'pending' THEN
        RETURN outcome_of('not_pending', it);
    END IF;
    SELECT q.* INTO p FROM placements q WHERE q.transfer_pk = kept.pk;
    SELECT c.id INTO owner FROM customers c WHERE c.pk = kept.customer_pk;
    PERFORM 1 FROM accounts a WHERE a.pk = kept.source_pk FOR NO KEY UPDATE;
    IF is_expired THEN
        PERFORM resolve_placed(kept, p.hold_pk, 'expired', 'expired', kept.amount_minor, context.at);
        PERFORM note('lapsed', 'transfer.expired', context, now_reads, owner, salt, merged(p.detail, the_order));
    ELSE
        PERFORM resolve_placed(kept, p.hold_pk, 'voided', 'released', kept.amount_minor, context.at);
        PERFORM note('voided', 'transfer.voided', context, now_reads, owner, salt, merged(p.detail, the_order));
    END IF;
    RETURN plain_outcome('ended');
END
$$;

-- Gives up an open proposal. What placed a transfer that was posted since is as good as posted.
CREATE OR REPLACE FUNCTION cancel(the_customer text, the_id text, context command_context, salt bytea)
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
    ELSIF kept.status = 'placed' THEN
        IF EXISTS (SELECT 1 FROM transfers t WHERE t.pk = kept.transfer_pk AND t.status = 'posted') THEN
            RETURN plain_outcome('already_posted');
        END IF;
    ELSIF kept.status = 'open' THEN
        UPDATE confirmations f SET status = 'cancelled', resolved_at = context.at WHERE f.pk = kept.pk;
        PERFORM record_decision('cancelled', context, the_customer, salt, kept.detail);
        RETURN plain_outcome('cancelled');
    END IF;
    RETURN plain_outcome('not_open');
END
$$;
