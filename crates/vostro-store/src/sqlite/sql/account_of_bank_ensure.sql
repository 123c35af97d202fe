INSERT INTO accounts (id, kind, name, currency, rolled_up_to, opened_at)
VALUES (?1, ?2, ?3, ?4, 0, ?5)
ON CONFLICT (id) DO NOTHING
