SELECT t.pk, t.id, t.kind, t.status, c.id, s.id, d.id, t.currency, t.amount_minor, t.posted_minor,
       t.created_at, t.settles_at, t.resolved_at, o.id, r.id, t.customer_pk
FROM transfers t
JOIN accounts s ON s.pk = t.source_pk
JOIN accounts d ON d.pk = t.destination_pk
LEFT JOIN customers c ON c.pk = t.customer_pk
LEFT JOIN transfers o ON o.pk = t.reverses_pk
LEFT JOIN transfers r ON r.reverses_pk = t.pk
WHERE t.id = ?1
