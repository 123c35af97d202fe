SELECT id, version, state, opened_at, last_seen_at
FROM sessions
WHERE customer_id = ?1
ORDER BY last_seen_at DESC, id
LIMIT ?2
