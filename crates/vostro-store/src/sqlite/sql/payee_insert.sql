INSERT INTO payees (id, customer_pk, name, aliases, number, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
