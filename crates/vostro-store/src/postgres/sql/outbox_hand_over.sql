WITH taken AS (
    SELECT sequence, topic, created_at
    FROM outbox
    WHERE status = 'pending'
    ORDER BY sequence
    LIMIT $4::bigint
    FOR UPDATE SKIP LOCKED
), wanted AS (
    SELECT endpoint, pattern FROM unnest($1::text[], $2::text[]) AS w (endpoint, pattern)
), made AS (
    INSERT INTO outbox_deliveries (endpoint, sequence, due_at, published_at)
    SELECT DISTINCT w.endpoint, t.sequence, t.created_at, t.created_at
    FROM taken t
    JOIN wanted w
        ON w.pattern = '*'
        OR w.pattern = t.topic
        OR (right(w.pattern, 2) = '.*' AND starts_with(t.topic, left(w.pattern, -1)))
    ON CONFLICT DO NOTHING
)
UPDATE outbox o
SET status = 'delivered', resolved_at = $3::bigint
FROM taken t
WHERE o.sequence = t.sequence
