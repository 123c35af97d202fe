SELECT id
FROM holds
WHERE status = 'held' AND expires_at <= $1::bigint AND transfer_pk IS NULL
ORDER BY expires_at, pk
LIMIT $2::bigint
