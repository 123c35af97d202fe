SELECT customer_id, version, state::text AS state, opened_at, last_seen_at
FROM sessions
WHERE id = $1::text
