DELETE FROM outbox
WHERE sequence IN (
    SELECT o.sequence
    FROM outbox o
    WHERE o.status = 'delivered'
        AND o.resolved_at < $1::bigint
        AND NOT EXISTS (SELECT 1 FROM outbox_deliveries d WHERE d.sequence = o.sequence)
    LIMIT $2::bigint
    FOR UPDATE SKIP LOCKED
)
