SELECT c.id, a.id, c.kind, c.name, c.last_four, c.status, c.limit_minor, a.currency, c.arrives_on
FROM cards c
JOIN accounts a ON a.pk = c.account_pk
WHERE c.customer_pk = ?1
ORDER BY c.pk
