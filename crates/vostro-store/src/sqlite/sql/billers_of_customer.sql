SELECT b.id, b.name, b.aliases, cb.reference,
       sum(o.amount_minor - o.paid_minor), min(o.currency), min(o.due_on)
FROM customer_billers cb
JOIN billers b ON b.pk = cb.biller_pk
LEFT JOIN bills o
    ON o.customer_pk = cb.customer_pk
    AND o.biller_pk = cb.biller_pk
    AND o.paid_minor < o.amount_minor
WHERE cb.customer_pk = ?1
GROUP BY b.pk
ORDER BY b.pk
