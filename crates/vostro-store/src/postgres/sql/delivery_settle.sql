UPDATE outbox_deliveries
SET status = $4::text,
    due_at = coalesce($5::bigint, due_at),
    resolved_at = $6::bigint,
    outcome = $7::text,
    http_status = $8::integer
WHERE endpoint = $1::text
    AND sequence = $2::bigint
    AND status <> 'delivered'
    AND ($4::text = 'delivered' OR (status = 'pending' AND attempts = $3::integer))
