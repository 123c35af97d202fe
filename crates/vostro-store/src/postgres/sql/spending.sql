SELECT e.category,
       coalesce(sum(-e.amount_minor) FILTER (WHERE e.amount_minor < 0), 0)::bigint AS spent,
       coalesce(sum(e.amount_minor) FILTER (WHERE e.amount_minor > 0), 0)::bigint AS received,
       count(*) AS count
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
    AND a.currency = $10::text
GROUP BY e.category
ORDER BY 2 DESC, 1
