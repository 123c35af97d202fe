DELETE FROM outbox_deliveries
WHERE (sequence, endpoint) IN (
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'delivered' AND resolved_at < $1::bigint
    UNION ALL
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'dead' AND resolved_at < $2::bigint
    UNION ALL
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'pending' AND published_at < $2::bigint
    LIMIT $3::bigint
)
