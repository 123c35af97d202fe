SELECT confirmation_id, intent::text AS intent, intent_hash, expires_at, status, receipt::text AS receipt
FROM core_transfers
WHERE status = 'sent' AND sent_at < $1::bigint
ORDER BY sent_at, pk
LIMIT $2::bigint
