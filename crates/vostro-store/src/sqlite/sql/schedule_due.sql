SELECT s.pk, s.id, c.id, s.terms, s.terms_hash, s.status, s.expires_at, s.next_number, s.next_due_on
FROM schedules s
JOIN customers c ON c.pk = s.customer_pk
WHERE s.status = 'active' AND s.next_at <= ?1
ORDER BY s.next_at, s.pk
LIMIT 1
