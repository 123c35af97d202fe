UPDATE outbox_deliveries
SET status = 'pending', attempts = 0, due_at = $3::bigint, resolved_at = NULL
WHERE status = 'dead'
    AND ($1::text IS NULL OR (endpoint = $1::text AND sequence = $2::bigint))
