SELECT a.id, a.held_minor, coalesce(sum(h.amount_minor), 0)
FROM accounts a
LEFT JOIN holds h ON h.account_pk = a.pk AND h.status = 'held'
GROUP BY a.pk
HAVING a.held_minor <> coalesce(sum(h.amount_minor), 0)
ORDER BY a.pk
