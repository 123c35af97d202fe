UPDATE outbox_deliveries
SET attempts = attempts - 1, due_at = ?4
WHERE endpoint = ?1 AND sequence = ?2 AND attempts = ?3 AND attempts > 0 AND status = 'pending'
