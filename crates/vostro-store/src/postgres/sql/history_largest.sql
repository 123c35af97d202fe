-- One page of the largest amounts. Movements between own accounts count as they do in sums (spending.sql).
SELECT e.sequence, t.id AS transfer_id, a.id AS account_id, e.posted_at, e.amount_minor, a.currency,
       e.description, e.merchant, e.category, e.balance_after_minor
FROM entries e
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
WHERE e.customer_pk = (SELECT pk FROM customers WHERE id = $1::text)
    AND e.posted_at >= $2::bigint
    AND e.posted_at < $3::bigint
    AND t.kind <> 'opening'
    AND (t.kind <> 'own_transfer' OR $5::text = 'transfers')
    AND ($4::text IS NULL OR e.description ILIKE $4 OR e.merchant ILIKE $4)
    AND ($5::text IS NULL OR e.category = $5)
    AND ($6::bigint IS NULL OR ($6 > 0) = (e.amount_minor > 0))
    AND abs(e.amount_minor) BETWEEN $7::bigint AND $8::bigint
    AND ($9::text IS NULL OR a.id = $9)
ORDER BY abs(e.amount_minor) DESC, e.sequence DESC
LIMIT $10::bigint
