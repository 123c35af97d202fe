SELECT s.change::text AS change, s.reference, s.at
FROM service_changes s
JOIN customers c ON c.pk = s.customer_pk
WHERE s.id = $1::text AND c.id = $2::text
