DELETE FROM outbox_deliveries
WHERE (sequence, endpoint) IN (
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'delivered' AND resolved_at < ?1
    UNION ALL
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'dead' AND resolved_at < ?2
    UNION ALL
    SELECT sequence, endpoint FROM outbox_deliveries WHERE status = 'pending' AND published_at < ?2
    LIMIT ?3
)
