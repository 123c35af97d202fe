UPDATE sessions s SET state = '{}'
WHERE s.id IN (
    SELECT o.id FROM sessions o WHERE o.last_seen_at < $1::bigint AND o.state::text <> '{}' LIMIT $2::bigint
)
