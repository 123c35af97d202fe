UPDATE accounts
SET balance_minor = balance_minor + ?2
WHERE pk = ?1 AND customer_pk IS NOT NULL
RETURNING balance_minor
