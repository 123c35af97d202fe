UPDATE idempotent_requests SET status = $5::integer, detail = $6::text
WHERE customer_id = $1::text AND operation = $2::text AND key_hash = $3::bytea AND attempts = $4::integer
