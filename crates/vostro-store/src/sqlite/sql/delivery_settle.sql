UPDATE outbox_deliveries
SET status = ?4,
    due_at = coalesce(?5, due_at),
    resolved_at = ?6,
    outcome = ?7,
    http_status = ?8
WHERE endpoint = ?1
    AND sequence = ?2
    AND status <> 'delivered'
    AND (?4 = 'delivered' OR (status = 'pending' AND attempts = ?3))
