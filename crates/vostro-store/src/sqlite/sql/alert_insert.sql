INSERT INTO alerts (id, customer_pk, account_pk, below_minor, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (account_pk, below_minor) WHERE removed_at IS NULL DO NOTHING
