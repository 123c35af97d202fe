UPDATE outbox
SET status = 'delivered', resolved_at = $2::bigint
WHERE sequence = ANY ($1::bigint[]) AND status = 'pending'
