UPDATE accounts
SET status = ?2
WHERE id = ?1 AND customer_pk IS NOT NULL
RETURNING (SELECT id FROM customers WHERE pk = accounts.customer_pk)
