SELECT id, stopped, requested_by, reason, requested_at, expires_at, status FROM switch_requests
WHERE status = 'open' AND expires_at > ?1
ORDER BY pk
