SELECT s.id, s.version, s.state::text AS state, s.opened_at, s.last_seen_at
FROM sessions s
WHERE s.customer_id = $1::text
ORDER BY s.last_seen_at DESC, s.id
LIMIT $2::bigint
