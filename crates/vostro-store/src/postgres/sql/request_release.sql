DELETE FROM idempotent_requests
WHERE customer_id = $1::text AND operation = $2::text AND key_hash = $3::bytea AND attempts = $4::integer
    AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.id = turn_id)
