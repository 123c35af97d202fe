SELECT f.secret
FROM second_factors f
JOIN customers c ON c.pk = f.customer_pk
WHERE c.id = $1::text AND f.secret IS NOT NULL
