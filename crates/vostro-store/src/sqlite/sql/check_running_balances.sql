SELECT a.id, r.sequence, r.balance_after_minor, r.running_minor
FROM (
    SELECT account_pk, sequence, balance_after_minor,
           sum(amount_minor) OVER (PARTITION BY account_pk ORDER BY sequence) AS running_minor
    FROM entries
    WHERE customer_pk IS NOT NULL
) r
JOIN accounts a ON a.pk = r.account_pk
WHERE r.balance_after_minor <> r.running_minor
ORDER BY r.sequence
