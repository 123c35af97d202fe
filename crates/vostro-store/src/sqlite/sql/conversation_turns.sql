SELECT id, version, at, message_masked, events
FROM turns
WHERE session_id = ?1 AND version > ?3 AND customer_id = ?2
ORDER BY version
LIMIT ?4
