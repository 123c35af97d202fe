INSERT INTO holds (id, account_pk, transfer_pk, amount_minor, reason, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
RETURNING pk
