SELECT id, kind, content, requested_by, reason, requested_at, expires_at, status, version, decided_by, decided_at FROM policy_changes
WHERE version IN (SELECT max(version) FROM policy_changes GROUP BY kind)
ORDER BY kind
