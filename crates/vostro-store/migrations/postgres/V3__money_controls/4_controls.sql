-- Holds that no transfer stands behind, accounts' states, reversals, and the switch. Locks: the shared lock of
-- `enter`, the hold or the transfer, the customers' accounts by pk, bills. A hold of a pending transfer is only
-- ever locked behind its transfer.

-- What the audit trail says of a hold.
CREATE FUNCTION hold_detail(the_id text, account text, amount bigint, code text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('{"account":%s,"amount_minor":%s,"currency":"%s","hold":%s}',
        to_json(account), amount, code, coalesce(to_json(the_id)::text, 'null'))
$$;

-- Puts funds aside: held or declined.
CREATE FUNCTION place_hold(
    the_id text, the_account text, amount bigint, code text, the_expiry bigint, the_reason text,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    account accounts;
    it      standing;
    owner   text;
BEGIN
    PERFORM enter();
    SELECT a.* INTO account FROM accounts a
    WHERE a.id = the_account AND a.customer_pk IS NOT NULL FOR NO KEY UPDATE;
    SELECT c.id INTO owner FROM customers c WHERE c.pk = account.customer_pk;
    it := hold_standing(amount, code, account);
    IF it.decline IS NOT NULL THEN
        PERFORM note('hold_declined', NULL, context, now_reads, coalesce(owner, '(bank)'), salt,
            merged(merged(hold_detail(NULL, the_account, amount, code), the_order),
                '{"decline":' || decline_text(it, code) || '}'));
        RETURN outcome_of('declined', it);
    END IF;
    INSERT INTO holds (id, account_pk, amount_minor, reason, created_at, expires_at)
    VALUES (the_id, account.pk, amount, the_reason, context.at, the_expiry);
    UPDATE accounts a SET held_minor = a.held_minor + amount WHERE a.pk = account.pk;
    PERFORM note('hold_placed', NULL, context, now_reads, owner, salt,
        merged(hold_detail(the_id, the_account, amount, code), the_order));
    RETURN plain_outcome('held');
END
$$;

-- Ends a hold; gives whether it was held.
CREATE FUNCTION release_hold(
    the_id text, the_status text, context command_context, now_reads text, the_order text, salt bytea
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    kept    holds;
    account accounts;
    owner   text;
BEGIN
    PERFORM enter();
    SELECT h.* INTO kept FROM holds h
    WHERE h.id = the_id AND h.status = 'held' AND h.transfer_pk IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE holds h SET status = the_status, resolved_at = context.at WHERE h.pk = kept.pk;
    UPDATE accounts a SET held_minor = a.held_minor - kept.amount_minor WHERE a.pk = kept.account_pk
    RETURNING a.* INTO account;
    SELECT c.id INTO owner FROM customers c WHERE c.pk = account.customer_pk;
    PERFORM note('hold_released', NULL, context, now_reads, owner, salt,
        merged(hold_detail(the_id, account.id, kept.amount_minor, account.currency), the_order));
    RETURN true;
END
$$;

-- Pays held funds out to the bank's clearing account: captured, declined or not_held.
CREATE FUNCTION capture_hold(
    the_id text, asked_minor bigint, asked_code text, by_configuration boolean, the_transfer text,
    context command_context, now_reads text, the_order text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept     holds;
    clearing bigint;
    sides     record;
    it       standing;
    owner    text;
    amount   bigint;
    posted   bigint;
    detail   text;
BEGIN
    PERFORM enter();
    SELECT h.* INTO kept FROM holds h
    WHERE h.id = the_id AND h.status = 'held' AND h.transfer_pk IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN plain_outcome('not_held');
    END IF;
    SELECT a.pk INTO STRICT clearing FROM accounts a
    WHERE a.customer_pk IS NULL AND a.kind = 'clearing'
        AND a.currency = (SELECT s.currency FROM accounts s WHERE s.pk = kept.account_pk)
    ORDER BY a.pk LIMIT 1;
    SELECT * INTO sides FROM lock_accounts(kept.account_pk, clearing);
    SELECT c.id INTO owner FROM customers c WHERE c.pk = (sides.source).customer_pk;
    amount := coalesce(asked_minor, kept.amount_minor);
    it := capture_standing(amount, coalesce(asked_code, (sides.source).currency), kept.amount_minor,
        (sides.source).currency, sides.source, sides.destination, money_is_stopped(by_configuration));
    detail := merged(hold_detail(the_id, (sides.source).id, amount,
        coalesce(asked_code, (sides.source).currency)), the_order);
    IF it.decline IS NOT NULL THEN
        PERFORM note('hold_declined', NULL, context, now_reads, owner, salt,
            merged(detail, '{"decline":' || decline_text(it, (sides.source).currency) || '}'));
        RETURN outcome_of('declined', it);
    END IF;
    INSERT INTO transfers
        (id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at,
         resolved_at)
    VALUES (the_transfer, 'hold_capture', 'posted', (sides.source).customer_pk, kept.account_pk, clearing,
        (sides.source).currency, amount, context.at, context.at)
    RETURNING pk INTO posted;
    UPDATE holds h SET status = 'captured', resolved_at = context.at, transfer_pk = posted WHERE h.pk = kept.pk;
    UPDATE accounts a SET held_minor = a.held_minor - kept.amount_minor WHERE a.pk = kept.account_pk;
    PERFORM write_entries(posted, sides.source, sides.destination, amount, context.at, 'other', NULL,
        kept.reason, kept.reason);
    PERFORM note('hold_captured', 'hold.captured', context, now_reads, owner, salt,
        merged(detail, json_build_object('transfer', the_transfer)::text));
    RETURN plain_outcome('captured');
END
$$;

-- Freezes, closes or opens a customer's account; gives whether there is one.
CREATE FUNCTION set_account_status(
    the_account text, the_status text, context command_context, now_reads text, the_order text, salt bytea
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    owner text;
BEGIN
    PERFORM enter();
    UPDATE accounts a SET status = the_status
    WHERE a.id = the_account AND a.customer_pk IS NOT NULL
    RETURNING (SELECT c.id FROM customers c WHERE c.pk = a.customer_pk) INTO owner;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM note('account_status_changed', NULL, context, now_reads, owner, salt,
        merged(format('{"account":%s,"status":"%s"}', to_json(the_account), the_status), the_order));
    RETURN true;
END
$$;

-- Why a transfer is not reversed, NULL when it may be. As `vostro_ledger::authorise_reversal`.
CREATE FUNCTION reversal_refusal(
    kept transfers, source accounts, destination accounts, stopped boolean
) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kept.pk IS NULL THEN 'not_found'
        WHEN stopped THEN 'money_stopped'
        WHEN kept.status <> 'posted' THEN 'not_posted'
        WHEN kept.kind = 'opening' THEN 'not_a_movement'
        WHEN kept.reverses_pk IS NOT NULL THEN 'is_reversal'
        WHEN EXISTS (SELECT 1 FROM transfers r WHERE r.reverses_pk = kept.pk) THEN 'already_reversed'
        WHEN source.status = 'closed' OR destination.status <> 'open' THEN 'account_not_open'
        WHEN destination.customer_pk IS NOT NULL
            AND coalesce(kept.posted_minor, kept.amount_minor) > available_of(destination)
            THEN 'would_overdraw'
        WHEN source.balance_minor::numeric + coalesce(kept.posted_minor, kept.amount_minor)
            > 9223372036854775807 THEN 'amount_too_large'
    END
$$;

-- The same as canonical JSON.
CREATE FUNCTION refusal_text(refusal text, kept transfers, destination accounts) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{'
        || CASE WHEN refusal = 'would_overdraw' THEN format('"available":{"currency":"%s","minor":%s},',
            destination.currency, available_of(destination)) ELSE '' END
        || format('"reason":"%s"', refusal)
        || CASE WHEN refusal = 'not_posted' THEN format(',"status":"%s"', kept.status) ELSE '' END
        || '}'
$$;

-- Takes a transfer back: reversed or refused.
CREATE FUNCTION reverse_transfer(
    the_transfer text, the_reversal text, by_configuration boolean, context command_context,
    now_reads text, the_order text, salt bytea
) RETURNS money_outcome LANGUAGE plpgsql AS $$
DECLARE
    kept     transfers;
    sides     record;
    it       standing;
    owner    text;
    amount   bigint;
    reversal bigint;
    gets     entries;
    gives    entries;
BEGIN
    PERFORM enter();
    SELECT t.* INTO kept FROM transfers t WHERE t.id = the_transfer FOR NO KEY UPDATE;
    SELECT * INTO sides FROM lock_accounts(kept.source_pk, kept.destination_pk);
    SELECT coalesce((SELECT c.id FROM customers c WHERE c.pk = kept.customer_pk), '(bank)') INTO owner;
    it.decline := reversal_refusal(kept, sides.source, sides.destination, money_is_stopped(by_configuration));
    IF it.decline IS NOT NULL THEN
        it.decline_status := kept.status;
        it.available_minor := CASE WHEN it.decline = 'would_overdraw' THEN available_of(sides.destination) END;
        PERFORM note('reversal_refused', NULL, context, now_reads, owner, salt,
            merged(merged(format('{"transfer":%s}', to_json(the_transfer)), the_order),
                '{"refusal":' || refusal_text(it.decline, kept, sides.destination) || '}'));
        RETURN outcome_of('refused', it);
    END IF;
    amount := coalesce(kept.posted_minor, kept.amount_minor);
    SELECT e.* INTO STRICT gets FROM entries e WHERE e.transfer_pk = kept.pk AND e.account_pk = kept.source_pk;
    SELECT e.* INTO STRICT gives FROM entries e
    WHERE e.transfer_pk = kept.pk AND e.account_pk = kept.destination_pk;
    INSERT INTO transfers
        (id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at,
         resolved_at, reverses_pk)
    VALUES (the_reversal, 'reversal', 'posted', kept.customer_pk, kept.destination_pk, kept.source_pk,
        kept.currency, amount, context.at, context.at, kept.pk)
    RETURNING pk INTO reversal;
    PERFORM write_entries(reversal, sides.destination, sides.source, amount, context.at, gets.category,
        gets.merchant, 'Reversal: ' || gives.description, 'Reversal: ' || gets.description);
    UPDATE bills b SET paid_minor = b.paid_minor - p.amount_minor
    FROM bill_payments p WHERE p.transfer_pk = kept.pk AND b.pk = p.bill_pk;
    INSERT INTO bill_reopenings (bill_pk, transfer_pk, amount_minor)
    SELECT p.bill_pk, reversal, p.amount_minor FROM bill_payments p WHERE p.transfer_pk = kept.pk;
    PERFORM note('reversed', 'transfer.reversed', context, now_reads, owner, salt,
        merged(json_build_object('transfer', the_transfer, 'reversal', the_reversal, 'kind', kept.kind,
            'amount_minor', amount, 'currency', kept.currency)::text, the_order));
    RETURN plain_outcome('reversed');
END
$$;

-- Turns the switch. Waits for the commands under way, and holds up the next ones until it is turned.
CREATE FUNCTION switch_money(
    to_stop boolean, the_orderer text, the_reason text, context command_context, now_reads text,
    the_order text, salt bytea
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7308895158390480242);
    UPDATE money_switch m
    SET stopped = to_stop, ordered_by = the_orderer, reason = the_reason, ordered_at = context.at;
    PERFORM note(CASE WHEN to_stop THEN 'money_stopped' ELSE 'money_resumed' END,
        CASE WHEN to_stop THEN 'money.stopped' ELSE 'money.resumed' END,
        context, now_reads, '(bank)', salt, the_order);
END
$$;
