SELECT * FROM placed
WHERE status = 'pending'
    AND ($1::text IS NULL OR customer_pk = (SELECT pk FROM customers WHERE id = $1))
ORDER BY transfer_pk
LIMIT $2::bigint
