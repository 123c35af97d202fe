SELECT a.pk, a.currency
FROM accounts a
JOIN customers c ON c.pk = a.customer_pk
WHERE a.id = ?1 AND c.id = ?2
