SELECT a.id AS account_id, e.amount_minor, e.balance_after_minor, e.posted_at, e.description
FROM entries e
JOIN accounts a ON a.pk = e.account_pk
WHERE e.transfer_pk = $1::bigint
ORDER BY e.sequence
