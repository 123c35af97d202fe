SELECT c.display_name, c.is_demo,
    coalesce((
        SELECT json_agg(json_build_object(
            'id', a.id, 'kind', a.kind, 'name', a.name, 'number', a.number, 'currency', a.currency,
            'status', a.status, 'balance_minor', a.balance_minor, 'held_minor', a.held_minor,
            'floor_minor', a.floor_minor) ORDER BY a.position, a.pk)
        FROM accounts a WHERE a.customer_pk = c.pk
    ), '[]')::text AS accounts,
    coalesce((
        SELECT json_agg(json_build_object(
            'id', p.id, 'name', p.name, 'aliases', p.aliases, 'number', p.number) ORDER BY p.pk)
        FROM payees p WHERE p.customer_pk = c.pk AND p.removed_at IS NULL
    ), '[]')::text AS payees,
    coalesce((
        SELECT json_agg(json_build_object(
            'id', b.id, 'name', b.name, 'aliases', b.aliases, 'reference', cb.reference,
            'due_minor', due.minor, 'currency', due.currency, 'due_on', due.on_day) ORDER BY b.pk)
        FROM customer_billers cb
        JOIN billers b ON b.pk = cb.biller_pk
        CROSS JOIN LATERAL (
            SELECT sum(o.amount_minor - o.paid_minor) AS minor, min(o.currency) AS currency,
                   min(o.due_on) AS on_day
            FROM bills o
            WHERE o.customer_pk = cb.customer_pk AND o.biller_pk = cb.biller_pk
                AND o.paid_minor < o.amount_minor
        ) due
        WHERE cb.customer_pk = c.pk
    ), '[]')::text AS billers,
    coalesce((
        SELECT json_agg(json_build_object(
            'id', d.id, 'account', a.id, 'kind', d.kind, 'name', d.name, 'last_four', d.last_four,
            'status', d.status,
            'daily_limit', json_build_object('minor', d.limit_minor, 'currency', a.currency),
            'arrives_on', d.arrives_on) ORDER BY d.pk)
        FROM cards d JOIN accounts a ON a.pk = d.account_pk WHERE d.customer_pk = c.pk
    ), '[]')::text AS cards
FROM customers c
WHERE c.id = $1::text AND c.erased_at IS NULL
