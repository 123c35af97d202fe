SELECT id
FROM transfers
WHERE status = 'pending' AND expires_at <= ?1
ORDER BY expires_at, pk
LIMIT ?2
