INSERT INTO confirmations (id, customer_pk, intent, intent_hash, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
