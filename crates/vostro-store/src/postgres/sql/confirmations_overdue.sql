SELECT count(*)
FROM (
    SELECT 1 FROM confirmations WHERE status = 'open' AND expires_at <= $1::bigint LIMIT $2::bigint
) overdue
