SELECT l.id, a.id AS account, l.below_minor, a.currency, c.id AS customer
FROM alerts l
JOIN accounts a ON a.pk = l.account_pk
JOIN customers c ON c.pk = l.customer_pk
WHERE l.removed_at IS NULL AND l.is_armed AND a.balance_minor < l.below_minor
ORDER BY l.pk
LIMIT $1::bigint
