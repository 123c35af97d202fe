UPDATE sessions SET state = ?4, version = version + 1 WHERE id = ?1 AND customer_id = ?2 AND version = ?3
