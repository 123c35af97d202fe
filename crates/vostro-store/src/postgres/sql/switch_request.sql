SELECT id, stopped, requested_by, reason, requested_at, expires_at FROM switch_requests WHERE id = $1::text
