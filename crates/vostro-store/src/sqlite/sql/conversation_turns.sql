SELECT id, version, at, message_masked, events
FROM turns
WHERE session_id = ?1 AND version > ?3 AND customer_id = ?2
    -- Of a turn whose texts were forgotten nothing is shown.
    AND message_masked <> ''
ORDER BY version
LIMIT ?4
