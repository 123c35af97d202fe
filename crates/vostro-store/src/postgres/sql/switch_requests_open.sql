SELECT id, stopped, requested_by, reason, requested_at, expires_at FROM switch_requests
WHERE status = 'open' AND expires_at > $1::bigint
ORDER BY pk
