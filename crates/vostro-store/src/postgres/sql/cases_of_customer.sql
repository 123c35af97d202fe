SELECT s.id, t.id AS transfer, s.description, s.amount_minor, s.currency, s.reason, s.status, s.opened_at
FROM cases s
JOIN transfers t ON t.pk = s.transfer_pk
JOIN customers c ON c.pk = s.customer_pk
WHERE c.id = $1::text
ORDER BY s.pk DESC
