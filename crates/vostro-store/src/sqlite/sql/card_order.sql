INSERT INTO cards (id, customer_pk, account_pk, kind, name, last_four, status, limit_minor, arrives_on, replaces_pk)
SELECT ?2, c.customer_pk, c.account_pk, c.kind, c.name, ?3, 'ordered', c.limit_minor, ?4, c.pk
FROM cards c
WHERE c.pk = ?1
ON CONFLICT (replaces_pk) DO NOTHING
