SELECT coalesce(sum(amount_minor), 0)
FROM transfers
WHERE customer_pk = ?1
    AND kind IN ('payee_transfer', 'bill_payment')
    AND status IN ('pending', 'posted')
    AND currency = ?2
    AND created_at >= ?3
    AND created_at < ?4
