UPDATE outbox o
SET attempts = o.attempts + 1, due_at = $2::bigint
FROM (
    SELECT sequence FROM outbox
    WHERE status = 'pending' AND due_at <= $1::bigint
    ORDER BY sequence
    LIMIT $3::bigint
    FOR UPDATE SKIP LOCKED
) due
WHERE o.sequence = due.sequence
RETURNING o.sequence, o.topic, o.payload::text AS payload, o.attempts
