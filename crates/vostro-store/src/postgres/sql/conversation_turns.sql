SELECT id, version, at, message_masked, events::text AS events
FROM turns
WHERE session_id = $1::text AND version > $3::bigint AND customer_id = $2::text
ORDER BY version
LIMIT $4::bigint
