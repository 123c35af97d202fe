INSERT INTO schedules (id, customer_pk, terms, terms_hash, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
