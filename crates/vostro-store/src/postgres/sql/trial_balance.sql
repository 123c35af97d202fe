SELECT checked, deviation
FROM (
    SELECT 1 AS checked, t.pk AS place,
        format('transfer %s: %s entries in %s sum to %s', t.id, count(*), coalesce(a.currency, '?'), sum(e.amount_minor)) AS deviation
    FROM entries e
    JOIN transfers t ON t.pk = e.transfer_pk
    LEFT JOIN accounts a ON a.pk = e.account_pk
    GROUP BY t.pk, t.id, a.currency
    HAVING sum(e.amount_minor) <> 0 OR count(*) < 2
    UNION ALL
    SELECT 2, t.pk, format('transfer %s: entries and status do not agree', t.id)
    FROM transfers t
    WHERE (t.status = 'posted') <> EXISTS (SELECT 1 FROM entries e WHERE e.transfer_pk = t.pk)
    UNION ALL
    SELECT 3, a.pk, format('account %s: balance %s, entries sum to %s', a.id, a.balance_minor, coalesce(sum(e.amount_minor), 0))
    FROM accounts a
    LEFT JOIN entries e
        ON e.account_pk = a.pk AND (a.rolled_up_to IS NULL OR e.sequence <= a.rolled_up_to)
    GROUP BY a.pk
    HAVING a.balance_minor <> coalesce(sum(e.amount_minor), 0)
    UNION ALL
    SELECT 4, r.sequence, format('account %s: entry %s says balance %s, entries so far sum to %s',
        a.id, r.sequence, r.balance_after_minor, r.running_minor)
    FROM (
        SELECT e.account_pk, e.sequence, e.balance_after_minor,
               sum(e.amount_minor) OVER (PARTITION BY e.account_pk ORDER BY e.sequence) AS running_minor
        FROM entries e
        WHERE e.customer_pk IS NOT NULL
    ) r
    JOIN accounts a ON a.pk = r.account_pk
    WHERE r.balance_after_minor <> r.running_minor
    UNION ALL
    SELECT 5, a.pk, format('account %s: held %s, holds sum to %s', a.id, a.held_minor, coalesce(sum(h.amount_minor), 0))
    FROM accounts a
    LEFT JOIN holds h ON h.account_pk = a.pk AND h.status = 'held'
    GROUP BY a.pk
    HAVING a.held_minor <> coalesce(sum(h.amount_minor), 0)
    UNION ALL
    SELECT 6, b.pk, format('bill %s: paid %s, payments sum to %s', b.pk, b.paid_minor, b.paid_by_payments)
    FROM (
        SELECT b.pk, b.paid_minor,
               coalesce((SELECT sum(p.amount_minor) FROM bill_payments p WHERE p.bill_pk = b.pk), 0)
               - coalesce((SELECT sum(r.amount_minor) FROM bill_reopenings r WHERE r.bill_pk = b.pk), 0)
               AS paid_by_payments
        FROM bills b
    ) b
    WHERE b.paid_minor <> b.paid_by_payments
    UNION ALL
    SELECT 7, e.sequence, format('entry %s: its account is unknown or another customer''s', e.sequence)
    FROM entries e
    LEFT JOIN accounts a ON a.pk = e.account_pk
    WHERE a.pk IS NULL OR a.customer_pk IS DISTINCT FROM e.customer_pk
    UNION ALL
    SELECT 8, t.pk, format('transfer %s: its hold and its status do not agree', t.id)
    FROM transfers t
    LEFT JOIN holds h ON h.transfer_pk = t.pk AND h.status = 'held'
    WHERE (t.status = 'pending' AND h.amount_minor IS DISTINCT FROM t.amount_minor)
        OR (t.status <> 'pending' AND h.pk IS NOT NULL)
    UNION ALL
    SELECT 9, r.pk, format('transfer %s: not the opposite of what it reverses', r.id)
    FROM transfers r
    JOIN transfers o ON o.pk = r.reverses_pk
    WHERE o.status <> 'posted' OR r.amount_minor <> coalesce(o.posted_minor, o.amount_minor)
        OR r.currency <> o.currency OR r.source_pk <> o.destination_pk OR r.destination_pk <> o.source_pk
    UNION ALL
    SELECT 10, f.pk, format('confirmation %s: posted, but its transfer is missing or another', f.id)
    FROM confirmations f
    LEFT JOIN transfers t ON t.pk = f.transfer_pk
    WHERE f.status = 'posted'
        AND (t.pk IS NULL
            OR t.status <> 'posted'
            OR t.customer_pk IS DISTINCT FROM f.customer_pk
            OR t.amount_minor::text IS DISTINCT FROM f.intent -> 'amount' ->> 'minor'
            OR t.currency IS DISTINCT FROM f.intent -> 'amount' ->> 'currency')
    UNION ALL
    SELECT 11, t.pk, format('transfer %s: %s, of %s, pays %s of bills', t.id, t.status, t.amount_minor, sum(p.amount_minor))
    FROM bill_payments p
    JOIN transfers t ON t.pk = p.transfer_pk
    GROUP BY t.pk
    HAVING t.status <> 'posted' OR t.kind <> 'bill_payment' OR sum(p.amount_minor) > t.amount_minor
    UNION ALL
    SELECT 12, t.pk, format('transfer %s: posted without an audit row', t.id)
    FROM transfers t
    LEFT JOIN customers c ON c.pk = t.customer_pk
    LEFT JOIN audit_details d ON d.detail ->> 'transfer' = t.id
    WHERE t.status = 'posted'
        AND t.idempotency_key IS NOT NULL
        AND t.resolved_at > coalesce(c.audit_erased_at, t.resolved_at - 1)
        AND d.sequence IS NULL
    UNION ALL
    SELECT 13, t.pk, format('transfer %s: posted without an outbox message', t.id)
    FROM transfers t
    LEFT JOIN outbox o ON o.payload ->> 'transfer' = t.id
    WHERE t.status = 'posted'
        AND t.idempotency_key IS NOT NULL
        AND t.resolved_at > $1::bigint
        AND o.sequence IS NULL
) found
ORDER BY checked, place
