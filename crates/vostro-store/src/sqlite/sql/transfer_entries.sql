SELECT a.id, e.amount_minor, e.balance_after_minor, e.posted_at, e.category, e.description, e.merchant
FROM entries e
JOIN accounts a ON a.pk = e.account_pk
WHERE e.transfer_pk = ?1
ORDER BY e.sequence
