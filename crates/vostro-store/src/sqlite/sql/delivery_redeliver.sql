UPDATE outbox_deliveries
SET status = 'pending', attempts = 0, due_at = ?3, resolved_at = NULL
WHERE status = 'dead' AND endpoint = ?1 AND sequence = ?2
