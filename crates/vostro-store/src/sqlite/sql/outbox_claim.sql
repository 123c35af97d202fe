UPDATE outbox
SET attempts = attempts + 1, due_at = ?2
WHERE sequence IN (
    SELECT sequence FROM outbox
    WHERE status = 'pending' AND due_at <= ?1
    ORDER BY sequence
    LIMIT ?3
)
RETURNING sequence, topic, payload, attempts
