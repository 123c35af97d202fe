DELETE FROM idempotent_requests
WHERE (customer_id, operation, key_hash) IN (
    SELECT customer_id, operation, key_hash FROM idempotent_requests
    WHERE claimed_at < $1::bigint ORDER BY claimed_at LIMIT $2::bigint
    FOR UPDATE SKIP LOCKED
)
