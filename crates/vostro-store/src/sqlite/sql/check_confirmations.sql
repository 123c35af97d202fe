SELECT f.id
FROM confirmations f
LEFT JOIN transfers t ON t.pk = f.transfer_pk
WHERE f.status = 'posted'
    AND (t.pk IS NULL
        OR t.status <> 'posted'
        OR t.customer_pk IS NOT f.customer_pk
        OR t.amount_minor IS NOT f.intent ->> '$.amount.minor'
        OR t.currency IS NOT f.intent ->> '$.amount.currency')
ORDER BY f.pk
