SELECT e.sequence, t.id, a.id, e.posted_at, e.amount_minor, a.currency, e.description, e.merchant,
       e.category, e.balance_after_minor
FROM entries e INDEXED BY entries_by_account
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
WHERE e.account_pk = ?1 AND e.sequence BETWEEN ?2 AND ?3
ORDER BY e.sequence
LIMIT ?4
