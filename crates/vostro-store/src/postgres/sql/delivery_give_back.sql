UPDATE outbox_deliveries
SET attempts = attempts - 1, due_at = $4::bigint
WHERE endpoint = $1::text
    AND sequence = $2::bigint
    AND attempts = $3::integer
    AND attempts > 0
    AND status = 'pending'
