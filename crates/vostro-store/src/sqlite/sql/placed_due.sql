SELECT id
FROM transfers
WHERE status = 'pending' AND settles_at <= ?1 AND expires_at > ?1
ORDER BY settles_at, pk
LIMIT ?2
