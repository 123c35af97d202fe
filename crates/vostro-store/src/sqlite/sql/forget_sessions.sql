UPDATE sessions SET state = '{}'
WHERE id IN (SELECT o.id FROM sessions o WHERE o.last_seen_at < ?1 AND o.state <> '{}' LIMIT ?2)
