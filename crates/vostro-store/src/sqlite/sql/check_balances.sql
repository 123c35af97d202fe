SELECT a.id, a.balance_minor, coalesce(sum(e.amount_minor), 0)
FROM accounts a
LEFT JOIN entries e
    ON e.account_pk = a.pk
    AND (a.rolled_up_to IS NULL OR e.sequence <= a.rolled_up_to)
GROUP BY a.pk
HAVING a.balance_minor <> coalesce(sum(e.amount_minor), 0)
ORDER BY a.pk
