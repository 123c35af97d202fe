UPDATE outbox_deliveries
SET attempts = attempts + 1, due_at = ?3
WHERE endpoint = ?1 AND sequence = ?2
RETURNING attempts, published_at
