INSERT INTO core_transfers (confirmation_id, customer_id, intent, intent_hash, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (confirmation_id) DO NOTHING
