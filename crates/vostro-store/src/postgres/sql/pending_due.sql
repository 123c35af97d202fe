SELECT id
FROM transfers
WHERE status = 'pending' AND settles_at <= $1::bigint AND expires_at > $1::bigint
ORDER BY settles_at, pk
LIMIT $2::bigint
