UPDATE idempotent_requests SET attempts = attempts + 1, lease_ends = ?4
WHERE customer_id = ?1 AND operation = ?2 AND key_hash = ?3
RETURNING attempts
