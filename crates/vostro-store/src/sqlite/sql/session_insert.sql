INSERT INTO sessions (id, customer_id, version, state, opened_at, last_seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (id) DO NOTHING
