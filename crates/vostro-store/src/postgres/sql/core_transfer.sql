SELECT confirmation_id, intent::text AS intent, intent_hash, expires_at, status, receipt::text AS receipt
FROM core_transfers
WHERE confirmation_id = $1::text AND customer_id = $2::text
