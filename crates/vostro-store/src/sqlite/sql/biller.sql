SELECT b.pk, b.name, b.category, cb.reference, a.id
FROM customer_billers cb
JOIN billers b ON b.pk = cb.biller_pk
JOIN accounts a ON a.pk = b.account_pk
WHERE cb.customer_pk = ?1 AND b.id = ?2
