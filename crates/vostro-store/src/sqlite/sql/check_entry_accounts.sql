SELECT e.sequence
FROM entries e
LEFT JOIN accounts a ON a.pk = e.account_pk
WHERE a.pk IS NULL OR a.customer_pk IS NOT e.customer_pk
ORDER BY e.sequence
