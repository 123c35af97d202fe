UPDATE outbox_deliveries
SET status = 'pending', attempts = 0, due_at = ?1, resolved_at = NULL
WHERE status = 'dead'
