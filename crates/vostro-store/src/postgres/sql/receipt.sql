SELECT f.intent::text AS intent, t.id AS transfer_id, f.resolved_at AS posted_at, f.source_balance_minor,
       f.source_available_minor
FROM confirmations f
JOIN customers c ON c.pk = f.customer_pk
JOIN transfers t ON t.pk = f.transfer_pk
WHERE f.id = $1::text AND c.id = $2::text
