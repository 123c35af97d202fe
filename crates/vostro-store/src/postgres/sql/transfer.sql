SELECT t.pk, t.id, t.kind, t.status, c.id AS customer_id, s.id AS source_id, d.id AS destination_id,
       t.currency, t.amount_minor, t.posted_minor, t.created_at, t.settles_at, t.resolved_at,
       o.id AS reverses_id, r.id AS reversed_by_id
FROM transfers t
JOIN accounts s ON s.pk = t.source_pk
JOIN accounts d ON d.pk = t.destination_pk
LEFT JOIN customers c ON c.pk = t.customer_pk
LEFT JOIN transfers o ON o.pk = t.reverses_pk
LEFT JOIN transfers r ON r.reverses_pk = t.pk
WHERE t.id = $1::text
