SELECT id, kind, content, requested_by, reason, requested_at, expires_at, status, version, decided_by, decided_at FROM policy_changes
WHERE status = 'open' AND expires_at > $1::bigint
ORDER BY pk
