INSERT INTO transfers
    (id, idempotency_key, kind, status, customer_pk, source_pk, destination_pk, currency,
     amount_minor, created_at, settles_at, expires_at)
VALUES (?1, ?2, ?3, 'pending', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
RETURNING pk
