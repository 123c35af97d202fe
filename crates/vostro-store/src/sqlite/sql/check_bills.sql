SELECT b.pk, b.paid_minor, coalesce(sum(p.amount_minor), 0)
FROM bills b
LEFT JOIN bill_payments p ON p.bill_pk = b.pk
GROUP BY b.pk
HAVING b.paid_minor <> coalesce(sum(p.amount_minor), 0)
ORDER BY b.pk
