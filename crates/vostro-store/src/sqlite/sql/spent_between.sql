-- In two halves of 32 bits, so that no sum of amounts overflows.
SELECT coalesce(sum(coalesce(posted_minor, amount_minor) >> 32), 0),
       coalesce(sum(coalesce(posted_minor, amount_minor) & 4294967295), 0)
FROM transfers
WHERE customer_pk = ?1
    AND kind IN ('payee_transfer', 'bill_payment')
    AND status IN ('pending', 'posted')
    AND currency = ?2
    AND created_at >= ?3
    AND created_at < ?4
