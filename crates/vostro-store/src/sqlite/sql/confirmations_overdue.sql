SELECT f.pk, f.id, c.id, f.intent
FROM confirmations f
JOIN customers c ON c.pk = f.customer_pk
WHERE f.status = 'open' AND f.expires_at <= ?1
ORDER BY f.expires_at, f.pk
LIMIT ?2
