SELECT f.pk, f.status, f.intent, f.intent_hash, f.expires_at, f.receipt
FROM confirmations f
JOIN customers c ON c.pk = f.customer_pk
WHERE f.id = ?1 AND c.id = ?2
