SELECT confirmation_id, intent, intent_hash, expires_at, status, receipt
FROM core_transfers
WHERE confirmation_id = ?1 AND customer_id = ?2
