SELECT bill_pk, paid_minor, paid_by_payments
FROM (
    SELECT b.pk AS bill_pk, b.paid_minor,
           coalesce((SELECT sum(p.amount_minor) FROM bill_payments p WHERE p.bill_pk = b.pk), 0)
           - coalesce((SELECT sum(r.amount_minor) FROM bill_reopenings r WHERE r.bill_pk = b.pk), 0)
           AS paid_by_payments
    FROM bills b
)
WHERE paid_minor <> paid_by_payments
ORDER BY bill_pk
