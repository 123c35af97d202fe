SELECT confirmation_id, intent, intent_hash, expires_at, status, receipt
FROM core_transfers
WHERE status = 'sent' AND sent_at < ?1
ORDER BY sent_at, pk
LIMIT ?2
