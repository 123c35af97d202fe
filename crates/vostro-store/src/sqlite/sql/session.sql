SELECT id, customer_id, version, state, opened_at, last_seen_at FROM sessions WHERE id = ?1
