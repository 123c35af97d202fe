SELECT id, stopped, requested_by, reason, requested_at, expires_at, status FROM switch_requests WHERE id = ?1
