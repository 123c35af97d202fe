SELECT s.id, c.id AS customer, s.terms::text AS terms, s.terms_hash, s.status, s.expires_at, s.next_number,
       s.next_due_on::text AS next_due_on
FROM schedules s
JOIN customers c ON c.pk = s.customer_pk
WHERE c.id = $1::text AND s.status = 'active'
ORDER BY s.pk
LIMIT 200
