SELECT pk, amount_minor - paid_minor
FROM bills
WHERE customer_pk = ?1 AND biller_pk = ?2 AND currency = ?3 AND paid_minor < amount_minor
ORDER BY due_on, pk
