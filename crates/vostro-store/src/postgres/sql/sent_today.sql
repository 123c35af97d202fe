SELECT least(coalesce(sum(coalesce(t.posted_minor, t.amount_minor)), 0), 9223372036854775807)::bigint
FROM transfers t
JOIN customers c ON c.pk = t.customer_pk
WHERE c.id = $1::text
    AND t.kind IN ('payee_transfer', 'bill_payment')
    AND t.status IN ('pending', 'posted')
    AND t.currency = $2::text
    AND t.created_at >= $3::bigint
    AND t.created_at < $4::bigint
