SELECT id, version, at, message_masked, events::text AS events
FROM turns
WHERE session_id = $1::text AND version > $3::bigint AND customer_id = $2::text
    -- Of a turn whose texts were forgotten nothing is shown.
    AND message_masked <> ''
ORDER BY version
LIMIT $4::bigint
