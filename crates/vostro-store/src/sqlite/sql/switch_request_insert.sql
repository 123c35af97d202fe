INSERT INTO switch_requests (id, stopped, requested_by, reason, requested_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (id) DO NOTHING
