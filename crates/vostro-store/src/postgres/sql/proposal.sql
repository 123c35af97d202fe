SELECT f.intent::text AS intent, f.intent_hash, f.expires_at
FROM confirmations f
JOIN customers c ON c.pk = f.customer_pk
WHERE f.id = $1::text AND c.id = $2::text AND f.status = 'open'
