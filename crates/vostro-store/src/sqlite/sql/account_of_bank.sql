SELECT a.pk, a.id, a.customer_pk, NULL, a.kind, a.name, a.number, a.currency, a.status,
       a.balance_minor, a.held_minor, a.floor_minor
FROM accounts a
WHERE a.customer_pk IS NULL AND a.kind = ?1 AND a.currency = ?2
ORDER BY a.pk
LIMIT 1
