-- Customers of a core banking system have no row in customers: what is theirs is found by their id.
CREATE INDEX core_transfers_of_customer ON core_transfers (customer_id);

CREATE FUNCTION has_traces(the_customer text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM sessions s WHERE s.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM turns t WHERE t.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM hand_offs h WHERE h.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM core_transfers m WHERE m.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM channel_links l WHERE l.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM audit_details d WHERE d.customer_id = the_customer AND d.customer_id <> '(bank)')
$$;

-- Erases what bookkeeping does not need, of a customer of these books or of a core banking system. What waits for an
-- answer and the standing orders end; a transfer that is not final yet, funds set aside, or a movement that was sent to the
-- core and has not ended, keep the customer from being erased.
CREATE OR REPLACE FUNCTION erase_customer(the_customer text, audit decisions, at bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    owner  bigint;
    erased bigint;
BEGIN
    PERFORM enter();
    SELECT c.pk, c.erased_at INTO owner, erased FROM customers c WHERE c.id = the_customer FOR UPDATE;
    IF NOT FOUND AND NOT has_traces(the_customer) THEN
        RETURN 'unknown';
    END IF;
    IF EXISTS (SELECT 1 FROM core_transfers m WHERE m.customer_id = the_customer AND m.status = 'sent')
        OR EXISTS (SELECT 1 FROM transfers t WHERE t.customer_pk = owner AND t.status = 'pending')
        OR EXISTS (SELECT 1 FROM holds h JOIN accounts a ON a.pk = h.account_pk
                   WHERE a.customer_pk = owner AND h.status = 'held') THEN
        RETURN 'unsettled';
    END IF;
    UPDATE confirmations f SET status = 'cancelled', resolved_at = at
    WHERE f.customer_pk = owner AND f.status = 'open';
    UPDATE schedules s SET status = 'cancelled', ended_at = at, next_due_on = NULL, next_at = NULL
    WHERE s.customer_pk = owner AND s.status IN ('proposed', 'active');
    DELETE FROM hand_off_messages m USING hand_offs h
    WHERE h.pk = m.hand_off_pk AND h.customer_id = the_customer;
    DELETE FROM hand_offs h WHERE h.customer_id = the_customer;
    DELETE FROM turns t WHERE t.customer_id = the_customer;
    DELETE FROM sessions s WHERE s.customer_id = the_customer;
    DELETE FROM idempotent_requests r WHERE r.customer_id = the_customer;
    DELETE FROM channel_links l WHERE l.customer_id = the_customer;
    UPDATE core_transfers m SET status = 'cancelled', resolved_at = at
    WHERE m.customer_id = the_customer AND m.status = 'open';
    DELETE FROM contact_details d WHERE d.customer_pk = owner;
    DELETE FROM travel_notices n WHERE n.customer_pk = owner;
    DELETE FROM service_changes s WHERE s.customer_pk = owner;
    DELETE FROM alerts a WHERE a.customer_pk = owner;
    DELETE FROM factor_demands d WHERE d.customer_pk = owner;
    DELETE FROM second_factors f WHERE f.customer_pk = owner;
    UPDATE cases s SET description = 'erased' WHERE s.customer_pk = owner;
    UPDATE payees p SET name = 'erased', aliases = '[]'::json, number = '0000',
        removed_at = coalesce(p.removed_at, at)
    WHERE p.customer_pk = owner;
    UPDATE accounts a SET name = 'erased' WHERE a.customer_pk = owner;
    UPDATE customers c SET display_name = 'erased', erased_at = at, audit_erased_at = at WHERE c.pk = owner;
    -- Whom money went to, by name, stood on the customer's own side.
    UPDATE entries e SET description = 'erased'
    FROM transfers t
    WHERE e.customer_pk = owner AND t.pk = e.transfer_pk
        AND t.kind IN ('payee_transfer', 'own_transfer') AND e.description <> 'erased';
    DELETE FROM audit_details d WHERE d.customer_id = the_customer AND d.customer_id <> '(bank)';
    PERFORM record_decisions(audit, at);
    RETURN 'erased';
END
$$;
