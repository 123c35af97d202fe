INSERT INTO transfers
    (id, idempotency_key, kind, status, customer_pk, source_pk, destination_pk, currency,
     amount_minor, created_at, resolved_at, reverses_pk)
VALUES (?1, ?2, ?3, 'posted', ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)
