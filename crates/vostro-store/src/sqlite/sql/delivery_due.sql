SELECT sequence
FROM outbox_deliveries
WHERE status = 'pending' AND endpoint = ?1 AND due_at <= ?2
ORDER BY due_at, sequence
LIMIT ?3
