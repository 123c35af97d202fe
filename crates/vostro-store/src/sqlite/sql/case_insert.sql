INSERT INTO cases (id, customer_pk, transfer_pk, description, amount_minor, currency, reason, opened_at)
SELECT ?1, e.customer_pk, t.pk, e.description, e.amount_minor, t.currency, ?4, ?5
FROM entries e
JOIN transfers t ON t.pk = e.transfer_pk
WHERE t.id = ?3 AND e.customer_pk = ?2
ORDER BY e.amount_minor, e.sequence
LIMIT 1
ON CONFLICT (customer_pk, transfer_pk) WHERE status = 'open' DO NOTHING
