SELECT t.id, a.currency, sum(e.amount_minor), count(*)
FROM entries e
JOIN transfers t ON t.pk = e.transfer_pk
JOIN accounts a ON a.pk = e.account_pk
GROUP BY t.pk, a.currency
HAVING sum(e.amount_minor) <> 0 OR count(*) < 2
ORDER BY t.pk
