SELECT d.subject_hash, d.method, d.status
FROM factor_demands d
JOIN customers c ON c.pk = d.customer_pk
WHERE d.confirmation_id = $1::text AND c.id = $2::text
