SELECT version, id, at, commands, evidence, state_hash
FROM turns
WHERE session_id = ?1 AND version > ?2
ORDER BY version
LIMIT ?3
