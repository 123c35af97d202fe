SELECT s.id, s.opened_at, s.last_seen_at, t.message_masked
FROM sessions AS s
JOIN turns AS t ON t.session_id = s.id AND t.version = 1
WHERE s.customer_id = $1::text
ORDER BY s.last_seen_at DESC
LIMIT $2::bigint
