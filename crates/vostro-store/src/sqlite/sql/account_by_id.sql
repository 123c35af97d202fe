SELECT a.pk, a.id, a.customer_pk, c.id, a.kind, a.name, a.number, a.currency, a.status,
       a.balance_minor, a.held_minor, a.floor_minor
FROM accounts a
LEFT JOIN customers c ON c.pk = a.customer_pk
WHERE a.id = ?1
