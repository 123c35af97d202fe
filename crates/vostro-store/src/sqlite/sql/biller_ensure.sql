INSERT INTO billers (id, name, aliases, category, account_pk)
SELECT ?1, ?2, ?3, ?4, a.pk FROM accounts a WHERE a.id = ?5
ON CONFLICT (id) DO NOTHING
