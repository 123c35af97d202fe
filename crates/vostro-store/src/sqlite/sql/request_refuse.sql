UPDATE idempotent_requests SET status = ?5, detail = ?6
WHERE customer_id = ?1 AND operation = ?2 AND key_hash = ?3 AND attempts = ?4
