SELECT body_hash, turn_id, lease_ends, status, detail,
    EXISTS (SELECT 1 FROM turns t WHERE t.id = turn_id) AS is_answered
FROM idempotent_requests
WHERE customer_id = ?1 AND operation = ?2 AND key_hash = ?3
