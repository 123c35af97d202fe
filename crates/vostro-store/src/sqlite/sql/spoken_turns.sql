SELECT version, at, message_masked, reply_masked
FROM turns
WHERE session_id = ?1
ORDER BY version DESC
LIMIT ?2
