SELECT l.id, a.id, l.below_minor, a.currency
FROM alerts l
JOIN accounts a ON a.pk = l.account_pk
JOIN customers c ON c.pk = l.customer_pk
WHERE c.id = ?1 AND l.removed_at IS NULL
ORDER BY l.pk
