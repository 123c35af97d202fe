INSERT INTO idempotent_requests
    (customer_id, operation, key_hash, body_hash, turn_id, claimed_at, lease_ends)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT DO NOTHING
