UPDATE outbox_deliveries d
SET attempts = d.attempts + 1, due_at = $3::bigint
FROM (
    SELECT endpoint, sequence
    FROM outbox_deliveries
    WHERE status = 'pending' AND endpoint = $1::text AND due_at <= $2::bigint
    ORDER BY due_at, sequence
    LIMIT $4::bigint
    FOR UPDATE SKIP LOCKED
) due, outbox o
WHERE d.endpoint = due.endpoint AND d.sequence = due.sequence AND o.sequence = due.sequence
RETURNING d.sequence, d.attempts, d.published_at, o.topic, o.payload::text AS payload
