SELECT version, id, at, commands::text AS commands, evidence::text AS evidence, state_hash
FROM turns
WHERE session_id = $1::text AND version > $2::bigint
ORDER BY version
LIMIT $3::bigint
