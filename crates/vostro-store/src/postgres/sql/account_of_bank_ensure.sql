INSERT INTO accounts (id, kind, name, currency, rolled_up_to, opened_at)
VALUES ($1::text, $2::text, $3::text, $4::text, 0, $5::bigint)
ON CONFLICT (id) DO NOTHING
