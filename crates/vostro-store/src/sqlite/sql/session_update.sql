UPDATE sessions
SET version = ?3, state = ?4, last_seen_at = ?5
WHERE id = ?1 AND customer_id = ?2 AND version = ?3 - 1
