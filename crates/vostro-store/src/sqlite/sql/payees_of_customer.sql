SELECT id, name, aliases, number
FROM payees
WHERE customer_pk = ?1 AND removed_at IS NULL
ORDER BY pk
