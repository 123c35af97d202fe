SELECT sequence, topic, created_at
FROM outbox
WHERE status = 'pending'
ORDER BY sequence
LIMIT ?1
