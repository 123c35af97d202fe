SELECT t.id
FROM transfers t
LEFT JOIN holds h ON h.transfer_pk = t.pk AND h.status = 'held'
WHERE t.status = 'pending' AND h.amount_minor IS NOT t.amount_minor
UNION ALL
SELECT t.id
FROM holds h
JOIN transfers t ON t.pk = h.transfer_pk
WHERE h.status = 'held' AND t.status <> 'pending'
ORDER BY 1
