SELECT t.id, t.amount_minor, sum(p.amount_minor), t.status
FROM bill_payments p
JOIN transfers t ON t.pk = p.transfer_pk
GROUP BY t.pk
HAVING t.status <> 'posted' OR t.kind <> 'bill_payment' OR sum(p.amount_minor) > t.amount_minor
ORDER BY t.pk
