DELETE FROM idempotent_requests
WHERE customer_id = ?1 AND operation = ?2 AND key_hash = ?3 AND attempts = ?4
    AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.id = turn_id)
