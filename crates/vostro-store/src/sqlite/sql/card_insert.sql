INSERT INTO cards (id, customer_pk, account_pk, kind, name, last_four, limit_minor)
SELECT ?1, a.customer_pk, a.pk, ?3, ?4, ?5, ?6 FROM accounts a WHERE a.id = ?2
