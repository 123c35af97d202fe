INSERT INTO accounts
    (id, customer_pk, kind, name, number, currency, floor_minor, rolled_up_to, position, opened_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN ?2 IS NULL THEN 0 END, ?8, ?9)
RETURNING pk
