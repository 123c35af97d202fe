INSERT INTO policy_changes (id, kind, content, requested_by, reason, requested_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO NOTHING
